import type { NeuralKernels } from "../../numeric/neural-kernels.ts";
import { kernels, Layout, openMemory, type Pointer } from "../../numeric/wasm.ts";

/** Where the dense kernels work: their own memory, beside TensorFlow.js's. */
interface Bench {
  readonly kernel: NeuralKernels;
  readonly floats: Float32Array;
  readonly sizeBytes: number;
}

/** Floats of a panel: the dense kernels take so many columns at once. */
export const panel = 8;

let bench: Bench | undefined;

/** Places for so many floats each in the kernels' memory, which grows where it must; they hold until the next call. */
export function lay(...sizes: readonly number[]): Bench & { readonly places: readonly Pointer[] } {
  const layout = new Layout();
  const places = sizes.map((size) => layout.reserve(4 * size));
  if (!bench || bench.sizeBytes < layout.sizeBytes) {
    const memory = openMemory("network", layout);
    bench = { kernel: kernels<NeuralKernels>(memory), floats: new Float32Array(memory.buffer), sizeBytes: layout.sizeBytes };
  }
  return { ...bench, places };
}

/** Columns filled up to whole panels. */
export function padded(columns: number): number {
  return Math.ceil(columns / panel) * panel;
}

/** Puts a matrix (inner × columns, or its transpose) at a place in panels, filled up with 0. */
export function enterMatrix(
  floats: Float32Array,
  place: Pointer,
  values: Float32Array,
  inner: number,
  columns: number,
  isTurned = false,
): void {
  const [step, stride] = isTurned ? [inner, 1] : [1, columns];
  for (let first = 0, to = place / 4; first < columns; first += panel) {
    const width = Math.min(panel, columns - first);
    for (let i = 0; i < inner; i++, to += panel) {
      const from = first * step + i * stride;
      for (let j = 0; j < width; j++) floats[to + j] = values[from + j * step]!;
      for (let j = width; j < panel; j++) floats[to + j] = 0;
    }
  }
}

/** The matrix (inner × columns) that lies at a place in panels. */
export function leaveMatrix(floats: Float32Array, place: Pointer, out: Float32Array, inner: number, columns: number): void {
  for (let first = 0, from = place / 4; first < columns; first += panel)
    for (let i = 0; i < inner; i++, from += panel)
      for (let j = 0; j < Math.min(panel, columns - first); j++) out[i * columns + first + j] = floats[from + j]!;
}

/** Puts rows at a place, each filled up with 0 to whole panels, `step` rows apart; what lies between stays as it is. */
export function enterRows(floats: Float32Array, place: Pointer, rows: Float32Array, columns: number, step = 1): void {
  const size = padded(columns);
  if (size === columns && step === 1) {
    floats.set(rows, place / 4);
    return;
  }
  for (let from = 0, to = place / 4; from < rows.length; from += columns, to += step * size) {
    for (let c = 0; c < columns; c++) floats[to + c] = rows[from + c]!;
    for (let c = columns; c < size; c++) floats[to + c] = 0;
  }
}

/** Copies rows that lie in whole panels to `out` from `at` on. */
export function leaveRows(
  floats: Float32Array,
  place: Pointer,
  out: Float32Array,
  at: number,
  rows: number,
  columns: number,
): void {
  const size = padded(columns);
  if (size === columns) out.set(floats.subarray(place / 4, place / 4 + rows * columns), at);
  if (size === columns) return;
  for (let i = 0, from = place / 4, to = at; i < rows; i++, from += size, to += columns)
    for (let c = 0; c < columns; c++) out[to + c] = floats[from + c]!;
}
