import { type Matrix, sharedFloat64 } from "assay";

/** Centre and width of each column. */
export interface Scaling {
  /** Medians (d). */
  readonly centres: Float64Array;
  /** From the 10th to the 90th percentile, 1 where that is nothing (d). */
  readonly widths: Float64Array;
}

/** The scaling of the rows of a fit; missing values do not count. O(d n log n). */
export function scalingOf({ rows, columns, data }: Matrix): Scaling {
  const centres = new Float64Array(columns);
  const widths = new Float64Array(columns).fill(1);
  for (let j = 0; j < columns; j++) {
    const known: number[] = [];
    for (let i = 0; i < rows; i++) if (!Number.isNaN(data[i * columns + j]!)) known.push(data[i * columns + j]!);
    if (known.length === 0) continue;
    const sorted = Float64Array.from(known).sort();
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
    centres[j] = at(0.5);
    if (at(0.9) > at(0.1)) widths[j] = at(0.9) - at(0.1);
  }
  return { centres, widths };
}

/** Rows centred and scaled, within ± 3, missing values at the centre (n × d). */
export function scaled({ rows, columns, data }: Matrix, { centres, widths }: Scaling): Matrix {
  const out = sharedFloat64(rows * columns);
  for (let k = 0; k < data.length; k++) {
    const j = k % columns;
    const value = (data[k]! - centres[j]!) / widths[j]!;
    out[k] = Number.isNaN(value) ? 0 : Math.max(-3, Math.min(3, value));
  }
  return { rows, columns, data: out };
}
