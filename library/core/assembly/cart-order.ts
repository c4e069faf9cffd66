// Rows in the order of a column. A key is rank << 32 | place of the row within the node.
import { rankOf } from "./cart-node";

/** Below this many rows a node is sorted by insertion. */
const tiny: i32 = 24;
/** Digits of the radix sort that takes over where buckets are uneven. */
const digitBits: usize = 11;
const digits: u64 = 1 << digitBits;

/**
 * Dense ranks of n values, which lie in `keys` and are lost: equal values have equal ranks, −0 equals 0, NaN comes last with the number of
 * different values as its rank, which is the answer. `others` holds n keys, `ids` and `otherIds` n numbers of 32 bits, `counts` 6 × 2048.
 */
export function cartRank(keys: usize, others: usize, ids: usize, otherIds: usize, counts: usize, n: i32, ranks: usize): i32 {
  memory.fill(counts, 0, (<usize>6) << (digitBits + 2));
  for (let i: i32 = 0; i < n; i++) {
    const at = keys + ((<usize>i) << 3);
    const value = load<f64>(at) + 0.0;
    const bits = reinterpret<u64>(value);
    let key = value != value ? u64.MAX_VALUE : bits ^ (<u64>((<i64>bits) >> 63) | 0x8000000000000000);
    store<u64>(at, key);
    store<u32>(ids + ((<usize>i) << 2), i);
    for (let d: usize = 0; d < 6; d++) {
      const count = counts + (d << (digitBits + 2)) + ((<usize>(key & (digits - 1))) << 2);
      store<u32>(count, load<u32>(count) + 1);
      key >>= digitBits;
    }
  }
  for (let d: usize = 0; d < 6; d++) {
    const count = counts + (d << (digitBits + 2));
    const shift = <u64>d * digitBits;
    if (load<u32>(count + ((<usize>((load<u64>(keys) >> shift) & (digits - 1))) << 2)) == <u32>n) continue;
    accumulate(count, <i32>digits);
    for (let i: i32 = 0; i < n; i++) {
      const key = load<u64>(keys + ((<usize>i) << 3));
      const at = count + ((<usize>((key >> shift) & (digits - 1))) << 2);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u64>(others + ((<usize>place) << 3), key);
      store<u32>(otherIds + ((<usize>place) << 2), load<u32>(ids + ((<usize>i) << 2)));
    }
    let swap = keys;
    keys = others;
    others = swap;
    swap = ids;
    ids = otherIds;
    otherIds = swap;
  }
  let rank: i32 = -1;
  let before: u64 = 0;
  for (let i: i32 = 0; i < n; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    if (key != before || i == 0) {
      rank++;
      before = key;
    }
    store<u32>(ranks + ((<usize>load<u32>(ids + ((<usize>i) << 2))) << 2), rank);
  }
  return before == u64.MAX_VALUE ? rank : rank + 1;
}

/** Counts become the places where their buckets begin. */
function accumulate(counts: usize, n: i32): void {
  let begin: u32 = 0;
  for (let b: i32 = 0; b < n; b++) {
    const at = counts + ((<usize>b) << 2);
    const size = load<u32>(at);
    store<u32>(at, begin);
    begin += size;
  }
}

/**
 * Keys of a node's rows, ascending; rows whose rank is `missing` stand last. Answers how many are not missing, or −1 where the column is
 * constant in the node. `scratch` holds n keys, `counts` the greater of n and 2048 numbers of 32 bits.
 */
export function cartSort(ranks: usize, missing: u32, rows: usize, n: i32, keys: usize, scratch: usize, counts: usize): i32 {
  let low: u32 = u32.MAX_VALUE;
  let high: u32 = 0;
  let present: i32 = 0;
  let last: i32 = n;
  for (let p: i32 = 0; p < n; p++) {
    const rank = load<u32>(ranks + ((<usize>load<u32>(rows + ((<usize>p) << 2))) << 2));
    const key = ((<u64>rank) << 32) | (<u64>p);
    if (rank == missing) {
      last--;
      store<u64>(keys + ((<usize>last) << 3), key);
    } else {
      store<u64>(scratch + ((<usize>present) << 3), key);
      present++;
      low = min(low, rank);
      high = max(high, rank);
    }
  }
  if (present == 0 || (low == high && present == n)) return -1;
  if (present <= tiny) insert(scratch, keys, present);
  else if (low == high) memory.copy(keys, scratch, (<usize>present) << 3);
  else distribute(scratch, keys, counts, present, low, high);
  return present;
}

