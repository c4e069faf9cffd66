import { DataError } from "../base/errors.ts";
import type { CartKernels } from "../numeric/cart-kernels.ts";
import type { CriterionName, Views } from "./criteria.ts";
import type { GrowingRoom, RankedColumns } from "./rank-columns.ts";

/** What the root knows of its rows. */
export interface EnteredRows {
  readonly rows: number;
  readonly weight: number;
  /** What was taken off y. */
  readonly centre: number;
  /** Whether every weight is 1. */
  readonly isUnit: boolean;
}

/** Beyond this the squares of y end at Infinity. */
const largest = 1e150;
/** The weights of all rows together lie between this and its inverse, or impurities overflow or vanish. */
const heaviest = 1e100;

/**
 * Puts the rows of the root into a room: each once, ascending, with the weight of all its copies. Squared error sees y less its mean,
 * for squares of a large y would swallow its variance. `criterion` is undefined for class codes. Throws DataError for a y or
 * weights it cannot bear.
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
): EnteredRows {
  const copies = u32.subarray(room.counts / 4, room.counts / 4 + x.rows).fill(0);
  for (let p = 0; p < rows.length; p++) copies[rows[p]!]!++;
  let n = 0;
  let weight = 0;
  let isUnit = true;
  let sum = 0;
  const [rowsOut, yOut, wOut] = [
    u32.subarray(room.rows / 4, room.rows / 4 + x.rows),
    f64.subarray(room.y / 8, room.y / 8 + x.rows),
    f64.subarray(room.w / 8, room.w / 8 + x.rows),
  ];
  for (let i = 0; i < x.rows; i++) {
    if (copies[i] === 0) continue;
    const own = weights ? copies[i]! * weights[i]! : copies[i]!;
    if (criterion) checkTarget(criterion, y[i]!, i);
    rowsOut[n] = i;
    yOut[n] = y[i]!;
    wOut[n] = own;
    weight += own;
    isUnit &&= own === 1;
    sum += own * y[i]!;
    n++;
  }
  if (!(weight >= 1 / heaviest && weight <= heaviest))
    throw new DataError(`tree: the weights must add up to ${1 / heaviest} … ${heaviest}, got ${weight}; scale them`);
  if (criterion === "poisson" && sum <= 0) throw new DataError("tree: y must not be all 0 for criterion poisson");
  const centre = criterion === "squared_error" ? sum / weight : 0;
  if (centre !== 0) for (let p = 0; p < n; p++) yOut[p]! -= centre;
  if (criterion === "absolute_error") rankTargets(kernels, f64, room, y);
  return { rows: n, weight, centre, isUnit };
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
