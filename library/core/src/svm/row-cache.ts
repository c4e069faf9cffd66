import type { Pointer } from "../numeric/wasm.ts";

/** Rows of the kernel matrix in a bounded memory, the least recently asked given up first. */
export interface RowCache {
  /** The place of row t, its first `length` values made. */
  row(t: number, length: number): Pointer;
  /** Whether a row was given up for another. */
  crowded(): boolean;
  /** Exchanges two variables: their rows and, in every row, their columns. */
  swap(a: number, b: number): void;
}

/**
 * A cache of `slots` rows of `size` f32 values at `place`; `compute` makes the values from … to − 1 of a row.
 * Source: Chang & Lin (2011), "LIBSVM: a library for support vector machines", ACM TIST 2(3), §5.2.
 */
export function rowCache(
  values: Float32Array,
  place: Pointer,
  size: number,
  slots: number,
  compute: (t: number, from: number, to: number, at: Pointer) => void,
): RowCache {
  const slotOf = new Int32Array(size).fill(-1);
  const owner = new Int32Array(slots).fill(-1);
  const made = new Int32Array(slots);
  // a ring of slots from the least to the most recently used; its head is behind the last slot
  const after = Int32Array.from({ length: slots + 1 }, (_, s) => (s === slots ? 0 : s + 1));
  const before = Int32Array.from({ length: slots + 1 }, (_, s) => (s === 0 ? slots : s - 1));
  const head = slots;

  let full = false;
  const touch = (slot: number): void => {
    after[before[slot]!] = after[slot]!;
    before[after[slot]!] = before[slot]!;
    before[slot] = before[head]!;
    after[slot] = head;
    after[before[head]!] = slot;
    before[head] = slot;
  };
  // exchanges of columns wait for the next row: then each row is gone through once and not once an exchange
  const pending: number[] = [];
  const settle = (): void => {
    for (let s = 0, at = 0; s < slots; s++, at += size)
      for (let k = 0; k < pending.length; k += 2) {
        const first = pending[k]!;
        const last = pending[k + 1]!;
        if (made[s]! > last) {
          const value = values[at + first]!;
          values[at + first] = values[at + last]!;
          values[at + last] = value;
        } else if (made[s]! > first) made[s] = first & ~1; // even, as the kernel asks
      }
    pending.length = 0;
  };
  const row = (t: number, length: number): Pointer => {
    if (pending.length > 0) settle();
    let slot = slotOf[t]!;
    if (slot < 0) {
      slot = after[head]!;
      if (owner[slot]! >= 0) {
        slotOf[owner[slot]!] = -1;
        full = true;
      }
      owner[slot] = t;
      slotOf[t] = slot;
      made[slot] = 0;
    }
    touch(slot);
    const at = place + 4 * slot * size;
    if (made[slot]! < length) {
      compute(t, made[slot]!, length, at);
      made[slot] = length;
    }
    return at;
  };
  const swap = (a: number, b: number): void => {
    const slot = slotOf[a]!;
    slotOf[a] = slotOf[b]!;
    slotOf[b] = slot;
    if (slotOf[a]! >= 0) owner[slotOf[a]!] = a;
    if (slotOf[b]! >= 0) owner[slotOf[b]!] = b;
    pending.push(Math.min(a, b), Math.max(a, b));
  };
  return { row, crowded: () => full, swap };
}