/** Sorts keys from one place to another by insertion. */
function insert(from: usize, to: usize, n: i32): void {
  store<u64>(to, load<u64>(from));
  for (let i: i32 = 1; i < n; i++) {
    const key = load<u64>(from + ((<usize>i) << 3));
    let at = to + ((<usize>i) << 3);
    while (at > to) {
      const other = load<u64>(at - 8);
      if (other <= key) break;
      store<u64>(at, other);
      at -= 8;
    }
    store<u64>(at, key);
  }
}

/**
 * Sorts keys into buckets of equal width. Ranks are spread evenly over the whole table, so a bucket holds about one row of a node and
 * insertion does the rest; where it does not (every step of it is counted beforehand) a radix sort takes over.
 */
function distribute(from: usize, to: usize, counts: usize, n: i32, low: u32, high: u32): void {
  const range = high - low;
  let shift: u32 = 0;
  while (range >> shift >= <u32>n) shift++;
  const buckets: i32 = (range >> shift) + 1;
  memory.fill(counts, 0, (<usize>buckets) << 2);
  for (let p: i32 = 0; p < n; p++) {
    const at = counts + ((<usize>((rankOf(from, p) - low) >> shift)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let steps: u64 = 0;
  let begin: u32 = 0;
  for (let b: i32 = 0; b < buckets; b++) {
    const at = counts + ((<usize>b) << 2);
    const size = load<u32>(at);
    store<u32>(at, begin);
    begin += size;
    steps += (<u64>size) * (<u64>size);
  }
  if (shift > 0 && steps > (<u64>n) << 4) return radix(from, to, counts, n, low, range);
  for (let p: i32 = 0; p < n; p++) {
    const key = load<u64>(from + ((<usize>p) << 3));
    const at = counts + ((<usize>(((<u32>(key >> 32)) - low) >> shift)) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u64>(to + ((<usize>place) << 3), key);
  }
  if (shift > 0) settle(to, n);
}

/** Insertion in place, for keys that are nearly in order. */
function settle(keys: usize, n: i32): void {
  let before = load<u64>(keys);
  for (let i: i32 = 1; i < n; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    if (before <= key) {
      before = key;
      continue;
    }
    let at = keys + ((<usize>i) << 3);
    do {
      store<u64>(at, load<u64>(at - 8));
      at -= 8;
    } while (at > keys && load<u64>(at - 8) > key);
    store<u64>(at, key);
  }
}

/** Sorts keys by the digits of rank − low, the lowest first. */
function radix(from: usize, to: usize, counts: usize, n: i32, low: u32, range: u32): void {
  let source = from;
  let target = to;
  for (let shift: u32 = 0; shift < 32 && range >> shift > 0; shift += <u32>digitBits) {
    memory.fill(counts, 0, <usize>digits << 2);
    for (let p: i32 = 0; p < n; p++) {
      const at = counts + ((<usize>(((rankOf(source, p) - low) >> shift) & (<u32>digits - 1))) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
    accumulate(counts, <i32>digits);
    for (let p: i32 = 0; p < n; p++) {
      const key = load<u64>(source + ((<usize>p) << 3));
      const at = counts + ((<usize>((((<u32>(key >> 32)) - low) >> shift) & (<u32>digits - 1))) << 2);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u64>(target + ((<usize>place) << 3), key);
    }
    const swap = source;
    source = target;
    target = swap;
  }
  if (source != to) memory.copy(to, source, (<usize>n) << 3);
}

/** Keys with the missing rows first: the order in which they go left. */
export function cartRotate(keys: usize, present: i32, n: i32, out: usize): void {
  const missing = <usize>(n - present) << 3;
  memory.copy(out, keys + ((<usize>present) << 3), missing);
  memory.copy(out + missing, keys, (<usize>present) << 3);
}
