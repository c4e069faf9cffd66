// Products and steps of a neural network, for f32 and f64. A weight matrix (inner × columns) lies in panels of two vectors' width, each row by
// row; the last panel is filled with 0. Rows of activations and deltas are `stride` bytes wide, a multiple of 32.
import { exponential } from "./exponential";

/** out = a · w + bias: rows (room for a multiple of 6) of `inner` values by `panels` panels. */
@inline function affine<T>(
  a: usize, strideA: i32, rows: i32, inner: i32, w: usize, panels: i32, bias: usize, out: usize, strideOut: i32,
): void {
  const row = <usize>strideA, step = <usize>strideOut;
  const bytes = <usize>inner * sizeof<T>();
  for (let i = 0; i < rows; i += 6) {
    const first = a + <usize>i * row;
    let weight = w;
    for (let panel = 0; panel < panels; panel++) {
      const begin0 = v128.load(bias + (<usize>panel << 5)), begin1 = v128.load(bias + (<usize>panel << 5), 16);
      let a0 = begin0, a1 = begin1, b0 = begin0, b1 = begin1, c0 = begin0, c1 = begin1;
      let d0 = begin0, d1 = begin1, e0 = begin0, e1 = begin1, f0 = begin0, f1 = begin1;
      for (let at = first, last = first + bytes; at < last; at += sizeof<T>(), weight += 32) {
        const left = v128.load(weight), right = v128.load(weight, 16);
        let value = v128.load_splat<T>(at);
        a0 = v128.relaxed_madd<T>(value, left, a0);
        a1 = v128.relaxed_madd<T>(value, right, a1);
        value = v128.load_splat<T>(at + row);
        b0 = v128.relaxed_madd<T>(value, left, b0);
        b1 = v128.relaxed_madd<T>(value, right, b1);
        value = v128.load_splat<T>(at + 2 * row);
        c0 = v128.relaxed_madd<T>(value, left, c0);
        c1 = v128.relaxed_madd<T>(value, right, c1);
        value = v128.load_splat<T>(at + 3 * row);
        d0 = v128.relaxed_madd<T>(value, left, d0);
        d1 = v128.relaxed_madd<T>(value, right, d1);
        value = v128.load_splat<T>(at + 4 * row);
        e0 = v128.relaxed_madd<T>(value, left, e0);
        e1 = v128.relaxed_madd<T>(value, right, e1);
        value = v128.load_splat<T>(at + 5 * row);
        f0 = v128.relaxed_madd<T>(value, left, f0);
        f1 = v128.relaxed_madd<T>(value, right, f1);
      }
      let to = out + <usize>i * step + (<usize>panel << 5);
      v128.store(to, a0);
      v128.store(to, a1, 16);
      to += step;
      v128.store(to, b0);
      v128.store(to, b1, 16);
      to += step;
      v128.store(to, c0);
      v128.store(to, c1, 16);
      to += step;
      v128.store(to, d0);
      v128.store(to, d1, 16);
      to += step;
      v128.store(to, e0);
      v128.store(to, e1, 16);
      to += step;
      v128.store(to, f0);
      v128.store(to, f1, 16);
    }
  }
}

/** Adds a vector to what lies at a place. */
@inline function addTo<T>(place: usize, left: v128, right: v128): void {
  v128.store(place, v128.add<T>(v128.load(place), left));
  v128.store(place, v128.add<T>(v128.load(place, 16), right), 16);
}

