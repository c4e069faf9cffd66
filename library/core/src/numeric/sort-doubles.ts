import { digitBuckets, digitShifts, type SortKernels } from "./sort-kernels.ts";
import { kernels, Layout, openMemory } from "./wasm.ts";

/** Fewer values are sorted by comparing. */
const fewest = 10_000;

/**
 * Sorts values without NaN in place, rising, −0 before 0, and gives them back. Many by radix sort, O(n), some six times as fast as
 * `Float64Array.sort`, which orders them alike.
 */
export function sortDoubles(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < fewest) return values.sort();
  const layout = new Layout();
  const place = layout.reserve(8 * n);
  const spare = layout.reserve(8 * n);
  const counts = layout.reserve(4 * digitShifts.length * digitBuckets);
  const memory = openMemory("sort", layout, n);
  const sorted = new Float64Array(memory.buffer, place, n);
  sorted.set(values);
  kernels<SortKernels>(memory).sortFloat64(place, n, spare, counts);
  values.set(sorted);
  return values;
}
