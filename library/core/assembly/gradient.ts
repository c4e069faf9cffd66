// First and second derivatives of the losses, as fixed-point integers. One block of rows at a time: derivatives into a buffer, then measured or quantised.

const block: i32 = 256;

/** eˣ of two doubles, relative error below 2 · 10⁻¹⁶ for |x| ≤ 708; beyond that of ±708. Source: Cody & Waite (1980); Taylor to the 13th term on |r| ≤ ln 2 / 2. */
@inline function exp2x(given: v128): v128 {
  const x = f64x2.min(f64x2.max(given, f64x2.splat(-708)), f64x2.splat(708));
  const k = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(0.6931471803691238))), f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  let p = f64x2.splat(1.6059043836821613e-10);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.08767569878681e-9));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.505210838544172e-8));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.755731922398589e-7));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.755731922398589e-6));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.48015873015873e-5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.984126984126984e-4));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.388888888888889e-3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(8.333333333333333e-3));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(4.1666666666666664e-2));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.6666666666666666e-1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  // k as an integer in the exponent's place
  const bits = i64x2.shl(i64x2.add(f64x2.add(k, f64x2.splat(6755399441055744.0)), i64x2.splat(1023)), 52);
  return f64x2.mul(p, bits);
}

/** eˣ over n doubles (n even or one spare place), for tests and predictions. */
export function exponentials(x: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 2) v128.store(out + (<usize>i << 3), exp2x(v128.load(x + (<usize>i << 3))));
}

/** Derivatives of a loss over n rows: scores s, targets y → g, h. `alpha`: the loss's own parameter. */
function derive(loss: i32, s: usize, y: usize, n: i32, alpha: f64, g: usize, h: usize): void {
  const one = f64x2.splat(1);
  for (let i = 0; i < n; i += 2) {
    const at = <usize>i << 3;
    const score = v128.load(s + at);
    const target = v128.load(y + at);
    let first: v128;
    let second = one;
    switch (loss) {
      case 0: { // binary: alpha is the sigmoid's steepness
        const p = f64x2.div(one, f64x2.add(one, exp2x(f64x2.mul(score, f64x2.splat(-alpha)))));
        first = f64x2.mul(f64x2.sub(p, target), f64x2.splat(alpha));
        second = f64x2.mul(f64x2.mul(p, f64x2.sub(one, p)), f64x2.splat(alpha * alpha));
        break;
      }
      case 1: // squared error
        first = f64x2.sub(score, target);
        break;
      case 2: { // absolute error: the sign
        const off = f64x2.sub(score, target);
        first = f64x2.sub(v128.and(f64x2.gt(off, f64x2.splat(0)), one), v128.and(f64x2.lt(off, f64x2.splat(0)), one));
        break;
      }
      case 3: // Huber: alpha is where the loss turns linear
        first = f64x2.min(f64x2.max(f64x2.sub(score, target), f64x2.splat(-alpha)), f64x2.splat(alpha));
        break;
      case 4: // quantile alpha
        first = v128.bitselect(f64x2.splat(1 - alpha), f64x2.splat(-alpha), f64x2.ge(score, target));
        break;
      case 5: { // Poisson: alpha is e to the largest step
        const e = exp2x(score);
        first = f64x2.sub(e, target);
        second = f64x2.mul(e, f64x2.splat(alpha));
        break;
      }
      case 6: { // gamma
        second = f64x2.mul(target, exp2x(f64x2.neg(score)));
        first = f64x2.sub(one, second);
        break;
      }
      default: { // Tweedie: alpha is the power of the variance
        const a = f64x2.mul(target, exp2x(f64x2.mul(score, f64x2.splat(1 - alpha))));
        const b = exp2x(f64x2.mul(score, f64x2.splat(2 - alpha)));
        first = f64x2.sub(b, a);
        second = f64x2.sub(f64x2.mul(b, f64x2.splat(2 - alpha)), f64x2.mul(a, f64x2.splat(1 - alpha)));
      }
    }
    v128.store(g + at, first);
    v128.store(h + at, second);
  }
}

/** Largest |g| and h over n rows of the buffer, joined with what `peaks` (f64 × 2) holds. */
function measure(g: usize, h: usize, n: i32, peaks: usize): void {
  let topG = load<f64>(peaks);
  let topH = load<f64>(peaks, 8);
  for (let i = 0; i < n; i++) {
    topG = max<f64>(topG, abs<f64>(load<f64>(g + (<usize>i << 3))));
    topH = max<f64>(topH, abs<f64>(load<f64>(h + (<usize>i << 3))));
  }
  store<f64>(peaks, topG);
  store<f64>(peaks, topH, 8);
}

