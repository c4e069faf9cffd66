import type { Matrix } from "../numeric/matrix.ts";
import type { SvmKernels } from "../numeric/svm-kernels.ts";
import { type KernelMemory, kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";
import { copyRows, type Kernel, kernelArguments } from "./kernel.ts";
import { type RowCache, rowCache } from "./row-cache.ts";

/**
 * The dual of a support vector machine in the weights β of its rows: maximises Σ tᵢβᵢ − ε Σ|βᵢ| − ½ ΣΣ βᵢβⱼ K(xᵢ, xⱼ)
 * for lowᵢ ≤ βᵢ ≤ highᵢ, Σβᵢ = 0.
 */
export interface DualProblem {
  readonly x: Matrix;
  /** The rows of x that take part (l). */
  readonly rows: Int32Array;
  /** t (l): ±1 for classes, y for numbers. */
  readonly target: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Half the width of the tube; 0 for classes. */
  readonly epsilon: number;
  readonly kernel: Kernel;
}

/** The variables of a dual in kernel memory, in an order that the solver changes, beside the kernel's rows. */
export interface DualMemory {
  readonly size: number;
  readonly kernel: SvmKernels;
  readonly cache: RowCache;
  readonly beta: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly target: Float64Array;
  /** t − Kβ. */
  readonly values: Float64Array;
  /** What makes of a value its slope upwards: −ε, ε, or −∞ where β is at its upper bound. */
  readonly up: Float64Array;
  /** The same downwards: ε, −ε, or ∞ at the lower bound. */
  readonly down: Float64Array;
  /** K(xᵢ, xᵢ). */
  readonly diagonal: Float64Array;
  /** The place in the problem of each variable. */
  readonly order: Int32Array;
  /** Where kernels find them; `zeros` is a row of zeros. */
  readonly place: Readonly<Record<"values" | "up" | "down" | "diagonal" | "answer" | "zeros", Pointer>>;
  /** One number that a kernel answers beside its result. */
  readonly answer: Float64Array;
  /** The whole memory as f32: value j of a row at `row / 4 + j`. */
  readonly floats: Float32Array;
  /** Exchanges two variables. */
  swap(a: number, b: number): void;
}

/** Lays a dual out in a memory of its own: O(l d) bytes and `cacheMb` for rows. Throws LimitError. */
export function openDual(who: string, problem: DualProblem, cacheMb: number): DualMemory {
  const { x, rows, kernel } = problem;
  const l = rows.length;
  const size = l + (l & 1);
  const stride = x.columns + (x.columns & 1);
  const rowSize = Math.ceil(size / 4) * 4;
  const slots = Math.max(2, Math.min(l, Math.floor((cacheMb * 2 ** 20) / (4 * rowSize))));
  const layout = new Layout();
  const names = ["beta", "low", "high", "target", "values", "up", "down", "diagonal", "squares"] as const;
  const place = Object.fromEntries(names.map((name) => [name, layout.reserve(8 * size)])) as Record<
    (typeof names)[number],
    Pointer
  >;
  const answerPlace = layout.reserve(8);
  const zeros = layout.reserve(4 * rowSize);
  const xPlace = layout.reserve(8 * size * stride);
  const rowsPlace = layout.reserve(4 * slots * rowSize);
  const memory: KernelMemory = openMemory(who, layout, l);
  const wasm = kernels<SvmKernels>(memory);
  const view = (pointer: Pointer, length: number): Float64Array => new Float64Array(memory.buffer, pointer, length);
  const arrays = Object.fromEntries(names.map((name) => [name, view(place[name], size).fill(0)])) as Record<
    (typeof names)[number],
    Float64Array
  >;
  const xs = view(xPlace, size * stride);
  copyRows(x, rows, stride, xs, arrays.squares);
  for (const name of ["target", "low", "high"] as const) arrays[name].set(problem[name]);

  const numbers = kernelArguments(kernel);
  const compute = (t: number, from: number, to: number, at: Pointer): void =>
    wasm.svmRow(xPlace, place.squares, stride, t, from, to, ...numbers, at);
  const cache = rowCache(new Float32Array(memory.buffer, rowsPlace, slots * rowSize), rowsPlace, rowSize, slots, compute);
  const order = Int32Array.from({ length: l }, (_, t) => t);
  const swapped = names.map((name) => arrays[name]);
  const swap = (a: number, b: number): void => {
    cache.swap(a, b);
    for (const values of swapped) exchange(values, a, b);
    exchange(order, a, b);
    for (let j = 0; j < stride; j++) {
      const value = xs[a * stride + j]!;
      xs[a * stride + j] = xs[b * stride + j]!;
      xs[b * stride + j] = value;
    }
  };
  new Float32Array(memory.buffer, zeros, rowSize).fill(0);
  fillDiagonal(arrays.diagonal, arrays.squares, kernel);
  return {
    ...arrays,
    size: l,
    kernel: wasm,
    cache,
    order,
    place: { ...place, answer: answerPlace, zeros },
    answer: view(answerPlace, 1),
    floats: new Float32Array(memory.buffer),
    swap,
  };
}

function exchange(values: Float64Array | Int32Array, a: number, b: number): void {
  const value = values[a]!;
  values[a] = values[b]!;
  values[b] = value;
}

/** K(xᵢ, xᵢ) from ‖xᵢ‖². */
function fillDiagonal(diagonal: Float64Array, squares: Float64Array, { kind, gamma, coef0, degree }: Kernel): void {
  for (let t = 0; t < diagonal.length; t++) {
    const inner = gamma * squares[t]! + coef0;
    if (kind === "linear") diagonal[t] = squares[t]!;
    else if (kind === "rbf") diagonal[t] = 1;
    else if (kind === "sigmoid") diagonal[t] = Math.tanh(inner);
    else {
      let power = 1;
      for (let k = 0; k < degree; k++) power *= inner;
      diagonal[t] = power;
    }
  }
}
