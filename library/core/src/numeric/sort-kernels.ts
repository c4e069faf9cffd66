import type { Pointer } from "./wasm.ts";

/** Kernels that sort; see `assembly/radix-sort.ts`. */
export interface SortKernels {
  sortFloat64(values: Pointer, n: number, spare: Pointer, counts: Pointer): void;
  countEntryDigits(entries: Pointer, begin: number, end: number, shift: number, counts: Pointer): void;
  moveEntriesByDigit(entries: Pointer, begin: number, end: number, shift: number, places: Pointer, to: Pointer): void;
}

/** Different digits of 11 bits; six of them make 64 bits. */
export const digitBuckets = 2048;
/** Where the digits of a 64-bit key begin, the lowest first. */
export const digitShifts = [0, 11, 22, 33, 44, 55] as const;
