// Kernel functions of support vector machines and the loops of their solver. Rows of x are `stride` doubles wide: even, padded with zeros.
import { exponential } from "./exponential";

const linear: i32 = 0;
const poly: i32 = 1;
const rbf: i32 = 2;

@inline function at(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

/** K(a, b) of two pairs from their products and squared norms. */
@inline function kernelOf(products: v128, square: f64, squares: v128, kind: i32, gamma: f64, coef0: f64, degree: i32): v128 {
  if (kind == linear) return products;
  if (kind == rbf) {
    const distance = f64x2.sub(f64x2.add(f64x2.splat(square), squares), f64x2.add(products, products));
    return exponential(f64x2.mul(f64x2.splat(-gamma), f64x2.pmax(f64x2.splat(0.0), distance)));
  }
  const inner = f64x2.add(f64x2.mul(f64x2.splat(gamma), products), f64x2.splat(coef0));
  if (kind == poly) {
    let power = f64x2.splat(1.0);
    for (let k = 0; k < degree; k++) power = f64x2.mul(power, inner);
    return power;
  }
  // tanh z = ±(1 − e^(−2|z|)) / (1 + e^(−2|z|))
  const e = exponential(f64x2.mul(f64x2.splat(-2.0), f64x2.abs(inner)));
  const size = f64x2.div(f64x2.sub(f64x2.splat(1.0), e), f64x2.add(f64x2.splat(1.0), e));
  return v128.bitselect(f64x2.neg(size), size, f64x2.lt(inner, f64x2.splat(0.0)));
}

@inline function joined(first: v128, second: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(first, second, 0, 2), v128.shuffle<f64>(first, second, 1, 3));
}

/** Products of a row with rows j and j + 1. */
@inline function productsOfTwo(row: usize, a: usize, stride: i32): v128 {
  const b = at(a, stride);
  let first = f64x2.splat(0.0);
  let second = f64x2.splat(0.0);
  for (let c = 0; c < stride; c += 2) {
    const step = <usize>c << 3;
    const value = v128.load(row + step);
    first = f64x2.add(first, f64x2.mul(value, v128.load(a + step)));
    second = f64x2.add(second, f64x2.mul(value, v128.load(b + step)));
  }
  return joined(first, second);
}

/** K(row, x_j) for j = from … to − 1 at `out`, as f64 where `wide` is true, else as f32; both ends even. */
@inline function fillKernels(
  row: usize,
  square: f64,
  x: usize,
  squares: usize,
  stride: i32,
  from: i32,
  to: i32,
  kind: i32,
  gamma: f64,
  coef0: f64,
  degree: i32,
  out: usize,
  wide: bool,
): void {
  const width = <usize>stride << 3;
  let j = from;
  for (; j + 4 <= to; j += 4) {
    const a = at(x, j * stride);
    const b = a + width;
    const c = b + width;
    const e = c + width;
    let sumA = f64x2.splat(0.0);
    let sumB = f64x2.splat(0.0);
    let sumC = f64x2.splat(0.0);
    let sumE = f64x2.splat(0.0);
    for (let step: usize = 0; step < width; step += 16) {
      const value = v128.load(row + step);
      sumA = f64x2.add(sumA, f64x2.mul(value, v128.load(a + step)));
      sumB = f64x2.add(sumB, f64x2.mul(value, v128.load(b + step)));
      sumC = f64x2.add(sumC, f64x2.mul(value, v128.load(c + step)));
      sumE = f64x2.add(sumE, f64x2.mul(value, v128.load(e + step)));
    }
    const place = at(squares, j);
    const low = kernelOf(joined(sumA, sumB), square, v128.load(place), kind, gamma, coef0, degree);
    const high = kernelOf(joined(sumC, sumE), square, v128.load(place, 16), kind, gamma, coef0, degree);
    if (wide) {
      v128.store(at(out, j), low);
      v128.store(at(out, j), high, 16);
    } else {
      const four = v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
      v128.store(out + (<usize>j << 2), four);
    }
  }
  for (; j < to; j += 2) {
    const products = productsOfTwo(row, at(x, j * stride), stride);
    const two = kernelOf(products, square, v128.load(at(squares, j)), kind, gamma, coef0, degree);
    if (wide) v128.store(at(out, j), two);
    else v128.store64_lane(out + (<usize>j << 2), f32x4.demote_f64x2_zero(two), 0);
  }
}

/**
 * K(x_i, x_j) for j = from … to − 1 as f32 at `out` + 4 j; both ends even, x and squares padded to even rows.
 */
