import type { ChaidTarget } from "./chaid-grow.ts";
import { weighedEntropy, xlogxTable } from "./weighed-entropy.ts";

/** Labels: a profile holds the weight of each class. Rows of the tree are places in `rows`, as are those of `own`, their weights. */
export function classTarget(y: Float64Array, rows: Int32Array, own: Float64Array, classes: number): ChaidTarget {
  const codes = Int32Array.from(rows, (row) => y[row]!);
  const xlogx = xlogxTable(0);
  const weight = (profile: Float64Array): number => profile.reduce((a, b) => a + b, 0);
  return {
    width: classes,
    add(profiles, at, row) {
      profiles[at + codes[row]!]! += own[row]!;
    },
    weight,
    value: (profile) => profile.map((each) => each / weight(profile)),
    impurity(profile) {
      const isPure = profile.filter((each) => each > 0).length < 2;
      return isPure ? 0 : weighedEntropy(profile, 0, classes, xlogx) / weight(profile);
    },
  };
}

/** Numbers: a profile holds weight, Σ w y and Σ w y², of y about its mean; in units of its largest size where squares would leave the doubles. */
export function numberTarget(y: Float64Array, rows: Int32Array, own: Float64Array): ChaidTarget {
  const largest = rows.reduce((most, row) => Math.max(most, Math.abs(y[row]!)), 0);
  const size = largest > 1e100 || (largest > 0 && largest < 1e-100) ? largest : 1;
  const total = own.reduce((a, b) => a + b, 0);
  const centre = rows.reduce((sum, row, i) => sum + own[i]! * (y[row]! / size), 0) / total;
  const around = Float64Array.from(rows, (row) => y[row]! / size - centre);
  return {
    width: 3,
    add(profiles, at, row) {
      const value = around[row]!;
      profiles[at]! += own[row]!;
      profiles[at + 1]! += own[row]! * value;
      profiles[at + 2]! += own[row]! * value * value;
    },
    weight: ([weight]) => weight!,
    value: ([weight, sum]) => Float64Array.of((centre + sum! / weight!) * size),
    impurity: ([weight, sum, squares]) => {
      const variance = squares! / weight! - (sum! / weight!) * (sum! / weight!);
      return variance <= 1e-15 * (squares! / weight!) ? 0 : Math.min(Number.MAX_VALUE, variance * size * size);
    },
  };
}
