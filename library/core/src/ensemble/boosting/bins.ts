/** Bins of a column at most: a byte holds these and the one for missing values. */
export const mostBins = 255;

/** How one column's values become bins 0 … count − 1; missing values have the bin `count`. */
export type ColumnBins =
  | {
      readonly kind: "number";
      /** A value lies in the first bin whose upper bound is not below it; the last is +∞ (count). */
      readonly uppers: Float64Array;
    }
  | {
      readonly kind: "category";
      /** The category of each bin, the most frequent first (count); rarer ones count as missing. */
      readonly categories: Int32Array;
    };

/** Number of bins of a column, without the one for missing values. */
export function binCount(bins: ColumnBins): number {
  return bins.kind === "number" ? bins.uppers.length : bins.categories.length;
}

/** |x| up to here is zero, which has a bin of its own. */
const zero = 1e-35;

/**
 * Upper bounds of a numeric column's bins, from its sorted sample without NaN: at most `maxBins`, each with `minDataInBin` values where the
 * values allow it, zero in a bin of its own. O(m) after the sort. Source: LightGBM's `FindBinWithZeroAsOneBin`; oracle: its model text.
 */
export function numericBins(sorted: Float64Array, maxBins: number, minDataInBin: number): ColumnBins {
  const { values, counts } = distinct(sorted);
  let below = 0;
  while (below < values.length && values[below]! <= -zero) below++;
  let above = below;
  while (above < values.length && values[above]! <= zero) above++;
  const rows = (from: number, to: number): number => counts.subarray(from, to).reduce((sum, count) => sum + count, 0);
  const belowRows = rows(0, below);
  const aboveRows = rows(above, values.length);
  const uppers: number[] = [];
  if (belowRows > 0 && maxBins > 1) {
    const share = Math.max(1, Math.floor((belowRows / (belowRows + aboveRows)) * (maxBins - 1)));
    uppers.push(...greedyBounds(values.subarray(0, below), counts.subarray(0, below), share, belowRows, minDataInBin));
    uppers[uppers.length - 1] = -zero;
  }
  const room = maxBins - 1 - uppers.length;
  if (aboveRows > 0 && room > 0)
    uppers.push(zero, ...greedyBounds(values.subarray(above), counts.subarray(above), room, aboveRows, minDataInBin));
  else uppers.push(Infinity);
  return { kind: "number", uppers: Float64Array.from(uppers) };
}

/**
 * Bins of a column of category codes from the counts of its codes: the most frequent first, until they cover 99 % of the rows or
 * `maxBins` are used. Source: LightGBM's `BinMapper::FindBin` for categories.
 */
export function categoryBins(counts: Float64Array, maxBins: number, minDataInBin: number): ColumnBins {
  const order = Array.from(counts.keys()).filter((code) => counts[code]! > 0);
  order.sort((a, b) => counts[b]! - counts[a]! || a - b);
  const enough = Math.round(counts.reduce((sum, count) => sum + count, 0) * 0.99);
  let covered = 0;
  let used = 0;
  while (used < order.length && used < maxBins && (covered < enough || used < 2)) {
    const count = counts[order[used]!]!;
    if (count < minDataInBin && used > 1) break;
    covered += count;
    used++;
  }
  return { kind: "category", categories: Int32Array.from(order.slice(0, used)) };
}

function distinct(sorted: Float64Array): { values: Float64Array; counts: Float64Array } {
  const values = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let k = -1;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || isBeyond(sorted[i]!, sorted[i - 1]!)) k++;
    values[k] = sorted[i]!;
    counts[k]!++;
  }
  return { values: values.subarray(0, k + 1), counts: counts.subarray(0, k + 1) };
}

/** Whether a value is larger than the next double after another; most are by far, and need no look at bits. */
function isBeyond(value: number, other: number): boolean {
  return value - other > Math.abs(other) * 1e-15 || value > nextUp(other);
}

/** Bounds between distinct values so that bins hold about equally many rows; the last is +∞. Source: LightGBM's `GreedyFindBin`. */
function greedyBounds(values: Float64Array, counts: Float64Array, maxBins: number, rows: number, minDataInBin: number): number[] {
  const bounds: number[] = [];
  const push = (low: number, high: number): boolean => {
    const bound = nextUp(low / 2 + high / 2);
    const last = bounds.at(-1);
    if (last !== undefined && bound <= nextUp(last)) return false;
    bounds.push(bound);
    return true;
  };
  if (values.length <= maxBins) {
    let held = 0;
    for (let i = 0; i + 1 < values.length; i++) {
      held += counts[i]!;
      if (held >= minDataInBin && push(values[i]!, values[i + 1]!)) held = 0;
    }
  } else
    for (const [low, high] of greedyCuts(values, counts, Math.max(1, Math.min(maxBins, Math.floor(rows / minDataInBin))), rows))
      push(low, high);
  bounds.push(Infinity);
  return bounds;
}

/** The pairs of neighbouring values between which a bin ends. A value with more rows than a bin should hold gets a bin to itself. */
function greedyCuts(values: Float64Array, counts: Float64Array, maxBins: number, rows: number): [number, number][] {
  let mean = rows / maxBins;
  const isBig = new Uint8Array(counts.length);
  let binsLeft = maxBins;
  let rowsLeft = rows;
  for (let i = 0; i < counts.length; i++)
    if (counts[i]! >= mean) {
      isBig[i] = 1;
      binsLeft--;
      rowsLeft -= counts[i]!;
    }
  mean = rowsLeft / binsLeft;
  const cuts: [number, number][] = [];
  let held = 0;
  for (let i = 0; i + 1 < values.length && cuts.length < maxBins - 1; i++) {
    if (!isBig[i]) rowsLeft -= counts[i]!;
    held += counts[i]!;
    if (!(isBig[i] || held >= mean || (isBig[i + 1] && held >= Math.max(1, mean * 0.5)))) continue;
    cuts.push([values[i]!, values[i + 1]!]);
    held = 0;
    if (isBig[i]) continue;
    binsLeft--;
    mean = rowsLeft / binsLeft;
  }
  return cuts;
}

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The next larger double. */
function nextUp(value: number): number {
  if (value === 0) return 5e-324;
  if (!Number.isFinite(value)) return value;
  double[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return double[0]!;
}
