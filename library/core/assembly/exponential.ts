// Elementary functions on two doubles at once, without tables: the same bits on every machine.

/**
 * e^x of both lanes to 2 ulp; 0 below −708. x ≤ 709.
 * Source: Moshier (1989), Methods and Programs for Mathematical Functions (Cephes), exp.c.
 */
@inline export function exponential(x: v128): v128 {
  const below = f64x2.lt(x, f64x2.splat(-708.0));
  const clamped = f64x2.max(x, f64x2.splat(-708.0));
  // rounding by 1.5 · 2⁵² leaves the whole number in the low bits
  const shifted = f64x2.add(f64x2.mul(clamped, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744.0));
  const whole = f64x2.sub(shifted, f64x2.splat(6755399441055744.0));
  let r = f64x2.sub(clamped, f64x2.mul(whole, f64x2.splat(6.93145751953125e-1)));
  r = f64x2.sub(r, f64x2.mul(whole, f64x2.splat(1.42860682030941723212e-6)));
  const square = f64x2.mul(r, r);
  let p = f64x2.splat(1.26177193074810590878e-4);
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(3.02994407707441961300e-2));
  p = f64x2.mul(f64x2.add(f64x2.mul(p, square), f64x2.splat(9.99999999999999999910e-1)), r);
  let q = f64x2.splat(3.00198505138664455042e-6);
  q = f64x2.add(f64x2.mul(q, square), f64x2.splat(2.52448340349684104192e-3));
  q = f64x2.add(f64x2.mul(q, square), f64x2.splat(2.27265548208155028766e-1));
  q = f64x2.add(f64x2.mul(q, square), f64x2.splat(2.0));
  const part = f64x2.div(f64x2.add(p, p), f64x2.sub(q, p));
  const power = i64x2.shl(i64x2.add(i64x2.sub(shifted, f64x2.splat(6755399441055744.0)), i64x2.splat(1023)), 52);
  return v128.andnot(f64x2.mul(f64x2.add(part, f64x2.splat(1.0)), power), below);
}

/**
 * log(1 + e) of both lanes for 0 ≤ e ≤ 1, to 2 ulp: 2 artanh(e / (2 + e)), and for e beyond √2 − 1 log 2 + 2 artanh((e − 1) / (e + 3)).
 */
@inline export function logOnePlus(e: v128): v128 {
  const large = f64x2.gt(e, f64x2.splat(0.41421356237309503));
  const top = v128.bitselect(f64x2.sub(e, f64x2.splat(1.0)), e, large);
  const bottom = f64x2.add(e, v128.bitselect(f64x2.splat(3.0), f64x2.splat(2.0), large));
  const s = f64x2.div(top, bottom);
  const square = f64x2.mul(s, s);
  const log = f64x2.mul(f64x2.add(s, s), artanhSeries(square));
  return f64x2.add(log, v128.and(large, f64x2.splat(0.6931471805599453)));
}

/** log u of both lanes for 1 ≤ u < 2⁵². */
@inline export function logarithm(u: v128): v128 {
  // u = 2^m · f with f in [√½, √2)
  const bits = i64x2.sub(u, i64x2.splat(0x3fe6a09e667f3bcd));
  const exponent = i64x2.shr_u(bits, 52);
  const f = i64x2.sub(u, i64x2.shl(exponent, 52));
  const m = f64x2.sub(v128.or(exponent, f64x2.splat(4503599627370496.0)), f64x2.splat(4503599627370496.0));
  const s = f64x2.div(f64x2.sub(f, f64x2.splat(1.0)), f64x2.add(f, f64x2.splat(1.0)));
  const log = f64x2.mul(f64x2.add(s, s), artanhSeries(f64x2.mul(s, s)));
  return f64x2.add(log, f64x2.mul(m, f64x2.splat(0.6931471805599453)));
}

/** 1 + z/3 + z²/5 + … for z ≤ 0.0295. */
@inline function artanhSeries(z: v128): v128 {
  let sum = f64x2.splat(1.0 / 21.0);
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 19.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 17.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 15.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 13.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 11.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 9.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 7.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 5.0));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 3.0));
  return f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0));
}
