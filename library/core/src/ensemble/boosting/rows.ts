import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { weightedRows } from "../../tree/decision-tree.ts";
import type { BoostRows } from "./boost.ts";

/**
 * The rows to grow on and, for early stopping, a share to measure on: drawn class by class where there are classes. Rows of weight 0 are absent.
 */
export function chooseRows(
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  { earlyStopping, validationFraction, seed }: { earlyStopping: boolean; validationFraction: number; seed: number },
  classes: number,
): BoostRows {
  if (!earlyStopping && !weights?.includes(0)) return { x, order: undefined, rows: x.rows, targets: y, weights };
  const present = weightedRows(x.rows, weights);
  const held = earlyStopping ? drawValidation(present, y, classes, validationFraction, seed) : new Uint8Array(x.rows);
  const grown = present.filter((i) => !held[i]);
  const measured = present.filter((i) => held[i]);
  const order = Int32Array.from([...grown, ...measured]);
  return {
    x,
    order,
    rows: grown.length,
    targets: Float64Array.from(order, (i) => y[i]!),
    weights: weights && Float64Array.from(grown, (i) => weights[i]!),
  };
}

/** 1 for the rows that measure; every class and the rest keep a row at least. */
function drawValidation(present: Int32Array, y: Float64Array, classes: number, share: number, seed: number): Uint8Array {
  const held = new Uint8Array(y.length);
  const groups = classes === 0 ? [present] : Array.from({ length: classes }, (_, k) => present.filter((i) => y[i] === k));
  for (const [k, rows] of groups.entries()) {
    const shuffled = rows.slice();
    random(seed, `validation/${k}`).shuffle(shuffled);
    for (const i of shuffled.subarray(0, Math.min(rows.length - 1, Math.round(rows.length * share)))) held[i] = 1;
  }
  return held;
}
