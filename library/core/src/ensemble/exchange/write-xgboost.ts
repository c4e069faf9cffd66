import type { Fitted } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { defaultNames } from "../../base/run.ts";
import { type BoostedTrees, nodeFlag } from "../boosting/boosted-trees.ts";
import { firstAbove } from "./float32.ts";
import { boostedTreesOf, boundsOf, codesOf, treesByRound, type WrittenTree, writeText } from "./written-model.ts";

const who = "writeXgboost";

/**
 * A model of boosted trees as XGBoost JSON, which `xgboost.Booster` loads and predicts equally: to 1e-6, for it computes in 32 bits, and
 * inputs between two of its numbers may fall to the other side of a threshold. Written to `path` where one is given. Cost O(nodes).
 * Throws DataError for what XGBoost cannot say (linear leaves, zeros as missing values, links that it has not), StoreError where the file
 * cannot be written.
 *
 * ```ts
 * await ml.writeXgboost(model, "model.json");
 * ```
 */
export async function writeXgboost(model: Fitted, path?: string): Promise<string> {
  const state = boostedTreesOf(who, model);
  if (state.linear) throw new DataError(`${who}: linear leaves have no XGBoost form`);
  const { columns } = model;
  const named = defaultNames(columns.length).some((name, j) => name !== columns[j]!.name);
  const { name, parameters, neutral } = objectiveOf(model, state);
  const document = {
    learner: {
      attributes: {},
      feature_names: named ? columns.map((column) => column.name) : [],
      feature_types: featureTypes(model, state),
      gradient_booster: state.weights ? linearBooster(state, state.weights) : treeBooster(model, state),
      learner_model_param: {
        base_score: String(neutral),
        boost_from_average: "0",
        num_class: String(state.link === "softmax" ? state.outputs : 0),
        num_feature: String(columns.length),
        num_target: String(state.link === "softmax" ? 1 : state.outputs),
      },
      objective: { name, ...parameters },
    },
    version: [2, 1, 0],
  };
  const text = textOf(document);
  if (path !== undefined) await writeText(who, path, text);
  return text;
}

