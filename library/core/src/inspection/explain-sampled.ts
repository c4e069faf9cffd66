import type { Fitted } from "../base/contract.ts";
import { columnMeans, type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import type { OwnContributions } from "./explain-trees.ts";
import { checkWhole } from "./judged-rows.ts";
import { type AskOptions, answersOf, askOnThreads, defineQuestion, plainModel } from "./on-threads.ts";
import { drawnRows, takeMatrix } from "./partial-dependence.ts";

/** How a model is explained that cannot be looked into. */
export interface SampledOptions {
  /** Orders in which columns become known, each gone through forwards and backwards; default 10. Up to 6 columns every subset is asked. */
  readonly permutations?: number;
  /** Default 42. */
  readonly seed?: number;
}

/** Background rows at most. */
const mostBackground = 50;
/** Up to so many columns all subsets are asked: exact values. */
const mostExact = 6;

/**
 * Shapley values of any model against background rows: the mean change of its answer when a column's cell becomes known, over all subsets of
 * the columns, or over random orders and their reverses. The values of a row sum to its answer minus the background's mean either way.
 * Cost: 50 · n · 2^d predictions for few columns, 100 · n · d · permutations for more.
 * Source: Štrumbelj & Kononenko (2014); antithetic orders: Mitchell et al. (2022). Oracle: shap.ExactExplainer.
 */
export async function explainSampled(
  model: Fitted,
  x: Matrix,
  background: Matrix,
  options: SampledOptions & AskOptions,
): Promise<OwnContributions> {
  const { permutations = 10, seed = 42 } = options;
  checkWhole("explain", "permutations", permutations, 1, 10_000);
  checkWhole("explain", "seed", seed, 0);
  const others = takeMatrix(background, drawnRows(background.rows, mostBackground, seed));
  const shared: Asked = { model: plainModel(model), x, others, permutations, seed };
  const rows = await askOnThreads<RowAnswer>("explanation by asking", [model], shared, x.rows, options);
  const contributions = Array.from(rows[0]!.base, () => new Float64Array(x.data.length));
  for (const [i, { values }] of rows.entries())
    for (const [k, cells] of values.entries()) contributions[k]!.set(cells, i * x.columns);
  return { base: rows[0]!.base, contributions };
}

interface Asked {
  readonly model: Fitted;
  readonly x: Matrix;
  readonly others: Matrix;
  readonly permutations: number;
  readonly seed: number;
}

interface RowAnswer {
  readonly base: Float64Array;
  /** Of each output what the columns add (d). */
  readonly values: readonly Float64Array[];
}

defineQuestion("explanation by asking", ({ model, x, others, permutations, seed }: Asked) => {
  const d = x.columns;
  const data = sharedFloat64(others.data.length);
  const mixed: Matrix = { ...x, rows: others.rows, data };
  const base = columnMeans(answersOf(model, others));
  /** Mean answer where the columns of `known` have the row's cells and the others the background's. */
  const ask = (row: Float64Array, isKnown: (j: number) => boolean): Float64Array => {
    data.set(others.data);
    for (let j = 0; j < d; j++) if (isKnown(j)) for (let i = 0; i < others.rows; i++) data[i * d + j] = row[j]!;
    return columnMeans(answersOf(model, mixed));
  };
  return (i: number): RowAnswer => {
    const row = x.data.subarray(i * d, (i + 1) * d);
    const values = Array.from(base, () => new Float64Array(d));
    if (d <= mostExact) addSubsets(d, (set) => (set === 0 ? base : ask(row, (j) => ((set >> j) & 1) === 1)), values);
    else addOrders(row, values);
    return { base: base.slice(), values }; // what is answered moves to the asking thread
  };

  function addOrders(row: Float64Array, values: readonly Float64Array[]): void {
    const draw = random(seed, "explain/orders"); // the same orders for every row: its values do not depend on its neighbours
    for (let p = 0; p < permutations; p++) {
      const order = draw.permutation(d);
      for (const path of [order, order.slice().reverse()]) {
        const known = new Set<number>();
        let before = base;
        for (const j of path) {
          known.add(j);
          const after = ask(row, (column) => known.has(column));
          for (const [k, cells] of values.entries()) cells[j]! += (after[k]! - before[k]!) / (2 * permutations);
          before = after;
        }
      }
    }
  }
});

/** Shapley's formula over all subsets, each a number whose bit j says that column j is known. */
function addSubsets(d: number, ask: (set: number) => Float64Array, values: readonly Float64Array[]): void {
  const answers = Array.from({ length: 1 << d }, (_, set) => ask(set));
  const weights = subsetWeights(d);
  for (let set = 0; set < answers.length; set++)
    for (let j = 0; j < d; j++) {
      if ((set >> j) & 1) continue;
      const weight = weights[countBits(set)]!;
      for (const [k, cells] of values.entries()) cells[j]! += weight * (answers[set | (1 << j)]![k]! - answers[set]![k]!);
    }
}

/** s! (d − s − 1)! / d! for subsets of s columns. */
function subsetWeights(d: number): number[] {
  const weights = [1 / d];
  for (let s = 1; s < d; s++) weights.push((weights[s - 1]! * s) / (d - s));
  return weights;
}

function countBits(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
