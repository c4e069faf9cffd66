import type { Random } from "../numeric/random.ts";
import { balancedWeights } from "../numeric/statistics.ts";
import type { GrowOptions } from "../tree/grow.ts";
import type { RankedColumns } from "../tree/rank-columns.ts";

/** What each thread needs to grow a tree. */
export interface ForestWork {
  readonly columns: RankedColumns;
  readonly y: Float64Array;
  readonly rows: Int32Array;
  readonly weights: Float64Array | undefined;
  /** Running sums of the weights of `rows`, where they are not all equal. */
  readonly sums: Float64Array | undefined;
  readonly classes: number;
  readonly options: GrowOptions;
  readonly bootstrap: boolean;
  readonly balanced: boolean;
  readonly sampleSize: number;
  readonly seed: number;
  /** Number of the first tree of this call. */
  readonly first: number;
}

/** The rows that a tree sees; the first draws of its stream. With weights, the chance of a row is its share of them. */
export function drawRows({ rows, sums, bootstrap, sampleSize }: ForestWork, stream: Random): Int32Array {
  if (!bootstrap) return rows;
  const drawn = new Int32Array(sampleSize);
  for (let p = 0; p < sampleSize; p++)
    drawn[p] = rows[sums ? firstAbove(sums, stream.float() * sums.at(-1)!) : stream.int(rows.length)]!;
  return drawn;
}

/** Weights of a tree's rows (n): a bootstrap has them in its draws already. */
export function treeWeights(
  { weights, bootstrap, balanced, y, classes }: ForestWork,
  rows: Int32Array,
): Float64Array | undefined {
  if (!bootstrap) return weights;
  if (!balanced) return undefined;
  const own = balancedWeights(
    Float64Array.from(rows, (i) => y[i]!),
    classes,
  );
  const all = new Float64Array(y.length);
  rows.forEach((i, p) => {
    all[i] = own[p]!;
  });
  return all;
}

/** Sums of the weights of the first rows, for draws by weight. */
export function runningSums(rows: Int32Array, weights: Float64Array): Float64Array {
  let sum = 0;
  return Float64Array.from(rows, (i) => (sum += weights[i]!));
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
