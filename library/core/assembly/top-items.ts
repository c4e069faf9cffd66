// The best items of many users by products of factors: rows of `width` floats. Items lie in groups of 8, users in tiles of 6, column by column.
import { holds } from "./ascending-codes";

const groupItems: i32 = 8;
const tileUsers: i32 = 6;
/** Groups that stay in the cache while all users pass over them: about 128 kB. */
const blockBytes: i32 = 131072;

/** Puts an item at its place among a user's best: before those of a lower score, and of equals before the higher codes. */
@inline function insert(score: f32, item: i32, k: i32, scores: usize, items: usize): void {
  let place = k - 1;
  for (; place > 0; place--) {
    const other = load<f32>(scores + (<usize>(place - 1) << 2)), code = load<i32>(items + (<usize>(place - 1) << 2));
    if (!comesBefore(score, item, other, code)) break;
    store<f32>(scores + (<usize>place << 2), other);
    store<i32>(items + (<usize>place << 2), code);
  }
  store<f32>(scores + (<usize>place << 2), score);
  store<i32>(items + (<usize>place << 2), item);
}

@inline function comesBefore(score: f32, item: i32, other: f32, code: i32): bool {
  return score > other || (score == other && item < code);
}

/** Offers the items of a group that are as good as a user's worst, or better. `values`: the group's 8 scores. */
function offer(
  left: v128, right: v128, better: i32, user: i32, group: i32, count: i32, items: i32, order: usize, k: i32,
  thresholds: usize, scores: usize, codes: usize, allowed: usize, offsets: usize, hidden: usize, values: usize,
): void {
  if (user >= count) return;
  v128.store(values, left);
  v128.store(values, right, 16);
  const best = scores + (<usize>(user * k) << 2), list = codes + (<usize>(user * k) << 2);
  const threshold = thresholds + (<usize>user << 2), last = <usize>(k - 1) << 2;
  const begin = load<i32>(offsets + (<usize>user << 3)), end = load<i32>(offsets + (<usize>user << 3), 4);
  for (; better != 0; better &= better - 1) {
    const lane = ctz(better);
    const place = group * groupItems + lane;
    if (place >= items) return;
    const score = load<f32>(values + (<usize>lane << 2)), item = load<i32>(order + (<usize>place << 2));
    if (!(score > -Infinity && comesBefore(score, item, load<f32>(best + last), load<i32>(list + last)))) continue;
    if (allowed != 0 && load<u8>(allowed + <usize>item) == 0) continue;
    if (holds(hidden, begin, end, item)) continue;
    insert(score, item, k, best, list);
    store<f32>(threshold, load<f32>(best + last));
  }
}

/** One bit for each of eight scores that reach a threshold. */
@inline function better(left: v128, right: v128, threshold: v128): i32 {
  return i32x4.bitmask(f32x4.ge(left, threshold)) | (i32x4.bitmask(f32x4.ge(right, threshold)) << 4);
}

/** Whether items no longer than `length` can reach a user's threshold: by Cauchy and Schwarz a score is at most the product of the lengths. */
@inline function canReach(length: f32, user: i32, norms: usize, thresholds: usize): bool {
  return length * load<f32>(norms + (<usize>user << 2)) >= load<f32>(thresholds + (<usize>user << 2));
}

