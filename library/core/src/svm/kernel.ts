import { z } from "zod";
import { DataError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { SvmKernels } from "../numeric/svm-kernels.ts";
import { kernels, Layout, openMemory } from "../numeric/wasm.ts";

/** A kernel function with its numbers: x·z, (γ x·z + c₀)^degree, exp(−γ‖x − z‖²) or tanh(γ x·z + c₀). */
export interface Kernel {
  readonly kind: "linear" | "poly" | "rbf" | "sigmoid";
  readonly gamma: number;
  readonly coef0: number;
  readonly degree: number;
}

/** Parameters of every kernel machine. */
export const kernelParams = () => ({
  kernel: z.enum(["rbf", "linear", "poly", "sigmoid"]).default("rbf").meta({ title: "Kernel" }),
  degree: z.int().min(0).max(50).default(3).meta({ title: "Degree", description: "Of the kernel poly.", search: "linear" }),
  gamma: z
    .union([z.enum(["scale", "auto"]), z.number().gt(0)])
    .default("scale")
    .meta({ title: "γ", description: "scale: 1 / (d · variance of all values of x); auto: 1 / d.", search: "log" }),
  coef0: z.number().default(0).meta({ title: "c₀", description: "Of the kernels poly and sigmoid." }),
});

/** The kernel of a fit on these rows of x: γ as a number. Throws DataError where values overflow. O(n d). */
export function kernelOf(
  who: string,
  x: Matrix,
  rows: Int32Array,
  params: {
    readonly kernel: Kernel["kind"];
    readonly degree: number;
    readonly gamma: "scale" | "auto" | number;
    readonly coef0: number;
  },
): Kernel {
  const { kernel: kind, degree, coef0 } = params;
  const variance = varianceOf(x, rows);
  const scale = variance > 0 ? 1 / (x.columns * variance) : 1;
  const gamma = params.gamma === "scale" ? scale : params.gamma === "auto" ? 1 / x.columns : params.gamma;
  let largest = 0;
  for (const row of rows) largest = Math.max(largest, squareOf(x, row));
  let bound = kind === "linear" || kind === "rbf" ? largest : 1;
  if (kind === "poly") for (let k = 0; k < degree; k++) bound *= gamma * largest + Math.abs(coef0);
  if (!Number.isFinite(variance) || !(bound < mostKernel)) refuseLarge(who, x);
  return { kind, degree, coef0, gamma };
}

/** Rows of the kernel are kept as f32. */
const mostKernel = 3e38;

/** ‖xᵢ‖². */
function squareOf({ columns, data }: Pick<Matrix, "columns" | "data">, row: number): number {
  let sum = 0;
  for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]! * data[at]!;
  return sum;
}

/** Variance of all values of these rows. */
function varianceOf({ columns: d, data }: Matrix, rows: Int32Array): number {
  let mean = 0;
  for (const row of rows) for (let at = row * d; at < (row + 1) * d; at++) mean += data[at]!;
  mean /= rows.length * d;
  let squares = 0;
  for (const row of rows) for (let at = row * d; at < (row + 1) * d; at++) squares += (data[at]! - mean) * (data[at]! - mean);
  return squares / (rows.length * d);
}

/** Throws DataError that names the largest value. */
function refuseLarge(who: string, { columns, data, names }: Matrix): never {
  let at = 0;
  for (let cell = 1; cell < data.length; cell++) if (Math.abs(data[cell]!) > Math.abs(data[at]!)) at = cell;
  const column = at % columns;
  throw new DataError(
    `${who}: the kernel must not overflow, got ${data[at]} in row ${Math.floor(at / columns)}, column "${names?.[column] ?? column}"; put ml.standardScaler() before it`,
  );
}

/** A kernel as the WASM loops take it: kind, γ, c₀, degree. */
export function kernelArguments({ kind, gamma, coef0, degree }: Kernel): readonly [number, number, number, number] {
  return [["linear", "poly", "rbf", "sigmoid"].indexOf(kind), gamma, coef0, degree];
}

/** Copies rows into a view padded to `stride`, and their squared norms beside it. */
export function copyRows(
  { columns, data }: Pick<Matrix, "columns" | "data">,
  rows: ArrayLike<number>,
  stride: number,
  out: Float64Array,
  squares: Float64Array,
): void {
  for (let t = 0; t < rows.length; t++) {
    const from = rows[t]! * columns;
    for (let j = 0; j < columns; j++) out[t * stride + j] = data[from + j]!;
    squares[t] = squareOf({ columns, data }, rows[t]!);
  }
}

/** Gives each row of x to `visit` with K(xᵢ, vⱼ) of every row of `vectors` (m); the array is used again for the next. O(n m d). */
export function eachKernelRow(
  x: Matrix,
  vectors: Matrix,
  kernel: Kernel,
  visit: (values: Float64Array, i: number) => void,
): void {
  const stride = x.columns + (x.columns & 1);
  const m = vectors.rows + (vectors.rows & 1);
  const layout = new Layout();
  const place = {
    vectors: layout.reserve(8 * m * stride),
    squares: layout.reserve(8 * m),
    row: layout.reserve(8 * stride),
    square: layout.reserve(8),
    out: layout.reserve(8 * m),
  };
  const memory = openMemory("svm.predict", layout);
  const { svmCross } = kernels<SvmKernels>(memory);
  const view = (at: number, length: number): Float64Array => new Float64Array(memory.buffer, at, length).fill(0);
  copyRows(
    vectors,
    Array.from({ length: vectors.rows }, (_, t) => t),
    stride,
    view(place.vectors, m * stride),
    view(place.squares, m),
  );
  const row = view(place.row, stride);
  const square = view(place.square, 1);
  const out = view(place.out, m);
  const numbers = kernelArguments(kernel);
  for (let i = 0; i < x.rows; i++) {
    copyRows(x, [i], stride, row, square);
    svmCross(place.row, square[0]!, place.vectors, place.squares, stride, m, ...numbers, place.out);
    visit(out.subarray(0, vectors.rows), i);
  }
}
