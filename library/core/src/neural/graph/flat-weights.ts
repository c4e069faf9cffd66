import { dot } from "../../numeric/dot.ts";
import { random } from "../../numeric/random.ts";
import type { Graph } from "./graph.ts";
import { sizeOf, type Weight } from "./row-shape.ts";

/** All weights of a network behind each other, those that gradients change first, each also as a view. */
export interface FlatWeights {
  readonly values: Float32Array;
  /** How many values gradients change. */
  readonly trained: number;
  /** A view of each weight, in the graph's order. */
  readonly views: readonly Float32Array[];
}

/** Lays weights out, in the values given, else zeros. */
export function layWeights({ weights }: Graph, given?: Float32Array): FlatWeights {
  const sizes = weights.map(({ shape }) => sizeOf(shape));
  const trained = sizes.reduce((sum, size, k) => sum + (weights[k]!.trained ? size : 0), 0);
  const values = given ?? new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
  let next = 0;
  let behind = trained;
  const views = weights.map((weight, k) => {
    const at = weight.trained ? next : behind;
    if (weight.trained) next += sizes[k]!;
    else behind += sizes[k]!;
    return values.subarray(at, at + sizes[k]!);
  });
  return { values, trained, views };
}

/** Weights as they are kept, laid out; undefined where they are not of the graph's shapes. */
export function keptWeights(graph: Graph, kept: readonly { readonly values: Float32Array }[]): FlatWeights | undefined {
  const flat = layWeights(graph);
  const isWhole = kept.length === flat.views.length && flat.views.every((view, k) => view.length === kept[k]!.values.length);
  if (!isWhole) return undefined;
  for (const [k, { values }] of kept.entries()) flat.views[k]!.set(values);
  return flat;
}

/**
 * First weights, as Keras has them: uniform on ±√(6 / (inputs + outputs)) for products, orthogonal rows from step to step of a recurrent layer, uniform on
 * ±0.05 for an embedding, 0 or 1 for the rest. Source: Glorot & Bengio (2010); Saxe, McClelland & Ganguli (2014); Jozefowicz et al. (2015) for forget gates.
 */
export function firstWeights(graph: Graph, seed: number): FlatWeights {
  const flat = layWeights(graph);
  for (const [k, weight] of graph.weights.entries()) fillFirst(flat.views[k]!, weight, seed);
  return flat;
}

function fillFirst(values: Float32Array, { name, shape, start }: Weight, seed: number): void {
  const stream = random(seed, `network/weights/${name}`);
  const uniform = (bound: number): void => {
    for (let i = 0; i < values.length; i++) values[i] = bound * (2 * stream.float() - 1);
  };
  if (start === "glorot") uniform(Math.sqrt(6 / (sizeOf(shape.slice(0, -2)) * (shape.at(-2)! + shape.at(-1)!))));
  else if (start === "uniform") uniform(0.05);
  else if (start === "orthogonal") fillOrthogonal(values, shape[0]!, shape[1]!, stream.normal);
  else if (start === "forget") values.fill(0).fill(1, values.length / 4, values.length / 2);
  else values.fill(start === "ones" ? 1 : 0);
}

/** Rows of normal numbers, each freed twice of what it has in common with those before it, and of length 1. Source: Golub & Van Loan, 5.2.8. */
function fillOrthogonal(values: Float32Array, rows: number, columns: number, draw: () => number): void {
  const made: Float64Array[] = [];
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from({ length: columns }, draw);
    for (let pass = 0; pass < 2; pass++) for (const other of made) moveBy(row, other, -dot(row, other));
    const length = Math.sqrt(dot(row, row));
    for (let j = 0; j < columns; j++) row[j]! /= length;
    made.push(row);
    values.set(row, i * columns);
  }
}

function moveBy(row: Float64Array, direction: Float64Array, by: number): void {
  for (let j = 0; j < row.length; j++) row[j]! += by * direction[j]!;
}
