const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);
const double = new Float64Array(1);
const doubleBits = new BigInt64Array(double.buffer);

/** From here on doubles round to Infinity. */
const endless = 2 ** 128 - 2 ** 103;

/**
 * The largest double that, rounded to 32 bits, lies below a float: for every double x, `x <= lastBelow(t)` where `Math.fround(x) < t`.
 * So XGBoost's comparison, a 32-bit x < threshold, is exactly one comparison in doubles.
 */
export function lastBelow(threshold: number): number {
  const below = nextFloat(threshold, -1);
  if (threshold === Infinity) return nextDouble(endless, -1);
  if (below === -Infinity) return threshold === -Infinity ? threshold : -endless;
  const middle = (below + threshold) / 2;
  return Math.fround(middle) < threshold ? middle : nextDouble(middle, -1);
}

/** The smallest float above a double: `x < firstAbove(t)` where `x <= t`, for every x of 32 bits. */
export function firstAbove(threshold: number): number {
  const near = Math.fround(threshold);
  return near > threshold ? near : nextFloat(near, 1);
}

/** The neighbour of a float of 32 bits, above (1) or below (−1). */
function nextFloat(value: number, direction: 1 | -1): number {
  if (value === direction * Infinity) return value;
  float[0] = value;
  if (value === 0) floatBits[0] = direction > 0 ? 1 : -0x7fff_ffff;
  else floatBits[0]! += value > 0 === direction > 0 ? 1 : -1;
  return float[0];
}

/** The neighbour of a double, above (1) or below (−1). */
function nextDouble(value: number, direction: 1 | -1): number {
  double[0] = value;
  if (value === 0) return direction * Number.MIN_VALUE;
  doubleBits[0]! += value > 0 === direction > 0 ? 1n : -1n;
  return double[0];
}
