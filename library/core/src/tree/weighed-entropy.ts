/** x · log₂ x; 0 for x below a millionth. */
export type Xlogx = (x: number) => number;

/** x · log₂ x, looked up for whole numbers below the size. */
export function xlogxTable(size: number): Xlogx {
  const table = Float64Array.from({ length: size }, (_, x) => (x === 0 ? 0 : x * Math.log2(x)));
  return (x) => {
    const whole = x | 0;
    if (whole === x && whole >= 0 && whole < size) return table[whole]!;
    return x < 1e-6 ? 0 : x * Math.log2(x);
  };
}

/** Weight × entropy in bits of k class weights from a place on. */
export function weighedEntropy(weights: Float64Array, at: number, k: number, xlogx: Xlogx): number {
  let total = 0;
  let inside = 0;
  for (let c = at; c < at + k; c++) {
    total += weights[c]!;
    inside += xlogx(weights[c]!);
  }
  return xlogx(total) - inside;
}
