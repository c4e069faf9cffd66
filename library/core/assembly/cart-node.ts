// What the kernels of trees share: how a node is described to them, and their logarithm.

/** Criteria of a scan. */
export const moments: i32 = 0;
export const gini: i32 = 1;
export const entropy: i32 = 2;
export const poisson: i32 = 3;

/** Places in the block of numbers that describes a node to a scan, and hears its answer. */
export const atWeight: usize = 0;
export const atSum: usize = 8;
export const atMinWeight: usize = 16;
export const atLower: usize = 24;
export const atUpper: usize = 32;
export const atScore: usize = 40;
/** Behind the block there is room for three numbers. */
export const numbers: usize = 64;

/** The rank in a key. */
@inline export function rankOf(keys: usize, p: i32): u32 {
  return load<u32>(keys + ((<usize>p) << 3), 4);
}

/** Natural logarithm of x > 0. Without a table: static data would lie where a `Layout` puts its arrays. Source: fdlibm, e_log.c (1993). */
@inline export function logarithm(x: f64): f64 {
  let bits = reinterpret<u64>(x);
  let k: i32 = 0;
  if (bits >> 52 == 0) {
    bits = reinterpret<u64>(x * 18014398509481984.0);
    k = -54;
  }
  const high: u32 = <u32>(bits >> 32) + (0x3ff00000 - 0x3fe6a09e);
  k += <i32>(high >> 20) - 0x3ff;
  bits = (<u64>((high & 0xfffff) + 0x3fe6a09e) << 32) | (bits & 0xffffffff);
  const f = reinterpret<f64>(bits) - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z * (6.66666666666673513e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  return s * (half + odd + even) + <f64>k * 1.90821492927058770002e-10 - half + f + <f64>k * 6.9314718036912381649e-1;
}

/** Whether the values of two sides are in the order of `sign` and within the bounds of their node. */
export function isOrdered(l: f64, r: f64, node: usize, sign: i32): bool {
  const lower = load<f64>(node, atLower);
  const upper = load<f64>(node, atUpper);
  return l >= lower && r >= lower && l <= upper && r <= upper && (l - r) * <f64>sign <= 0;
}

/** The place in a key. */
@inline export function placeOf(keys: usize, p: i32): usize {
  return <usize>load<u32>(keys + ((<usize>p) << 3));
}
