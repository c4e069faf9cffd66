import { logChiSquareTail } from "../numeric/special-functions.ts";
import type { ColumnTest } from "./f-test.ts";

/**
 * χ² of a column of counts (or shares ≥ 0) against classes: is its sum spread over the classes as the rows are? k − 1 degrees of freedom; NaN
 * for a column of zeros. O(n). Source: Pearson (1900). Oracle: sklearn.feature_selection.chi2.
 */
export function chiSquareOfCounts(values: Float64Array, codes: Int32Array, classes: number): ColumnTest {
  const observed = new Float64Array(classes);
  const rows = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    observed[codes[i]!]! += values[i]!;
    rows[codes[i]!]!++;
    total += values[i]!;
  }
  let statistic = 0;
  for (let c = 0; c < classes; c++) {
    const expected = (total * rows[c]!) / values.length;
    statistic += ((observed[c]! - expected) * (observed[c]! - expected)) / expected;
  }
  return { statistic, logP: logChiSquareTail(statistic, classes - 1), strength: Number.NaN };
}

/**
 * χ² of two categories, and Cramér's V as their strength: levels and classes that are there count. NaN where one of them does not vary.
 * O(n + levels × classes). Source: Cramér (1946), Mathematical Methods of Statistics, §21.9.
 */
export function chiSquareOfTable(a: Int32Array, b: Int32Array): ColumnTest {
  const rows = countsOf(a);
  const columns = countsOf(b);
  const cells = new Float64Array(rows.length * columns.length);
  for (let i = 0; i < a.length; i++) cells[a[i]! * columns.length + b[i]!]!++;
  let statistic = 0;
  for (const [r, inRow] of rows.entries())
    for (const [c, inColumn] of columns.entries()) {
      const expected = (inRow * inColumn) / a.length;
      const off = cells[r * columns.length + c]! - expected;
      if (expected > 0) statistic += (off * off) / expected;
    }
  const [r, c] = [rows.filter((n) => n > 0).length - 1, columns.filter((n) => n > 0).length - 1];
  if (r < 1 || c < 1) return { statistic: Number.NaN, logP: Number.NaN, strength: 0 };
  return {
    statistic,
    logP: logChiSquareTail(statistic, r * c),
    strength: Math.sqrt(Math.min(1, statistic / (a.length * Math.min(r, c)))),
  };
}

function countsOf(codes: Int32Array): Float64Array {
  const counts = new Float64Array(codes.reduce((most, code) => Math.max(most, code), 0) + 1);
  for (const code of codes) counts[code]!++;
  return counts;
}
