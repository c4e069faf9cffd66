/** How many values are equal, for each value that is there more than once. O(n log n). */
export function tieSizes(values: Float64Array): number[] {
  const sorted = values.toSorted();
  const sizes: number[] = [];
  for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
    while (end < sorted.length && sorted[end] === sorted[begin]) end++;
    if (end - begin > 1) sizes.push(end - begin);
  }
  return sizes;
}
