import { logFTail } from "../numeric/special-functions.ts";

/** A statistic of one column, its p-value's logarithm, and how strongly the column and the target go together (0 … 1). */
export interface ColumnTest {
  readonly statistic: number;
  readonly logP: number;
  readonly strength: number;
}

/**
 * One-way analysis of variance: do the means of the values differ between groups? F with k − 1 and n − k degrees of freedom; its strength is
 * the correlation ratio η. NaN for constant values or a single group. O(n). Source: Fisher (1925). Oracle: sklearn.feature_selection.f_classif.
 */
export function fOfGroups(values: Float64Array, groups: Int32Array, count: number): ColumnTest {
  const n = values.length;
  const centre = meanOf(values);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const delta = values[i]! - centre;
    sums[groups[i]!]! += delta;
    sizes[groups[i]!]!++;
    total += delta * delta;
  }
  let between = 0;
  let present = 0;
  for (let g = 0; g < count; g++)
    if (sizes[g]! > 0) {
      between += (sums[g]! * sums[g]!) / sizes[g]!;
      present++;
    }
  let within = 0;
  for (let i = 0; i < n; i++) {
    const delta = values[i]! - centre - sums[groups[i]!]! / sizes[groups[i]!]!;
    within += delta * delta;
  }
  const [d1, d2] = [present - 1, n - present];
  if (d1 < 1 || d2 < 1 || total === 0) return { statistic: Number.NaN, logP: Number.NaN, strength: 0 };
  const statistic = between / d1 / (within / d2);
  return { statistic, logP: logFTail(statistic, d1, d2), strength: Math.sqrt(Math.min(1, between / total)) };
}

/**
 * Pearson's r of two columns and the F of their linear fit with 1 and n − 2 degrees of freedom. A constant gives r = 0, F = 0, p = 1, as
 * scikit-learn's `force_finite`. O(n). Oracle: sklearn.feature_selection.f_regression, r_regression.
 */
export function fOfLine(x: Float64Array, y: Float64Array): ColumnTest & { readonly r: number } {
  const [centreX, centreY] = [meanOf(x), meanOf(y)];
  let [squaresX, squaresY, products] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]! - centreX, y[i]! - centreY];
    squaresX += a * a;
    squaresY += b * b;
    products += a * b;
  }
  if (squaresX === 0 || squaresY === 0 || x.length < 3) return { r: 0, statistic: 0, logP: 0, strength: 0 };
  const r = Math.max(-1, Math.min(1, products / Math.sqrt(squaresX) / Math.sqrt(squaresY)));
  const statistic = ((r * r) / (1 - r * r)) * (x.length - 2);
  return {
    r,
    statistic: Math.min(statistic, Number.MAX_VALUE),
    logP: logFTail(statistic, 1, x.length - 2),
    strength: Math.abs(r),
  };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const rough = sum / values.length;
  let rest = 0; // a second pass takes away what rounding left
  for (let i = 0; i < values.length; i++) rest += values[i]! - rough;
  return rough + rest / values.length;
}
