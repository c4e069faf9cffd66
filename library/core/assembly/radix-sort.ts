// Least significant digit radix sorts. Source: Knuth, The Art of Computer Programming 3, section 5.2.5.

/** Digits of 11 bits: six passes for 64 bits; a pass whose digit is the same everywhere is skipped. */
const digitBits: i32 = 11;
const digits: i32 = 6;
const buckets: i32 = 1 << digitBits;

/** The bits of a double as an unsigned number of the same order. */
@inline function ordered(bits: u64): u64 {
  return bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000);
}

@inline function unordered(key: u64): u64 {
  return key ^ (((key >> 63) - 1) | 0x8000000000000000);
}

/**
 * Sorts n doubles at `values` in place, −0 before 0, NaN by its sign at either end. `spare` holds n doubles, `counts` 6 × 2048 u32.
 */
export function sortFloat64(values: usize, n: i32, spare: usize, counts: usize): void {
  memory.fill(counts, 0, <usize>(digits * buckets) << 2);
  for (let i = 0; i < n; i++) {
    const at = values + (<usize>i << 3);
    let key = ordered(load<u64>(at));
    store<u64>(at, key);
    for (let d = 0; d < digits; d++) {
      const place = counts + (<usize>((d << digitBits) + <i32>(key & (buckets - 1))) << 2);
      store<u32>(place, load<u32>(place) + 1);
      key >>= digitBits;
    }
  }
  let from = values;
  let to = spare;
  for (let d = 0; d < digits; d++) {
    const shift = <u64>(d * digitBits);
    const count = counts + (<usize>(d << digitBits) << 2);
    const first = <usize>((load<u64>(from) >> shift) & (buckets - 1));
    if (load<u32>(count + (first << 2)) == <u32>n) continue;
    let sum: u32 = 0;
    for (let b = 0; b < buckets; b++) {
      const place = count + (<usize>b << 2);
      const here = load<u32>(place);
      store<u32>(place, sum);
      sum += here;
    }
    for (let i = 0; i < n; i++) {
      const key = load<u64>(from + (<usize>i << 3));
      const place = count + (<usize>((key >> shift) & (buckets - 1)) << 2);
      const at = load<u32>(place);
      store<u32>(place, at + 1);
      store<u64>(to + (<usize>at << 3), key);
    }
    const other = from;
    from = to;
    to = other;
  }
  for (let i = 0; i < n; i++) {
    const offset = <usize>i << 3;
    store<u64>(values + offset, unordered(load<u64>(from + offset)));
  }
}

/**
 * Sorting of row numbers by a key, in pieces that threads share. An entry has 16 bytes: a u64 key, a u32 row, 4 unused. Counts how often each
 * digit of 11 bits at `shift` stands in the entries `begin` … `end` − 1: 2048 u32 at `counts`.
 */
export function countEntryDigits(entries: usize, begin: i32, end: i32, shift: i32, counts: usize): void {
  memory.fill(counts, 0, <usize>buckets << 2);
  for (let i = begin; i < end; i++) {
    const key = load<u64>(entries + (<usize>i << 4)) >> <u64>shift;
    const place = counts + (<usize>(key & (buckets - 1)) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
}

/** Moves the entries `begin` … `end` − 1 to `to`, each to the next free place of its digit; `places` holds 2048 u32. */
export function moveEntriesByDigit(entries: usize, begin: i32, end: i32, shift: i32, places: usize, to: usize): void {
  for (let i = begin; i < end; i++) {
    const entry = v128.load(entries + (<usize>i << 4));
    const key = <u64>v128.extract_lane<i64>(entry, 0) >> <u64>shift;
    const place = places + (<usize>(key & (buckets - 1)) << 2);
    const at = load<u32>(place);
    store<u32>(place, at + 1);
    v128.store(to + (<usize>at << 4), entry);
  }
}
