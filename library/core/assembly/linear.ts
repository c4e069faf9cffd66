// Sums over the rows of linear models. Rows of x are `stride` doubles wide: even, padded with zeros.
import { exponential, logarithm, logOnePlus } from "./exponential";

@inline function at(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
}

@inline function laneSum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

@inline function dot(a: usize, b: usize, stride: i32): f64 {
  let even = f64x2.splat(0.0);
  let odd = f64x2.splat(0.0);
  let j: i32 = 0;
  for (; j + 4 <= stride; j += 4) {
    even = f64x2.add(even, f64x2.mul(v128.load(at(a, j)), v128.load(at(b, j))));
    odd = f64x2.add(odd, f64x2.mul(v128.load(at(a, j), 16), v128.load(at(b, j), 16)));
  }
  if (j < stride) even = f64x2.add(even, f64x2.mul(v128.load(at(a, j)), v128.load(at(b, j))));
  return laneSum(f64x2.add(even, odd));
}

/** gram (stride × stride, lower triangle and a lane beyond) += Σ wᵢ xᵢ xᵢᵀ over n rows, n a multiple of 4. */
export function weightedGram(x: usize, weights: usize, n: i32, stride: i32, gram: usize): void {
  for (let i = 0; i < n; i += 4) {
    const a = at(x, i * stride);
    const b = at(a, stride);
    const c = at(b, stride);
    const e = at(c, stride);
    const wa = load<f64>(at(weights, i));
    const wb = load<f64>(at(weights, i + 1));
    const wc = load<f64>(at(weights, i + 2));
    const we = load<f64>(at(weights, i + 3));
    for (let j = 0; j < stride; j++) {
      const offset = <usize>j << 3;
      const sa = f64x2.splat(wa * load<f64>(a + offset));
      const sb = f64x2.splat(wb * load<f64>(b + offset));
      const sc = f64x2.splat(wc * load<f64>(c + offset));
      const se = f64x2.splat(we * load<f64>(e + offset));
      const row = at(gram, j * stride);
      for (let k = 0; k <= j; k += 2) {
        const step = <usize>k << 3;
        const left = f64x2.add(f64x2.mul(sa, v128.load(a + step)), f64x2.mul(sb, v128.load(b + step)));
        const right = f64x2.add(f64x2.mul(sc, v128.load(c + step)), f64x2.mul(se, v128.load(e + step)));
        v128.store(row + step, f64x2.add(v128.load(row + step), f64x2.add(left, right)));
      }
    }
  }
}

/** Σ wᵢ log-loss of two classes; adds to `gradient`, writes wᵢ pᵢ (1 − pᵢ) to `curvature`. Two rows a turn, n even. */
export function binaryLogLoss(
  x: usize,
  y: usize,
  weights: usize,
  n: i32,
  stride: i32,
  beta: usize,
  gradient: usize,
  curvature: usize,
): f64 {
  let loss = f64x2.splat(0.0);
  const one = f64x2.splat(1.0);
  const zero = f64x2.splat(0.0);
  for (let i = 0; i < n; i += 2) {
    const a = at(x, i * stride);
    const b = at(a, stride);
    const score = f64x2.replace_lane(f64x2.splat(dot(a, beta, stride)), 1, dot(b, beta, stride));
    const e = exponential(f64x2.neg(f64x2.abs(score)));
    const w = v128.load(at(weights, i));
    const label = v128.load(at(y, i));
    // log(1 + e^score) − y·score, without overflow
    const own = f64x2.sub(f64x2.add(f64x2.pmax(zero, score), logOnePlus(e)), f64x2.mul(label, score));
    loss = f64x2.add(loss, f64x2.mul(w, own));
    const share = f64x2.div(one, f64x2.add(one, e));
    const p = v128.bitselect(f64x2.mul(e, share), share, f64x2.lt(score, zero));
    v128.store(at(curvature, i), f64x2.mul(w, f64x2.mul(e, f64x2.mul(share, share))));
    const residual = f64x2.mul(w, f64x2.sub(p, label));
    const ra = f64x2.splat(f64x2.extract_lane(residual, 0));
    const rb = f64x2.splat(f64x2.extract_lane(residual, 1));
    for (let j = 0; j < stride; j += 2) {
      const step = <usize>j << 3;
      const part = f64x2.add(f64x2.mul(ra, v128.load(a + step)), f64x2.mul(rb, v128.load(b + step)));
      v128.store(gradient + step, f64x2.add(v128.load(gradient + step), part));
    }
  }
  return laneSum(loss);
}

/** Σ wᵢ log-loss of k classes; adds to `gradient` (k × stride), writes the probabilities to `proba` (n × k). */
export function multinomialLogLoss(
  x: usize,
  y: usize,
  weights: usize,
  n: i32,
  stride: i32,
  k: i32,
  beta: usize,
  gradient: usize,
  proba: usize,
): f64 {
  let loss: f64 = 0.0;
  for (let i = 0; i < n; i++) {
    const row = at(x, i * stride);
    const out = at(proba, i * k);
    let top: f64 = -Infinity;
    for (let c = 0; c < k; c++) {
      const score = dot(row, at(beta, c * stride), stride);
      store<f64>(at(out, c), score);
      if (score > top) top = score;
    }
    const label = <i32>load<f64>(at(y, i));
    const own = load<f64>(at(out, label));
    let sum: f64 = 0.0;
    for (let c = 0; c < k; c++) {
      const e = f64x2.extract_lane(exponential(f64x2.splat(load<f64>(at(out, c)) - top)), 0);
      store<f64>(at(out, c), e);
      sum += e;
    }
    const w = load<f64>(at(weights, i));
    loss += w * (f64x2.extract_lane(logarithm(f64x2.splat(sum)), 0) + top - own);
    for (let c = 0; c < k; c++) {
      const p = load<f64>(at(out, c)) / sum;
      store<f64>(at(out, c), p);
      const residual = f64x2.splat(w * (c == label ? p - 1.0 : p));
      const line = at(gradient, c * stride);
      for (let j = 0; j < stride; j += 2) {
        const step = <usize>j << 3;
        v128.store(line + step, f64x2.add(v128.load(line + step), f64x2.mul(residual, v128.load(row + step))));
      }
    }
  }
  return loss;
}
