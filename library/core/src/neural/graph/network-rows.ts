import type { Tensor } from "@tensorflow/tfjs-core";
import { DataError, ParamsError, ShapeError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import type { TensorFlow } from "../tensorflow/backend.ts";
import type { Graph } from "./graph.ts";
import type { Layer } from "./layer-schema.ts";
import type { NetworkInputState } from "./network-contract.ts";
import type { NetworkParams } from "./network-params.ts";
import { type RowShape, sizeOf } from "./row-shape.ts";

/** Name of a column of an input that has no columns of a table. */
export function partColumn(input: string, column: number): string {
  return `${input}[${column}]`;
}

/** Where each input finds its values among the columns of x, and what shape they have. Throws ParamsError and ShapeError. */
export function placeInputs(
  { inputs, layers }: Pick<NetworkParams, "inputs" | "layers">,
  names: readonly string[],
): { readonly name: string; readonly shape: RowShape; readonly places: Int32Array; readonly isScaled: boolean }[] {
  const all = inputs.length === 0 ? [{ name: "x" }] : inputs;
  const found = new Map(names.map((name, j) => [name, j]));
  const coded = codedInputs(all[0]!.name, layers);
  return all.map((input) => {
    const { name, columns, shape, scale } = input as NetworkParams["inputs"][number];
    const wanted = columns ?? partNames(name, found) ?? (all.length === 1 ? names : []);
    if (wanted.length === 0)
      throw new ParamsError(`network: input "${name}" must say { columns }, or be given by name: fit({ ${name}: matrix, … }, …)`);
    const places = Int32Array.from(wanted, (column) => {
      const place = found.get(column);
      if (place === undefined)
        throw new ParamsError(`network: input "${name}" has no column "${column}"${suggest(column, names)}`);
      return place;
    });
    const own = shape ?? [places.length];
    if (sizeOf(own) !== places.length)
      throw new ShapeError(
        `network: input "${name}" of the shape [${own}] must have ${sizeOf(own)} columns, got ${places.length}`,
      );
    if (coded.has(name) && scale === "standard")
      throw new ParamsError(
        `network: input "${name}" must keep its numbers for the embedding that reads it, got scale "standard"`,
      );
    const isPlain = own.length > 1 || coded.has(name);
    return { name, shape: own, places, isScaled: (scale ?? (isPlain ? "none" : "standard")) === "standard" };
  });
}

/** Inputs whose numbers are the codes of an embedding. */
function codedInputs(first: string, layers: readonly Layer[]): ReadonlySet<string> {
  return new Set(layers.flatMap(({ kind, from }, k) => (kind === "embedding" ? [from ?? (k === 0 ? first : [])].flat() : [])));
}

/** Throws DataError where an embedding's input holds something that is no code of it, with the row and the column. */
export function checkCodes(x: Matrix, { nodes }: Graph, inputs: readonly NetworkInputState[]): void {
  for (const { layer, from } of nodes) {
    if (layer.kind !== "embedding") continue;
    const { name, places } = inputs.find((input) => input.name === from[0])!;
    for (let i = 0; i < x.rows; i++)
      for (const place of places) {
        const code = x.data[i * x.columns + place]!;
        if (Number.isInteger(code) && code >= 0 && code < layer.inputDim) continue;
        const where = `row ${i}, column "${x.names?.[place] ?? place}"`;
        throw new DataError(
          `network: input "${name}" must hold whole numbers from 0 to ${layer.inputDim - 1} for its embedding, got ${code} in ${where}`,
        );
      }
  }
}

function partNames(input: string, found: ReadonlyMap<string, number>): string[] | undefined {
  const names: string[] = [];
  while (found.has(partColumn(input, names.length))) names.push(partColumn(input, names.length));
  return names.length > 0 ? names : undefined;
}

/** Rows as tensors, one an input; to be disposed by the caller. */
export function feed(tf: TensorFlow, x: Matrix, rows: Uint32Array, inputs: readonly NetworkInputState[]): Tensor[] {
  return inputs.map((input) => tf.tensor(inputValues(x, rows, input), tensorShape(rows.length, input.shape)));
}

/** The shape of so many rows as a tensor: a vector lies as rows × units, a sequence as rows × 1 × length × channels. */
export function tensorShape(rows: number, shape: RowShape): number[] {
  return shape.length === 2 ? [rows, 1, ...shape] : [rows, ...shape];
}

/** Rows of one input, scaled, behind each other. */
export function inputValues(x: Matrix, rows: Uint32Array, { places, center, spread }: NetworkInputState): Float32Array {
  const values = new Float32Array(rows.length * places.length);
  const isScaled = center.length > 0;
  for (let i = 0, to = 0; i < rows.length; i++) {
    const from = rows[i]! * x.columns;
    if (isScaled) for (let j = 0; j < places.length; j++) values[to++] = (x.data[from + places[j]!]! - center[j]!) / spread[j]!;
    else for (let j = 0; j < places.length; j++) values[to++] = x.data[from + places[j]!]!;
  }
  return values;
}

/** Mean and deviation of columns over some rows; a constant column has the deviation 1. */
export function scalesOf(x: Matrix, rows: Uint32Array, places: Int32Array): { center: Float64Array; spread: Float64Array } {
  const center = new Float64Array(places.length);
  const spread = new Float64Array(places.length);
  for (const row of rows)
    for (let j = 0; j < places.length; j++) center[j]! += x.data[row * x.columns + places[j]!]! / rows.length;
  for (const row of rows)
    for (let j = 0; j < places.length; j++) {
      const off = x.data[row * x.columns + places[j]!]! - center[j]!;
      spread[j]! += (off * off) / rows.length;
    }
  for (let j = 0; j < places.length; j++) {
    const rounding = rows.length * Number.EPSILON * Math.abs(center[j]!); // all that a constant column spreads
    spread[j] = Math.sqrt(spread[j]!);
    if (spread[j]! <= rounding) spread[j] = 1;
  }
  return { center, spread };
}