export function svmRow(
  x: usize,
  squares: usize,
  stride: i32,
  i: i32,
  from: i32,
  to: i32,
  kind: i32,
  gamma: f64,
  coef0: f64,
  degree: i32,
  out: usize,
): void {
  const square = load<f64>(at(squares, i));
  fillKernels(at(x, i * stride), square, x, squares, stride, from, to, kind, gamma, coef0, degree, out, false);
}

/** K(row, x_j) for j = 0 … n − 1 as f64 at `out`; n even. */
export function svmCross(
  row: usize,
  square: f64,
  x: usize,
  squares: usize,
  stride: i32,
  n: i32,
  kind: i32,
  gamma: f64,
  coef0: f64,
  degree: i32,
  out: usize,
): void {
  fillKernels(row, square, x, squares, stride, 0, n, kind, gamma, coef0, degree, out, true);
}

/** The place of the largest value + shift among n, −1 when all are −∞; the value goes to `best`. */
export function svmFirst(values: usize, shifts: usize, n: i32, best: usize): i32 {
  let top = f64x2.splat(-Infinity);
  let places = i64x2.splat(-1);
  for (let t = 0; t < n; t += 2) {
    let value = f64x2.add(v128.load(at(values, t)), v128.load(at(shifts, t)));
    if (t + 1 == n) value = f64x2.replace_lane(value, 1, -Infinity);
    const above = f64x2.gt(value, top);
    top = v128.bitselect(value, top, above);
    places = v128.bitselect(i64x2.splat(t), places, above);
  }
  const even = f64x2.extract_lane(top, 0);
  const odd = f64x2.extract_lane(top, 1);
  const useOdd = odd > even;
  store<f64>(best, useOdd ? odd : even);
  return useOdd ? <i32>i64x2.extract_lane(places, 1) + 1 : <i32>i64x2.extract_lane(places, 0);
}

/**
 * The place j of the largest gain (top − f_j)² / (K_ii + K_jj − 2 K_ij) among f_j = value + shift below top, −1 when there is none;
 * the smallest f goes to `least`. `row` holds K_ij as f32.
 */
export function svmSecond(
  values: usize,
  shifts: usize,
  diagonal: usize,
  row: usize,
  n: i32,
  i: i32,
  top: f64,
  least: usize,
): i32 {
  const own = f64x2.splat(load<f64>(at(diagonal, i)));
  const above = f64x2.splat(top);
  const tiny = f64x2.splat(1e-12);
  let small = f64x2.splat(Infinity);
  let gains = f64x2.splat(0.0);
  let places = i64x2.splat(-1);
  for (let t = 0; t < n; t += 2) {
    let value = f64x2.add(v128.load(at(values, t)), v128.load(at(shifts, t)));
    if (t + 1 == n) value = f64x2.replace_lane(value, 1, Infinity);
    small = f64x2.pmin(small, value);
    const fall = f64x2.pmax(f64x2.splat(0.0), f64x2.sub(above, value));
    const k = f64x2.promote_low_f32x4(v128.load64_zero(row + (<usize>t << 2)));
    const bend = f64x2.pmax(tiny, f64x2.sub(f64x2.add(own, v128.load(at(diagonal, t))), f64x2.add(k, k)));
    const gain = f64x2.div(f64x2.mul(fall, fall), bend);
    const better = f64x2.gt(gain, gains);
    gains = v128.bitselect(gain, gains, better);
    places = v128.bitselect(i64x2.splat(t), places, better);
  }
  store<f64>(least, min(f64x2.extract_lane(small, 0), f64x2.extract_lane(small, 1)));
  const useOdd = f64x2.extract_lane(gains, 1) > f64x2.extract_lane(gains, 0);
  const place = useOdd ? <i32>i64x2.extract_lane(places, 1) : <i32>i64x2.extract_lane(places, 0);
  return place < 0 ? -1 : useOdd ? place + 1 : place;
}

/** values −= step · (row of i − row of j) for places from … to − 1; rows are f32, both ends even. */
export function svmMove(values: usize, first: usize, second: usize, from: i32, to: i32, step: f64): void {
  const by = f64x2.splat(step);
  for (let t = from; t < to; t += 2) {
    const offset = <usize>t << 2;
    const a = f64x2.promote_low_f32x4(v128.load64_zero(first + offset));
    const b = f64x2.promote_low_f32x4(v128.load64_zero(second + offset));
    const place = at(values, t);
    v128.store(place, f64x2.sub(v128.load(place), f64x2.mul(by, f64x2.sub(a, b))));
  }
}