/** The same for one user, four groups at a time: as fast as memory gives the items. The sums are those of a tile, bit by bit. */
function topOfOne(
  packed: usize, items: i32, groups: i32, order: usize, lengths: usize, width: i32, tile: usize, norms: usize, k: i32, thresholds: usize,
  scores: usize, codes: usize, allowed: usize, offsets: usize, hidden: usize, values: usize,
): void {
  const groupBytes = <usize>width << 5;
  const end = tile + <usize>width * 4 * tileUsers;
  let group = 0;
  for (; group + 4 <= groups; group += 4) {
    if (!canReach(load<f32>(lengths + (<usize>group << 2)), 0, norms, thresholds)) return;
    let a = packed + <usize>group * groupBytes, b = a + groupBytes, c = b + groupBytes, d = c + groupBytes;
    let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (let user = tile; user < end; user += 4 * tileUsers) {
      const value = v128.load32_splat(user);
      a0 = f32x4.relaxed_madd(value, v128.load(a), a0);
      a1 = f32x4.relaxed_madd(value, v128.load(a, 16), a1);
      b0 = f32x4.relaxed_madd(value, v128.load(b), b0);
      b1 = f32x4.relaxed_madd(value, v128.load(b, 16), b1);
      c0 = f32x4.relaxed_madd(value, v128.load(c), c0);
      c1 = f32x4.relaxed_madd(value, v128.load(c, 16), c1);
      d0 = f32x4.relaxed_madd(value, v128.load(d), d0);
      d1 = f32x4.relaxed_madd(value, v128.load(d, 16), d1);
      a += 32;
      b += 32;
      c += 32;
      d += 32;
    }
    const limit = v128.load32_splat(thresholds);
    const inA = better(a0, a1, limit), inB = better(b0, b1, limit), inC = better(c0, c1, limit), inD = better(d0, d1, limit);
    if ((inA | inB | inC | inD) == 0) continue;
    if (inA != 0) offer(a0, a1, inA, 0, group, 1, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
    if (inB != 0) offer(b0, b1, inB, 0, group + 1, 1, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
    if (inC != 0) offer(c0, c1, inC, 0, group + 2, 1, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
    if (inD != 0) offer(d0, d1, inD, 0, group + 3, 1, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
  }
  for (; group < groups; group++) {
    let item = packed + <usize>group * groupBytes;
    let left = f32x4.splat(0), right = left;
    for (let user = tile; user < end; user += 4 * tileUsers, item += 32) {
      const value = v128.load32_splat(user);
      left = f32x4.relaxed_madd(value, v128.load(item), left);
      right = f32x4.relaxed_madd(value, v128.load(item, 16), right);
    }
    const found = better(left, right, v128.load32_splat(thresholds));
    if (found != 0) offer(left, right, found, 0, group, 1, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
  }
}

/**
 * The k items of largest product with each of `count` users, largest first, of equals the lower code. `packed`: items in groups, the longest first;
 * `order`: their codes, `lengths`: a bound a group of what its items can give a user of length 1; `tiles`: users in tiles, `norms`: their lengths, rounded up.
 * Where a user has k items that the shorter ones cannot reach, those are left out. `thresholds`: a float a user (room for a multiple of 6), at the start −∞, ∞ for the users that only fill the last tile. `scores` (count × k) begin −∞.
 * `allowed`: a byte an item, 0 for those that may not be shown; no such list where it is 0. Items hidden[k], ascending,
 * are hidden from user u for k from offsets[2u] to before offsets[2u + 1]. `values`: room for 8 floats. O(items width) a user.
 */
export function topItems(
  packed: usize, items: i32, order: usize, lengths: usize, width: i32, tiles: usize, norms: usize, count: i32, k: i32, thresholds: usize,
  scores: usize, codes: usize, allowed: usize, offsets: usize, hidden: usize, values: usize,
): void {
  const groups = (items + groupItems - 1) / groupItems;
  if (count == 1)
    return topOfOne(packed, items, groups, order, lengths, width, tiles, norms, k, thresholds, scores, codes, allowed, offsets, hidden, values);
  const groupBytes = <usize>width << 5;
  const tileBytes = <usize>width * 4 * tileUsers;
  const block = max(1, blockBytes / <i32>groupBytes);
  for (let first = 0; first < groups; first += block) {
    const last = min(groups, first + block);
    for (let u = 0, tile = tiles; u < count; u += tileUsers, tile += tileBytes) {
      const length = load<f32>(lengths + (<usize>first << 2));
      let isReached = false;
      for (let user = u; user < min(u + tileUsers, count); user++) isReached = isReached || canReach(length, user, norms, thresholds);
      if (!isReached) continue;
      const limit = thresholds + (<usize>u << 2);
      for (let group = first; group < last; group++) {
        let item = packed + <usize>group * groupBytes;
        let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0;
        let d0 = a0, d1 = a0, e0 = a0, e1 = a0, f0 = a0, f1 = a0;
        for (let user = tile, end = tile + tileBytes; user < end; user += 4 * tileUsers, item += 32) {
          const left = v128.load(item), right = v128.load(item, 16);
          let value = v128.load32_splat(user);
          a0 = f32x4.relaxed_madd(value, left, a0);
          a1 = f32x4.relaxed_madd(value, right, a1);
          value = v128.load32_splat(user, 4);
          b0 = f32x4.relaxed_madd(value, left, b0);
          b1 = f32x4.relaxed_madd(value, right, b1);
          value = v128.load32_splat(user, 8);
          c0 = f32x4.relaxed_madd(value, left, c0);
          c1 = f32x4.relaxed_madd(value, right, c1);
          value = v128.load32_splat(user, 12);
          d0 = f32x4.relaxed_madd(value, left, d0);
          d1 = f32x4.relaxed_madd(value, right, d1);
          value = v128.load32_splat(user, 16);
          e0 = f32x4.relaxed_madd(value, left, e0);
          e1 = f32x4.relaxed_madd(value, right, e1);
          value = v128.load32_splat(user, 20);
          f0 = f32x4.relaxed_madd(value, left, f0);
          f1 = f32x4.relaxed_madd(value, right, f1);
        }
        const a = better(a0, a1, v128.load32_splat(limit)), b = better(b0, b1, v128.load32_splat(limit, 4));
        const c = better(c0, c1, v128.load32_splat(limit, 8)), d = better(d0, d1, v128.load32_splat(limit, 12));
        const e = better(e0, e1, v128.load32_splat(limit, 16)), f = better(f0, f1, v128.load32_splat(limit, 20));
        if ((a | b | c | d | e | f) == 0) continue;
        if (a != 0) offer(a0, a1, a, u, group, count, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
        if (b != 0) offer(b0, b1, b, u + 1, group, count, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
        if (c != 0) offer(c0, c1, c, u + 2, group, count, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
        if (d != 0) offer(d0, d1, d, u + 3, group, count, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
        if (e != 0) offer(e0, e1, e, u + 4, group, count, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
        if (f != 0) offer(f0, f1, f, u + 5, group, count, items, order, k, thresholds, scores, codes, allowed, offsets, hidden, values);
      }
    }
  }
}
