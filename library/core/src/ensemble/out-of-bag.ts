import { DataError } from "../base/errors.ts";

/**
 * Accuracy, or R², of sums of answers (n × k, or n) over the rows that some part did not see. `counts` holds how many answers a row has.
 * Throws DataError where every part saw every row.
 */
export function outOfBagScore(sums: Float64Array, counts: Int32Array, y: Float64Array, classes: number): number {
  const judged = Int32Array.from(counts.keys()).filter((i) => counts[i]! > 0);
  if (judged.length === 0) throw new DataError("bagging.fit: every part saw every row, so none is left for the out-of-bag score");
  if (classes > 0) return judged.filter((i) => largest(sums, i, classes) === y[i]).length / judged.length;
  let centre = 0;
  for (const i of judged) centre += y[i]! / judged.length;
  let error = 0;
  let spread = 0;
  for (const i of judged) {
    const off = y[i]! - sums[i]! / counts[i]!;
    error += off * off;
    spread += (y[i]! - centre) * (y[i]! - centre);
  }
  return spread > 0 ? 1 - error / spread : 0;
}

function largest(sums: Float64Array, i: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (sums[i * classes + k]! > sums[i * classes + best]!) best = k;
  return best;
}
