import { DataError } from "../base/errors.ts";
import type { CartKernels } from "../numeric/cart-kernels.ts";
import type { CriterionName, Views } from "./criteria.ts";
import type { GrowingRoom, RankedColumns } from "./rank-columns.ts";

/** Beyond this the squares of y end at Infinity. */
const largest = 1e150;

/**
 * Puts the rows of the root into a room: each once, ascending, with the weight of all its copies. Squared error sees y less its mean,
 * for squares of a large y would swallow its variance. `criterion` is undefined for class codes. Throws DataError for a y it cannot bear.
 */
export function enterRows(
  { x }: RankedColumns,
  kernels: CartKernels,
  { f64, u32 }: Views,
  room: GrowingRoom,
  y: Float64Array,
  rows: Int32Array,
  weights: Float64Array | undefined,
  criterion: CriterionName | undefined,
): { rows: number; weight: number; centre: number } {
  const copies = u32.subarray(room.counts / 4, room.counts / 4 + x.rows).fill(0);
  for (let p = 0; p < rows.length; p++) copies[rows[p]!]!++;
  let n = 0;
  let weight = 0;
  let sum = 0;
  for (let i = 0; i < x.rows; i++) {
    if (copies[i] === 0) continue;
    const own = weights ? copies[i]! * weights[i]! : copies[i]!;
    if (criterion) checkTarget(criterion, y[i]!, i);
    u32[room.rows / 4 + n] = i;
    f64[room.y / 8 + n] = y[i]!;
    f64[room.w / 8 + n] = own;
    weight += own;
    sum += own * y[i]!;
    n++;
  }
  if (criterion === "poisson" && sum <= 0) throw new DataError("tree: y must not be all 0 for criterion poisson");
  const centre = criterion === "squared_error" ? sum / weight : 0;
  if (centre !== 0) for (let p = room.y / 8; p < room.y / 8 + n; p++) f64[p]! -= centre;
  if (criterion === "absolute_error") rankTargets(kernels, f64, room, y);
  return { rows: n, weight, centre };
}

function checkTarget(criterion: CriterionName, target: number, row: number): void {
  if (Math.abs(target) > largest) throw new DataError(`tree: y must lie within ±${largest}, got ${target} in row ${row}`);
  if (criterion === "poisson" && target < 0)
    throw new DataError(`tree: y must be ≥ 0 for criterion poisson, got ${target} in row ${row}`);
}

/** Ranks of y for the criterion that needs its order; the columns' buffers are free until the first node. */
function rankTargets(kernels: CartKernels, f64: Float64Array, room: GrowingRoom, y: Float64Array): void {
  const { keys, scratch, counts, targets, fenwick, errors } = room;
  f64.set(y, keys / 8);
  kernels.cartRank(keys, scratch, fenwick, errors, counts, y.length, targets);
}
