import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { suggest } from "../base/near-name.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { likelihoodRatioTest, pearsonTest, varianceTest } from "./chaid-association.ts";
import { type ChaidColumn, type ChaidRules, type ChaidTarget, growChaid } from "./chaid-grow.ts";
import { classTarget, numberTarget } from "./chaid-target.ts";
import { type CodedColumn, codeColumns, weightsOf } from "./coded-columns.ts";
import { weightedRows } from "./decision-tree.ts";
import { checkMultiway, childOf, flattenTree, importanceOfColumns, type MultiwayTree } from "./multiway-tree.ts";

/** What CHAID learns. */
export interface ChaidState extends MultiwayTree {
  /** χ², likelihood ratio or F of each question; 0 at a leaf (m). */
  readonly statistic: Float64Array;
  /** ln of its adjusted p-value (m). */
  readonly logP: Float64Array;
}

const level = (title: string, description: string) =>
  z.number().gt(0).max(1).default(0.05).meta({ title, description, search: "log" });

const shared = () => ({
  alphaMerge: level("α to merge", "Groups that do not differ at this level are joined."),
  alphaSplit: level("α to split", "A question needs an adjusted p-value no larger."),
  minSamplesSplit: z.int().min(2).default(20).meta({ title: "Rows to split a node, at least", search: "log" }),
  minSamplesLeaf: z.int().min(1).default(7).meta({ title: "Rows in a group, at least", search: "log" }),
  maxDepth: z.int().min(1).nullable().default(null).meta({ title: "Depth at most", description: "Empty: no bound." }),
  bins: z.int().min(2).max(256).default(10).meta({ title: "Bins of a number", description: "Of equal numbers of rows." }),
  ordinal: z.array(z.string()).default([]).meta({
    title: "Ordered categories",
    description: "Columns of categories whose levels have an order: only neighbours are joined.",
  }),
  exhaustive: z
    .boolean()
    .default(false)
    .meta({ title: "Exhaustive", description: "Join down to two groups and take the best step." }),
  bonferroni: z.boolean().default(true).meta({ title: "Bonferroni correction" }),
});

/**
 * A classification tree whose questions are groups of categories that differ significantly (CHAID): χ² tests, p-values corrected for the
 * choice of the groups (Bonferroni). Numbers become ordered bins of equal numbers of rows; missing values are a category of their own; a
 * category that a node never saw is answered by the node. Weights are numbers of rows. O(d n) a level, and the merging.
 * Source: Kass (1980), Applied Statistics 29(2). Oracle: PyPI's CHAID, without the correction.
 */
export const chaidClassifier = classifier({
  name: "decision_tree_chaid",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      statistic: z.enum(["pearson", "likelihood_ratio"]).default("pearson").meta({ title: "Statistic" }),
      ...shared(),
    }),
  fit(x, y, { statistic, ...params }, context): ChaidState {
    const test = statistic === "pearson" ? pearsonTest : likelihoodRatioTest;
    return fitChaid(x, { ...params, test }, context, (rows, weights) => classTarget(y, rows, weights, context.classes));
  },
  predictProba: (x, tree): Matrix => ({ rows: x.rows, columns: tree.outputs, data: answers(x, tree) }),
  importances: (tree) => importanceOfColumns(tree),
  check: checkChaid,
});

/**
 * A regression tree whose questions are groups of categories with different means (CHAID): F tests, otherwise as `chaidClassifier`.
 * Cost as there.
 * Source: Kass (1980), Applied Statistics 29(2). Oracle: scipy's f_oneway for the tests.
 */
export const chaidRegressor = regressor({
  name: "decision_tree_chaid",
  missing: true,
  categories: true,
  params: () => z.strictObject(shared()),
  fit: (x, y, params, context): ChaidState =>
    fitChaid(x, { ...params, test: varianceTest }, context, (rows, weights) => numberTarget(y, rows, weights)),
  predict: (x, tree): Float64Array => answers(x, tree),
  importances: (tree) => importanceOfColumns(tree),
  check: checkChaid,
});

