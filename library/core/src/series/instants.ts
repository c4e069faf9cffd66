/** For each row the first row of the same instant (n): what comes before that one is strictly earlier. */
export function firstOfInstant(instants: Float64Array): Int32Array {
  const first = new Int32Array(instants.length);
  for (let i = 1; i < instants.length; i++) first[i] = instants[i] === instants[i - 1] ? first[i - 1]! : i;
  return first;
}
