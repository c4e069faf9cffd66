import type { Matrix } from "../numeric/matrix.ts";

/** Mean and standard deviation (divided by n) of each column's cells that are not missing, and how many they are (d each). */
interface Moments {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  readonly count: Float64Array;
}

/** Rows that fit the cache: within a block columns are taken one after the other. */
const blockRows = 256;

/**
 * Moments of every column in two passes over the rows, the sums taken by blocks so that rounding stays small. Columns whose squares
 * overflow are scaled first. Weights count as repetitions. O(n d).
 */
export function moments(x: Matrix, weights?: Float64Array, checkpoint: () => void = () => {}): Moments {
  const unit = new Float64Array(x.columns).fill(1);
  const none = new Float64Array(x.columns);
  let first = sums(x, weights, none, unit, checkpoint);
  if (first.squares.some((value) => !Number.isFinite(value))) {
    for (let j = 0; j < x.columns; j++) if (!Number.isFinite(first.squares[j]!)) unit[j] = 2 ** 1023;
    first = sums(x, weights, none, unit, checkpoint);
  }
  const centre = first.total.map((value, j) => (first.weight[j]! > 0 ? value / first.weight[j]! : 0));
  const second = sums(x, weights, centre, unit, checkpoint);
  const mean = new Float64Array(x.columns);
  const deviation = new Float64Array(x.columns);
  for (let j = 0; j < x.columns; j++) {
    const w = first.weight[j]!;
    if (w === 0) continue;
    const shift = second.total[j]! / w; // what rounding left of the mean
    mean[j] = (centre[j]! + shift) * unit[j]!;
    deviation[j] = Math.sqrt(Math.max(0, second.squares[j]! / w - shift * shift)) * unit[j]!;
  }
  return { mean, deviation, count: first.weight };
}

/** Whether a deviation is more than rounding of a constant column. Source: Chan, Golub & LeVeque (1983), as scikit-learn. */
export function isSpread(deviation: number, mean: number, rows: number): boolean {
  if (deviation > 1e150) return true;
  const variance = deviation * deviation;
  const rounding = rows * Number.EPSILON * Math.abs(mean);
  return variance > rows * Number.EPSILON * variance + rounding * rounding;
}

/** Of each column, over the cells that are not missing: Σ δ and Σ δ² for δ = x / unit − centre, and the weight. */
interface Sums {
  readonly total: Float64Array;
  readonly squares: Float64Array;
  readonly weight: Float64Array;
}

function sums(
  { rows, columns, data }: Matrix,
  weights: Float64Array | undefined,
  centre: Float64Array,
  unit: Float64Array,
  checkpoint: () => void,
): Sums {
  const out = { total: new Float64Array(columns), squares: new Float64Array(columns), weight: new Float64Array(columns) };
  for (let begin = 0; begin < rows; begin += blockRows) {
    const end = Math.min(rows, begin + blockRows);
    for (let j = 0; j < columns; j++) {
      const [from, to] = [begin * columns + j, end * columns];
      if (weights) addWeighted(data, from, to, columns, weights, begin, centre[j]!, 1 / unit[j]!, out, j);
      else addPlain(data, from, to, columns, centre[j]!, 1 / unit[j]!, out, j);
    }
    if ((begin / blockRows) % 256 === 0) checkpoint();
  }
  return out;
}

/** Adds the cells from, from + step, … before `to` to the sums of column j. */
function addPlain(
  data: Float64Array,
  from: number,
  to: number,
  step: number,
  centre: number,
  scale: number,
  out: Sums,
  j: number,
) {
  let sum = 0;
  let square = 0;
  let count = 0;
  for (let at = from; at < to; at += step) {
    const delta = data[at]! * scale - centre;
    if (Number.isNaN(delta)) continue;
    sum += delta;
    square += delta * delta;
    count++;
  }
  out.total[j]! += sum;
  out.squares[j]! += square;
  out.weight[j]! += count;
}

function addWeighted(
  data: Float64Array,
  from: number,
  to: number,
  step: number,
  weights: Float64Array,
  row: number,
  centre: number,
  scale: number,
  out: Sums,
  j: number,
) {
  for (let at = from, i = row; at < to; at += step, i++) {
    const delta = data[at]! * scale - centre;
    if (Number.isNaN(delta)) continue;
    out.total[j]! += weights[i]! * delta;
    out.squares[j]! += weights[i]! * delta * delta;
    out.weight[j]! += weights[i]!;
  }
}