interface ChaidParams extends Omit<ChaidRules, "maxDepth"> {
  readonly maxDepth: number | null;
  readonly bins: number;
  readonly ordinal: readonly string[];
}

function fitChaid(
  x: Matrix,
  { maxDepth, bins, ordinal, ...rules }: ChaidParams,
  { weights, checkpoint }: FitContext,
  targetOf: (rows: Int32Array, weights: Float64Array) => ChaidTarget,
): ChaidState {
  const who = "decision_tree_chaid";
  const names = x.names!;
  const stranger = ordinal.find((name) => !x.levels?.[names.indexOf(name)]);
  if (stranger !== undefined)
    throw new ParamsError(
      `${who}: ordinal must name columns of categories, got "${stranger}"${suggest(
        stranger,
        names.filter((_, j) => x.levels?.[j]),
      )}`,
    );
  const rows = weightedRows(x.rows, weights);
  const own = weightsOf(who, rows, weights);
  const columns = codeColumns(x, rows, checkpoint).map((coded, j) =>
    coded.levels > 0 ? levelsColumn(names[j]!, coded, ordinal.includes(names[j]!)) : binnedColumn(names[j]!, coded, own, bins),
  );
  const places = Int32Array.from(rows, (_, i) => i);
  const root = growChaid(who, columns, targetOf(rows, own), places, { ...rules, maxDepth: maxDepth ?? Infinity }, checkpoint);
  const { tree, nodes } = flattenTree(who, root);
  return {
    ...tree,
    statistic: Float64Array.from(nodes, ({ statistic }) => statistic),
    logP: Float64Array.from(nodes, ({ logP }) => logP),
  };
}

function levelsColumn(name: string, { cells, levels }: CodedColumn, isOrdered: boolean): ChaidColumn {
  return { name, codes: cells, size: levels, isOrdered, ends: undefined };
}

/** A number in bins of equal weight; every value its own bin where they are few. Bins end halfway to the next value. */
function binnedColumn(name: string, { cells, values }: CodedColumn, weights: Float64Array, bins: number): ChaidColumn {
  const counts = new Float64Array(values.length);
  for (let i = 0; i < cells.length; i++) if (cells[i]! >= 0) counts[cells[i]!]! += weights[i]!;
  const total = counts.reduce((a, b) => a + b, 0);
  const binOf = new Int32Array(values.length);
  const ends: number[] = [];
  let below = 0;
  let shared = 1;
  for (let v = 0; v < values.length; v++) {
    binOf[v] = ends.length;
    below += counts[v]!;
    const isFull = values.length <= bins || below * bins >= total * shared;
    while (shared < bins && below * bins >= total * shared) shared++;
    if (isFull && v + 1 < values.length) ends.push(between(values[v]!, values[v + 1]!));
  }
  const codes = cells.map((rank) => (rank < 0 ? -1 : binOf[rank]!));
  return { name, codes, size: ends.length + 1, isOrdered: true, ends: [...ends, Infinity] };
}

/** The middle of two neighbours, the lower where there is none between. */
function between(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return middle > lower && middle < upper ? middle : lower;
}

/** What each row's last node says (n × outputs). */
function answers(x: Matrix, tree: MultiwayTree): Float64Array {
  const { feature, value, outputs } = tree;
  const data = sharedFloat64(x.rows * outputs);
  for (let i = 0; i < x.rows; i++) {
    let node = 0;
    for (let next = 0; next >= 0; ) {
      node = next;
      next = feature[node]! < 0 ? -1 : childOf(tree, node, x.data[i * x.columns + feature[node]!]!);
    }
    for (let k = 0; k < outputs; k++) data[i * outputs + k] = value[node * outputs + k]!;
  }
  return data;
}

function checkChaid(state: ChaidState, columns: number): void {
  checkMultiway(state, columns);
  for (const array of [state.statistic, state.logP])
    if (!(array instanceof Float64Array && array.length === state.feature.length))
      throw new StoreError("loadModel: the tests of the tree are not one for each node");
}
