/**
 * The inverse of a symmetric positive definite matrix (n × n, row-major, lower triangle read) in place, both triangles written. Column after column is
 * swept: aᵢⱼ − aᵢₖ aⱼₖ / aₖₖ. O(n³ / 2). `checkpoint` is called after each column. Answers false where a pivot is not above 0.
 * Source: Goodnight (1979), "A tutorial on the SWEEP operator", The American Statistician 33(3).
 */
export function invertSymmetric(a: Float64Array, n: number, checkpoint: () => void = () => {}): boolean {
  const column = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k]!;
    if (!(pivot > 0)) return false;
    for (let j = 0; j < n; j++) column[j] = j < k ? a[k * n + j]! : a[j * n + k]!;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = column[i]! / pivot;
      if (factor !== 0) for (let j = 0, at = i * n; j <= i; j++, at++) a[at]! -= factor * column[j]!;
    }
    for (let i = k + 1; i < n; i++) a[i * n + k] = column[i]! / pivot;
    for (let j = 0; j < k; j++) a[k * n + j] = column[j]! / pivot;
    a[k * n + k] = -1 / pivot;
    checkpoint();
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = -a[i * n + j]!;
      a[i * n + j] = value;
      a[j * n + i] = value;
    }
  return true;
}
