/** Cosine of every row with one of them; 0 for rows of length 0. O(rows f). */
export function cosines(rows: Float32Array, f: number, row: number): Float64Array {
  const own = lengthOf(rows, row * f, f);
  const scores = new Float64Array(rows.length / f);
  for (let other = 0; other < scores.length; other++) scores[other] = cosine(rows, f, row, other, own);
  return scores;
}

/** Cosine of two rows, the first of them this long; 0 where one has length 0. O(f). */
export function cosine(rows: Float32Array, f: number, row: number, other: number, own: number): number {
  let product = 0;
  for (let j = 0, a = row * f, b = other * f; j < f; j++, a++, b++) product += rows[b]! * rows[a]!;
  const length = lengthOf(rows, other * f, f);
  return length > 0 && own > 0 ? product / (own * length) : 0;
}

/** Length of the row of `f` numbers that begins at a place. O(f). */
export function lengthOf(rows: Float32Array, from: number, f: number): number {
  let squares = 0;
  for (let at = from; at < from + f; at++) squares += rows[at]! * rows[at]!;
  return Math.sqrt(squares);
}
