import type { FitContext } from "../base/contract.ts";
import { type CrewMember, defineCrew } from "../base/crew.ts";
import type { SweepKernels } from "../numeric/sweep-kernels.ts";
import { invertSymmetric } from "../numeric/symmetric-inverse.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";

/** A symmetric matrix in a memory that all threads see, with room for a panel of columns and its product with the pivots' inverse. */
interface SweepPlan {
  readonly memory: KernelMemory;
  readonly n: number;
  readonly matrix: Pointer;
  readonly panel: Pointer;
  readonly product: Pointer;
  /** Number of the first piece of a run. */
  readonly first: Pointer;
}

/** Columns that are swept together. */
const depth = 32;
/** Rows of a piece of work. */
const pieceRows = 32;
/** Multiplications between two looks at an abort. */
const productsAtOnce = 400_000_000;

const sweepCrew = "symmetric sweep";

/** Opens the memory of a matrix of side n, all 0. Throws LimitError beyond 4 GiB. */
export function openSweep(n: number): SweepPlan {
  const layout = new Layout();
  const matrix = layout.reserve(8 * n * n);
  const panel = layout.reserve(8 * n * depth);
  const product = layout.reserve(8 * n * depth);
  const first = layout.reserve(4);
  return { memory: openMemory("ease.fit", layout), n, matrix, panel, product, first };
}

/** The matrix (n × n, row-major). */
export function matrixOf({ memory, matrix, n }: SweepPlan): Float64Array {
  return new Float64Array(memory.buffer, matrix, n * n);
}

/**
 * Inverts the positive definite matrix of a plan, of which the lower triangle is read, in place, both triangles written; false where it is singular to
 * working precision. As `invertSymmetric`, 32 columns at a time: A − A₁ P A₁ᵀ with P the inverse of the pivots' block. O(n³ / 2) on all threads.
 */
export function invertPlan(plan: SweepPlan, context: FitContext): boolean {
  const { memory, n, first } = plan;
  const a = matrixOf(plan);
  const offset = new Int32Array(memory.buffer, first, 1);
  const pieces = Math.ceil(n / pieceRows);
  const atOnce = Math.max(1, Math.floor(productsAtOnce / (pieceRows * n * depth)));
  const crew = context.crew(sweepCrew, plan);
  try {
    for (let k = 0; k < n; k += depth) {
      const size = Math.min(depth, n - k);
      const inverse = preparePanel(plan, a, k, size);
      if (!inverse) return false;
      for (let from = 0; from < pieces; from += atOnce) {
        offset[0] = from;
        crew.run(0, Math.min(atOnce, pieces - from));
        context.checkpoint(k, n);
      }
      finishPanel(plan, a, k, size, inverse);
    }
  } finally {
    crew.end();
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = -a[i * n + j]!;
      a[i * n + j] = value;
      a[j * n + i] = value;
    }
  return true;
}

/** Copies columns k … k + size − 1 and multiplies them with the inverse of their block, which it answers. */
function preparePanel(
  { memory, panel, product, n }: SweepPlan,
  a: Float64Array,
  k: number,
  size: number,
): Float64Array | undefined {
  const v = new Float64Array(memory.buffer, panel, n * depth).fill(0);
  const u = new Float64Array(memory.buffer, product, n * depth).fill(0);
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < size; c++) v[i * depth + c] = i >= k + c ? a[i * n + k + c]! : a[(k + c) * n + i]!;
  for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) inverse[r * size + c] = v[(k + r) * depth + c]!;
  if (!invertSymmetric(inverse, size)) return undefined;
  for (let i = 0; i < n; i++)
    for (let c = 0; c < size; c++) {
      let sum = 0;
      for (let t = 0; t < size; t++) sum += v[i * depth + t]! * inverse[t * size + c]!;
      u[i * depth + c] = sum;
    }
  return inverse;
}

/** Writes what the swept rows and columns become. */
function finishPanel({ memory, product, n }: SweepPlan, a: Float64Array, k: number, size: number, inverse: Float64Array): void {
  const u = new Float64Array(memory.buffer, product, n * depth);
  for (let c = 0; c < size; c++) {
    const row = (k + c) * n;
    for (let j = 0; j < k; j++) a[row + j] = u[j * depth + c]!;
    for (let j = 0; j <= c; j++) a[row + k + j] = -inverse[c * size + j]!;
    for (let i = k + size; i < n; i++) a[i * n + k + c] = u[i * depth + c]!;
  }
}

defineCrew(sweepCrew, ({ memory, n, matrix, panel, product, first }: SweepPlan): CrewMember => {
  const kernel = kernels<SweepKernels>(memory);
  const offset = new Int32Array(memory.buffer, first, 1);
  return (_, piece) => {
    const from = (piece + offset[0]!) * pieceRows;
    kernel.sweepRows(matrix, n, from, Math.min(n, from + pieceRows), product, panel, depth);
  };
});
