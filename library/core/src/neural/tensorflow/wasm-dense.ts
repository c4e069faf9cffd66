import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Pointer } from "../../numeric/wasm.ts";
import { enterMatrix, enterRows, lay, leaveMatrix, leaveRows, padded, panel } from "./kernel-bench.ts";
import type { WasmBackend } from "./wasm-gradients.ts";

type Given = Parameters<KernelFunc>[0];
interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation?: string;
}

/** The kernel takes so many rows at once. */
const block = 240;

/** The product of two matrices, or of one's transpose; undefined for stacks of matrices and where both are transposed. */
export function product({ inputs, attrs, backend }: Given): TensorInfo | undefined {
  const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
  const { transposeA, transposeB } = attrs as unknown as ProductAttributes;
  if (a.shape.length !== 2 || b.shape.length !== 2 || (transposeA && transposeB)) return undefined;
  const wasm = backend as WasmBackend;
  if (transposeA) return outerProduct(wasm, a, b);
  return multiply(wasm, a, b, transposeB, undefined, "linear");
}

/** a · b + bias, and its activation; undefined where those are another's. */
export function fusedProduct({ inputs, attrs, backend }: Given): TensorInfo | undefined {
  const { a, b, bias } = inputs as Record<"a" | "b" | "bias", TensorInfo>;
  const { transposeA, transposeB, activation = "linear" } = attrs as unknown as ProductAttributes;
  if (a.shape.length !== 2 || transposeA || transposeB || (activation !== "linear" && activation !== "relu")) return undefined;
  return multiply(backend as WasmBackend, a, b, false, bias, activation);
}

function multiply(
  wasm: WasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  isTurned: boolean,
  bias: TensorInfo | undefined,
  activation: "linear" | "relu",
): TensorInfo {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[isTurned ? 0 : 1]!;
  const out = wasm.makeOutput([rows, columns], "float32");
  const size = padded(columns);
  const { kernel, floats, places } = lay((block + 6) * inner, size * inner, size, (block + 6) * size);
  const [entry, matrix, row, exit] = places as [Pointer, Pointer, Pointer, Pointer];
  const values = wasm.typedArrayFromHeap(a);
  const answer = wasm.typedArrayFromHeap(out);
  enterMatrix(floats, matrix, wasm.typedArrayFromHeap(b), inner, columns, isTurned);
  floats.fill(0, row / 4, row / 4 + size);
  if (bias) floats.set(wasm.typedArrayFromHeap(bias), row / 4);
  for (let from = 0; from < rows; from += block) {
    const count = Math.min(block, rows - from);
    floats.set(values.subarray(from * inner, (from + count) * inner), entry / 4);
    kernel.denseAffine32(entry, 4 * inner, count, inner, matrix, size / panel, row, exit, 4 * size);
    if (activation === "relu") kernel.denseActivate32(3, exit, 4 * size * count);
    leaveRows(floats, exit, answer, from * columns, count, columns);
  }
  return out;
}

/** aᵀ · b. */
function outerProduct(wasm: WasmBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[1]!;
  const out = wasm.makeOutput([inner, columns], "float32");
  const size = padded(columns);
  const { kernel, floats, places } = lay(rows * inner + panel, rows * size, size * inner);
  const [entry, deltas, gradient] = places as [Pointer, Pointer, Pointer];
  floats.set(wasm.typedArrayFromHeap(a), entry / 4);
  enterRows(floats, deltas, wasm.typedArrayFromHeap(b), columns);
  floats.fill(0, gradient / 4, gradient / 4 + size * inner);
  kernel.denseOuter32(entry, 4 * inner, deltas, 4 * size, rows, inner, size / panel, gradient);
  leaveMatrix(floats, gradient, wasm.typedArrayFromHeap(out), inner, columns);
  return out;
}