/** (g, h) · scale, rounded to i32 pairs. */
function quantise(g: usize, h: usize, n: i32, scaleG: f64, scaleH: f64, out: usize): void {
  const byG = f64x2.splat(scaleG);
  const byH = f64x2.splat(scaleH);
  for (let i = 0; i < n; i += 2) {
    const at = <usize>i << 3;
    const wholeG = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(v128.load(g + at), byG)));
    const wholeH = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(v128.load(h + at), byH)));
    const pairs = v128.shuffle<i32>(wholeG, wholeH, 0, 4, 1, 5);
    if (i + 1 < n) v128.store(out + at, pairs);
    else v128.store64_lane(out + at, pairs, 0);
  }
}

@inline function weigh(g: usize, h: usize, weights: usize, n: i32): void {
  for (let i = 0; i < n; i += 2) {
    const at = <usize>i << 3;
    const weight = v128.load(weights + at);
    v128.store(g + at, f64x2.mul(v128.load(g + at), weight));
    v128.store(h + at, f64x2.mul(v128.load(h + at), weight));
  }
}

/**
 * Derivatives of rows first … first + n − 1. `weights` may be 0 for all 1. With `out` 0 their largest sizes are joined to `peaks`; otherwise they are written to `out` as
 * quantised pairs. Arrays must be readable one place beyond their end; `buffer`: 4,096 bytes.
 */
export function gradients(
  loss: i32, scores: usize, targets: usize, weights: usize, first: i32, n: i32, alpha: f64, scaleG: f64, scaleH: f64, out: usize, peaks: usize, buffer: usize,
): void {
  const h = buffer + (block << 3);
  for (let begin = first; begin < first + n; begin += block) {
    const size = min<i32>(block, first + n - begin);
    const at = <usize>begin << 3;
    derive(loss, scores + at, targets + at, size, alpha, buffer, h);
    if (weights) weigh(buffer, h, weights + at, size);
    if (out) quantise(buffer, h, size, scaleG, scaleH, out + at);
    else measure(buffer, h, size, peaks);
  }
}

/**
 * The same for the multinomial loss: scores and quantised pairs lie class by class, `rows` apart; h is p (1 − p) · factor.
 */
export function multinomialGradients(
  classes: i32, rows: i32, scores: usize, targets: usize, weights: usize, first: i32, n: i32, factor: f64, scaleG: f64, scaleH: f64, out: usize, buffer: usize,
): void {
  const h = buffer + (block << 3);
  const totals = h + (block << 3);
  const tops = totals + (block << 3);
  for (let begin = first; begin < first + n; begin += block) {
    const size = min<i32>(block, first + n - begin);
    const at = <usize>begin << 3;
    for (let i = 0; i < size; i += 2) {
      const here = at + (<usize>i << 3);
      let top = v128.load(scores + here);
      for (let k = 1; k < classes; k++) top = f64x2.max(top, v128.load(scores + <usize>k * <usize>rows * 8 + here));
      let total = f64x2.splat(0);
      for (let k = 0; k < classes; k++) total = f64x2.add(total, exp2x(f64x2.sub(v128.load(scores + <usize>k * <usize>rows * 8 + here), top)));
      v128.store(totals + (<usize>i << 3), total);
      v128.store(tops + (<usize>i << 3), top);
    }
    for (let k = 0; k < classes; k++) {
      const own = scores + <usize>k * <usize>rows * 8 + at;
      for (let i = 0; i < size; i += 2) {
        const o = <usize>i << 3;
        const p = f64x2.div(exp2x(f64x2.sub(v128.load(own + o), v128.load(tops + o))), v128.load(totals + o));
        const is = v128.and(f64x2.eq(v128.load(targets + at + o), f64x2.splat(<f64>k)), f64x2.splat(1));
        v128.store(buffer + o, f64x2.sub(p, is));
        v128.store(h + o, f64x2.mul(f64x2.mul(p, f64x2.sub(f64x2.splat(1), p)), f64x2.splat(factor)));
      }
      if (weights) weigh(buffer, h, weights + at, size);
      quantise(buffer, h, size, scaleG, scaleH, out + <usize>k * <usize>rows * 8 + at);
    }
  }
}

/** Derivatives that somebody else computed (f64 g and h of rows first … first + n − 1), measured or quantised. */
export function quantiseGiven(g: usize, h: usize, first: i32, n: i32, scaleG: f64, scaleH: f64, out: usize, peaks: usize): void {
  const at = <usize>first << 3;
  if (out) quantise(g + at, h + at, n, scaleG, scaleH, out + at);
  else measure(g + at, h + at, n, peaks);
}
