// Bayesian personalised ranking: steps of stochastic gradients on rows of `width` floats, a multiple of 8. The last of `factors` + 1 values is the
// item's bias: there a user holds 1.
import { holds } from "./ascending-codes";
import { exponential } from "./exponential";

@inline function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}

/**
 * For pair after pair (`pairUsers`, `pairItems`) draws a second item by its word from `pool` (`size` codes); where the user (offsets, codes: what they took)
 * does not have it, moves the user and both items so that the first comes before the second. Adds to `counts` how many pairs were tried, and how many
 * stood right already. O(width + log taken) a pair. Source: Rendle et al. (2009), "BPR: Bayesian personalized ranking from implicit feedback", UAI.
 */
export function rankPairs(
  pairUsers: usize, pairItems: usize, words: usize, count: i32, pool: usize, size: i32, offsets: usize, codes: usize,
  users: usize, items: usize, width: i32, factors: i32, rate: f32, penalty: f32, counts: usize,
): void {
  const bytes = <usize>width << 2;
  const keep = f32x4.splat(-rate * penalty);
  let tried = 0, right = 0;
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 4) {
    const user = load<i32>(pairUsers + k), item = load<i32>(pairItems + k);
    const place = <u32>((<u64>load<u32>(words + k) * <u64>size) >> 32);
    const other = load<i32>(pool + (<usize>place << 2));
    const begin = load<i32>(offsets + (<usize>user << 2)), last = load<i32>(offsets + (<usize>user << 2), 4);
    if (holds(codes, begin, last, other)) continue;
    const x = users + <usize>user * bytes, y = items + <usize>item * bytes, z = items + <usize>other * bytes;
    let sums = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16)
      sums = f32x4.relaxed_madd(v128.load(x + at), f32x4.sub(v128.load(y + at), v128.load(z + at)), sums);
    const score = <f64>total(sums);
    tried++;
    if (score > 0) right++;
    const step = f32x4.splat(rate * <f32>(1 / (1 + f64x2.extract_lane(exponential(f64x2.splat(min(max(score, -700), 700))), 0))));
    for (let at: usize = 0; at < bytes; at += 16) {
      const u = v128.load(x + at), i = v128.load(y + at), j = v128.load(z + at);
      v128.store(x + at, f32x4.relaxed_madd(keep, u, f32x4.relaxed_madd(step, f32x4.sub(i, j), u)));
      v128.store(y + at, f32x4.relaxed_madd(keep, i, f32x4.relaxed_madd(step, u, i)));
      v128.store(z + at, f32x4.relaxed_madd(keep, j, f32x4.relaxed_nmadd(step, u, j)));
    }
    store<f32>(x + (<usize>factors << 2), 1);
  }
  store<i32>(counts, load<i32>(counts) + tried);
  store<i32>(counts, load<i32>(counts, 4) + right, 4);
}
