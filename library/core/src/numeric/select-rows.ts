/**
 * Reorders the rows `order[from … to]` of a row-major table of d columns so that those before `place` are not greater in a column, those behind
 * not smaller. Expected O(to − from).
 * Source: Hoare (1961), Communications of the ACM 4(7), algorithm 65.
 */
export function selectRows(
  x: Float64Array,
  d: number,
  column: number,
  order: Int32Array,
  from: number,
  to: number,
  place: number,
): void {
  for (let low = from, high = to; low < high; ) {
    const pivot = x[order[(low + high) >> 1]! * d + column]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (x[order[i]! * d + column]! < pivot) i++;
      while (x[order[j]! * d + column]! > pivot) j--;
      if (i > j) break;
      const other = order[i]!;
      order[i++] = order[j]!;
      order[j--] = other;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else return;
  }
}