/** gradient += aᵀ · deltas: `inner` values of each of `rows` rows by `panels` panels of deltas; the gradient lies as the weights do. */
@inline function outer<T>(
  a: usize, strideA: i32, deltas: usize, strideD: i32, rows: i32, inner: i32, panels: i32, gradient: usize,
): void {
  const row = <usize>strideA, step = <usize>strideD;
  for (let panel = 0; panel < panels; panel++)
    for (let i = 0; i < inner; i += 6) {
      let a0 = v128.splat<T>(0), a1 = v128.splat<T>(0), b0 = v128.splat<T>(0), b1 = v128.splat<T>(0), c0 = v128.splat<T>(0), c1 = v128.splat<T>(0);
      let d0 = v128.splat<T>(0), d1 = v128.splat<T>(0), e0 = v128.splat<T>(0), e1 = v128.splat<T>(0), f0 = v128.splat<T>(0), f1 = v128.splat<T>(0);
      let at = a + <usize>i * sizeof<T>();
      let delta = deltas + (<usize>panel << 5);
      for (let b = 0; b < rows; b++, at += row, delta += step) {
        const left = v128.load(delta), right = v128.load(delta, 16);
        let value = v128.load_splat<T>(at);
        a0 = v128.relaxed_madd<T>(value, left, a0);
        a1 = v128.relaxed_madd<T>(value, right, a1);
        value = v128.load_splat<T>(at + 1 * sizeof<T>());
        b0 = v128.relaxed_madd<T>(value, left, b0);
        b1 = v128.relaxed_madd<T>(value, right, b1);
        value = v128.load_splat<T>(at + 2 * sizeof<T>());
        c0 = v128.relaxed_madd<T>(value, left, c0);
        c1 = v128.relaxed_madd<T>(value, right, c1);
        value = v128.load_splat<T>(at + 3 * sizeof<T>());
        d0 = v128.relaxed_madd<T>(value, left, d0);
        d1 = v128.relaxed_madd<T>(value, right, d1);
        value = v128.load_splat<T>(at + 4 * sizeof<T>());
        e0 = v128.relaxed_madd<T>(value, left, e0);
        e1 = v128.relaxed_madd<T>(value, right, e1);
        value = v128.load_splat<T>(at + 5 * sizeof<T>());
        f0 = v128.relaxed_madd<T>(value, left, f0);
        f1 = v128.relaxed_madd<T>(value, right, f1);
      }
      const to = gradient + ((<usize>panel * <usize>inner + <usize>i) << 5);
      addTo<T>(to, a0, a1);
      if (i + 1 < inner) addTo<T>(to + 32, b0, b1);
      if (i + 2 < inner) addTo<T>(to + 64, c0, c1);
      if (i + 3 < inner) addTo<T>(to + 96, d0, d1);
      if (i + 4 < inner) addTo<T>(to + 128, e0, e1);
      if (i + 5 < inner) addTo<T>(to + 160, f0, f1);
    }
}

/** The transpose (columns × inner) of a matrix in panels, in panels; what fills its last panel stays as it is. */
@inline function transpose<T>(w: usize, inner: i32, columns: i32, out: usize): void {
  const width = 32 / <i32>sizeof<T>();
  for (let j = 0; j < columns; j++) {
    let from = w + (<usize>(j / width * inner) << 5) + <usize>(j % width) * sizeof<T>();
    for (let k = 0; k < inner; k++, from += 32) {
      const to = out + (<usize>(k / width * columns + j) << 5) + <usize>(k % width) * sizeof<T>();
      store<T>(to, load<T>(from));
    }
  }
}

/** sums += the sums over `rows` rows of `panels` panels of deltas. */
@inline function columnSums<T>(deltas: usize, stride: i32, rows: i32, panels: i32, sums: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    let left = v128.splat<T>(0), right = left;
    let at = deltas + (<usize>panel << 5);
    for (let b = 0; b < rows; b++, at += <usize>stride) {
      left = v128.add<T>(left, v128.load(at));
      right = v128.add<T>(right, v128.load(at, 16));
    }
    addTo<T>(sums + (<usize>panel << 5), left, right);
  }
}

/** e^x of four floats, to 2 units in the last place. Source: Moshier, Cephes, expf. */
@inline function exponential32(value: v128): v128 {
  const x = f32x4.min(f32x4.max(value, f32x4.splat(-87)), f32x4.splat(88));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

@inline function exponentialOf<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? exponential32(x) : exponential(x);
}