/** JSON whose Float32Arrays are lists of floats: XGBoost tells 1 and 1E0 apart. */
function textOf(value: unknown): string {
  if (value instanceof Float32Array) return `[${Array.from(value, floatText).join(",")}]`;
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}:${textOf(entry)}`);
  return `{${members.join(",")}}`;
}

/** Nine digits tell every float of 32 bits apart. */
function floatText(value: number): string {
  const text = String(Number(value.toPrecision(9)));
  return /[.e]/.test(text) ? text : `${text}E0`;
}

interface WrittenObjective {
  readonly name: string;
  readonly parameters: Record<string, unknown>;
  /** The base_score whose sum is 0. */
  readonly neutral: number;
}

const regression = { reg_loss_param: { scale_pos_weight: "1" } };
const rankings: ReadonlySet<string> = new Set(["rank:pairwise", "rank:ndcg", "rank:map"]);

/** The objective that links sums and predictions as the model does. */
function objectiveOf({ task }: Fitted, { objective, link, outputs }: BoostedTrees): WrittenObjective {
  switch (link) {
    case "identity":
      if (task !== "ranking") return { name: "reg:squarederror", parameters: regression, neutral: 0 };
      return { name: rankings.has(objective) ? objective : "rank:ndcg", parameters: { lambdarank_param: {} }, neutral: 0 };
    case "sigmoid":
    case "sigmoid_each":
      return { name: task === "regression" ? "reg:logistic" : "binary:logistic", parameters: regression, neutral: 0.5 };
    case "softmax":
      return { name: "multi:softprob", parameters: { softmax_multiclass_param: { num_class: String(outputs) } }, neutral: 0 };
    case "exp":
      if (/gamma/.test(objective)) return { name: "reg:gamma", parameters: regression, neutral: 1 };
      return { name: "count:poisson", parameters: { poisson_regression_param: { max_delta_step: "0.7" } }, neutral: 1 };
    case "sign":
      return { name: "binary:hinge", parameters: {}, neutral: 0 };
    default:
      throw new DataError(`${who}: objective ${objective} (${link}) has no XGBoost form`);
  }
}

/** "c" for the columns that a node asks for categories, empty where there are none. */
function featureTypes({ columns }: Fitted, { feature, flags }: BoostedTrees): string[] {
  const coded = new Set<number>();
  for (let node = 0; node < feature.length; node++) if (flags[node]! & nodeFlag.category) coded.add(feature[node]!);
  columns.forEach(({ levels }, j) => {
    if (levels) coded.add(j);
  });
  return coded.size > 0 ? columns.map((_, j) => (coded.has(j) ? "c" : "float")) : [];
}

function linearBooster({ base, outputs, scale }: BoostedTrees, weights: Float64Array): object {
  const all = Float32Array.from([...weights, ...base], (weight) => weight * scale);
  return { model: { boosted_rounds: Math.max(1, outputs), weights: all }, name: "gblinear" };
}

function treeBooster(model: Fitted, state: BoostedTrees): object {
  const trees = treesByRound(state);
  const rounds = trees.length / state.outputs;
  const factor = state.scale / (state.average ? rounds : 1);
  return {
    model: {
      ...(model.columns.some(({ levels }) => levels) ? { cats: levelsOf(model) } : {}),
      gbtree_model_param: { num_parallel_tree: "1", num_trees: String(trees.length) },
      iteration_indptr: Array.from({ length: rounds + 1 }, (_, round) => round * state.outputs),
      tree_info: trees.map(({ output }) => output),
      trees: trees.map((tree, t) => treeObject(model, state, tree, t, factor)),
    },
    name: "gbtree",
  };
}

/** Levels of the columns as XGBoost 3 keeps them: bytes with offsets, and the order of each column's levels. */
function levelsOf({ columns }: Fitted): object {
  const levels = columns.map((column) => (column.levels ?? []).map((level) => Buffer.from(level)));
  return {
    enc: levels.map((own) => ({ offsets: own.length > 0 ? boundsOf(own) : [], values: own.flatMap((level) => [...level]) })),
    feature_segments: boundsOf(levels),
    sorted_idx: levels.flatMap((own) => own.map((_, k) => k).sort((a, b) => Buffer.compare(own[a]!, own[b]!))),
  };
}

/** A node as XGBoost asks it; children by their places in the tree that is written. */
interface WrittenNode {
  readonly left: number;
  readonly right: number;
  readonly condition: number;
  readonly defaultLeft: boolean;
  readonly codes?: readonly number[];
}

function treeObject({ columns }: Fitted, state: BoostedTrees, tree: WrittenTree, id: number, factor: number): object {
  const filler = tree.end === tree.begin;
  const nodes = filler ? [-1] : [tree.begin];
  const nodeValue = (node: number): number => (filler ? tree.shift : tree.value(node) + tree.shift) * factor;
  const written: WrittenNode[] = [];
  // breadth first: XGBoost takes it that a right child comes straight after the left
  for (const node of nodes) {
    if (filler || state.feature[node]! < 0) {
      written.push({ left: -1, right: -1, condition: nodeValue(node), defaultLeft: false });
      continue;
    }
    const question = questionOf(state, node);
    const left = nodes.push(question.left, question.right) - 2;
    written.push({ ...question, left, right: left + 1 });
  }
  const parents = new Int32Array(nodes.length).fill(2 ** 31 - 1);
  written.forEach(({ left, right }, k) => {
    for (const child of [left, right]) if (child >= 0) parents[child] = k;
  });
  const asking = written.flatMap(({ codes }, k) => (codes ? [{ k, codes }] : []));
  const starts = boundsOf(asking.map(({ codes }) => codes));
  return {
    base_weights: Float32Array.from(nodes, nodeValue),
    categories: asking.flatMap(({ codes }) => codes),
    categories_nodes: asking.map(({ k }) => k),
    categories_segments: starts.slice(0, -1),
    categories_sizes: asking.map(({ codes }) => codes.length),
    default_left: written.map(({ defaultLeft }) => Number(defaultLeft)),
    id,
    left_children: written.map(({ left }) => left),
    loss_changes: Float32Array.from(nodes, (node) => state.gain[node] ?? 0),
    parents: [...parents],
    right_children: written.map(({ right }) => right),
    split_conditions: Float32Array.from(written, ({ condition }) => condition),
    split_indices: nodes.map((node) => Math.max(0, state.feature[node] ?? 0)),
    split_type: written.map(({ codes }) => Number(codes !== undefined)),
    sum_hessian: Float32Array.from(nodes, (node) => state.weight[node] ?? 0),
    tree_param: {
      num_deleted: "0",
      num_feature: String(columns.length),
      num_nodes: String(nodes.length),
      size_leaf_vector: "1",
    },
  };
}

/** XGBoost sends the named categories right, and asks x < threshold in 32 bits. Children are the model's nodes. */
function questionOf(state: BoostedTrees, node: number): WrittenNode {
  const flags = state.flags[node]!;
  const [left, right] = [state.left[node]!, state.right[node]!];
  const missingLeft = (flags & nodeFlag.missingLeft) !== 0;
  if (flags & nodeFlag.category)
    return { left: right, right: left, condition: 0, defaultLeft: !missingLeft, codes: codesOf(state, node) };
  const threshold = state.threshold[node]!;
  const zeroLeft = threshold >= 0;
  if (flags & nodeFlag.zeroIsMissing && zeroLeft !== missingLeft)
    throw new DataError(`${who}: zeros as missing values have no XGBoost form, got node ${node} of threshold ${threshold}`);
  const above = Math.min(Math.max(firstAbove(threshold), -3.4028234663852886e38), 3.4028234663852886e38);
  return { left, right, condition: above, defaultLeft: flags & nodeFlag.nanIsZero ? zeroLeft : missingLeft };
}