/** The activation in place, over `bytes` bytes: 1 logistic, 2 tanh, 3 relu. */
@inline function activate<T>(kind: i32, values: usize, bytes: usize): void {
  const one = v128.splat<T>(1), two = v128.splat<T>(2), zero = v128.splat<T>(0);
  const most = sizeof<T>() == 4 ? v128.splat<T>(43) : v128.splat<T>(350);
  for (let at = values, end = values + bytes; at < end; at += 16) {
    const x = v128.load(at);
    if (kind == 3) v128.store(at, v128.max<T>(x, zero));
    else if (kind == 1) v128.store(at, v128.div<T>(one, v128.add<T>(one, exponentialOf<T>(v128.min<T>(v128.neg<T>(x), v128.mul<T>(two, most))))));
    else {
      // tanh x = 1 − 2 / (e²ˣ + 1)
      const bound = v128.min<T>(v128.max<T>(x, v128.neg<T>(most)), most);
      const e = exponentialOf<T>(v128.mul<T>(two, bound));
      v128.store(at, v128.sub<T>(one, v128.div<T>(two, v128.add<T>(e, one))));
    }
  }
}

/** deltas ·= the activation's slope where it gave `values`, over `bytes` bytes. */
@inline function slopes<T>(kind: i32, values: usize, deltas: usize, bytes: usize): void {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const y = v128.load(values + at), delta = v128.load(deltas + at);
    if (kind == 3) v128.store(deltas + at, v128.and(delta, v128.gt<T>(y, zero)));
    else if (kind == 1) v128.store(deltas + at, v128.mul<T>(delta, v128.mul<T>(y, v128.sub<T>(one, y))));
    else v128.store(deltas + at, v128.mul<T>(delta, v128.sub<T>(one, v128.mul<T>(y, y))));
  }
}

/** Σ values², over `bytes` bytes. */
@inline function squares<T>(values: usize, bytes: usize): f64 {
  let sum = v128.splat<T>(0);
  for (let at = values, end = values + bytes; at < end; at += 16) sum = v128.add<T>(sum, v128.mul<T>(v128.load(at), v128.load(at)));
  let total: f64 = 0;
  if (sizeof<T>() == 4) total = <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 1) + <f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3);
  else total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return total;
}

/**
 * A step of Adam over `bytes` bytes of weights: gradient · share + weight · penalty; first and second moments beside it.
 * Source: Kingma & Ba (2015), Adam, algorithm 1.
 */
export function adamStep(
  weights: usize, gradient: usize, first: usize, second: usize, bytes: usize,
  share: f32, penalty: f32, rate: f32, beta1: f32, beta2: f32, epsilon: f32,
): void {
  const one1 = f32x4.splat(1 - beta1), one2 = f32x4.splat(1 - beta2), b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  for (let at: usize = 0; at < bytes; at += 16) {
    const w = v128.load(weights + at);
    const g = f32x4.add(f32x4.mul(v128.load(gradient + at), f32x4.splat(share)), f32x4.mul(w, f32x4.splat(penalty)));
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + at)), f32x4.mul(one1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + at)), f32x4.mul(one2, f32x4.mul(g, g)));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const move = f32x4.div(f32x4.mul(f32x4.splat(rate), m), f32x4.add(f32x4.sqrt(v), f32x4.splat(epsilon)));
    v128.store(weights + at, f32x4.sub(w, move));
  }
}

/** A step of gradient descent with (Nesterov's) momentum over `bytes` bytes of weights; `velocity` beside it. */
export function momentumStep(
  weights: usize, gradient: usize, velocity: usize, bytes: usize, share: f32, penalty: f32, rate: f32, momentum: f32, nesterov: bool,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const w = v128.load(weights + at);
    const g = f32x4.add(f32x4.mul(v128.load(gradient + at), f32x4.splat(share)), f32x4.mul(w, f32x4.splat(penalty)));
    const down = f32x4.mul(f32x4.splat(rate), g);
    const speed = f32x4.sub(f32x4.mul(f32x4.splat(momentum), v128.load(velocity + at)), down);
    v128.store(velocity + at, speed);
    const move = nesterov ? f32x4.sub(f32x4.mul(f32x4.splat(momentum), speed), down) : speed;
    v128.store(weights + at, f32x4.add(w, move));
  }
}

/** Copies `count` rows of `bytes` bytes, by their numbers. */
export function gatherRows(from: usize, bytes: i32, numbers: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++)
    memory.copy(to + <usize>i * <usize>bytes, from + <usize>load<u32>(numbers + (<usize>i << 2)) * <usize>bytes, <usize>bytes);
}

/** `affine` of 32-bit numbers. */
export function denseAffine32(a: usize, strideA: i32, rows: i32, inner: i32, w: usize, panels: i32, bias: usize, out: usize, strideOut: i32): void {
  affine<f32>(a, strideA, rows, inner, w, panels, bias, out, strideOut);
}

/** `affine` of 64-bit numbers. */
export function denseAffine64(a: usize, strideA: i32, rows: i32, inner: i32, w: usize, panels: i32, bias: usize, out: usize, strideOut: i32): void {
  affine<f64>(a, strideA, rows, inner, w, panels, bias, out, strideOut);
}

/** `outer` of 32-bit numbers. */
export function denseOuter32(a: usize, strideA: i32, deltas: usize, strideD: i32, rows: i32, inner: i32, panels: i32, gradient: usize): void {
  outer<f32>(a, strideA, deltas, strideD, rows, inner, panels, gradient);
}

/** `outer` of 64-bit numbers. */
export function denseOuter64(a: usize, strideA: i32, deltas: usize, strideD: i32, rows: i32, inner: i32, panels: i32, gradient: usize): void {
  outer<f64>(a, strideA, deltas, strideD, rows, inner, panels, gradient);
}

/** `transpose` of 32-bit numbers. */
export function denseTranspose32(w: usize, inner: i32, columns: i32, out: usize): void {
  transpose<f32>(w, inner, columns, out);
}

/** `transpose` of 64-bit numbers. */
export function denseTranspose64(w: usize, inner: i32, columns: i32, out: usize): void {
  transpose<f64>(w, inner, columns, out);
}

/** `columnSums` of 32-bit numbers. */
export function denseColumnSums32(deltas: usize, stride: i32, rows: i32, panels: i32, sums: usize): void {
  columnSums<f32>(deltas, stride, rows, panels, sums);
}

/** `columnSums` of 64-bit numbers. */
export function denseColumnSums64(deltas: usize, stride: i32, rows: i32, panels: i32, sums: usize): void {
  columnSums<f64>(deltas, stride, rows, panels, sums);
}

/** `activate` of 32-bit numbers. */
export function denseActivate32(kind: i32, values: usize, bytes: usize): void {
  if (kind == 1) activate<f32>(1, values, bytes);
  else if (kind == 2) activate<f32>(2, values, bytes);
  else activate<f32>(3, values, bytes);
}

/** `activate` of 64-bit numbers. */
export function denseActivate64(kind: i32, values: usize, bytes: usize): void {
  if (kind == 1) activate<f64>(1, values, bytes);
  else if (kind == 2) activate<f64>(2, values, bytes);
  else activate<f64>(3, values, bytes);
}

/** `slopes` of 32-bit numbers. */
export function denseSlopes32(kind: i32, values: usize, deltas: usize, bytes: usize): void {
  if (kind == 1) slopes<f32>(1, values, deltas, bytes);
  else if (kind == 2) slopes<f32>(2, values, deltas, bytes);
  else slopes<f32>(3, values, deltas, bytes);
}

/** `slopes` of 64-bit numbers. */
export function denseSlopes64(kind: i32, values: usize, deltas: usize, bytes: usize): void {
  if (kind == 1) slopes<f64>(1, values, deltas, bytes);
  else if (kind == 2) slopes<f64>(2, values, deltas, bytes);
  else slopes<f64>(3, values, deltas, bytes);
}

/** `squares` of 32-bit numbers. */
export function denseSquares32(values: usize, bytes: usize): f64 {
  return squares<f32>(values, bytes);
}

/** `squares` of 64-bit numbers. */
export function denseSquares64(values: usize, bytes: usize): f64 {
  return squares<f64>(values, bytes);
}
