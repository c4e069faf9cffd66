import type { Fitted } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { type BoostedTrees, nodeFlag } from "../boosting/boosted-trees.ts";
import { boostedTreesOf, boundsOf, codesOf, treesByRound, type WrittenTree, writeText } from "./written-model.ts";

const who = "writeLightgbm";

/**
 * A model of boosted trees as LightGBM text (version 4), which `lightgbm.Booster` loads and predicts equally; written to `path` where one
 * is given. Levels of category columns go along as pandas' do. A category node whose missing values go with the named codes is turned
 * round: then codes that neither the levels nor any split name go with the missing ones too. Cost O(nodes).
 * Throws DataError for what LightGBM cannot say (a linear booster, a hinge), StoreError where the file cannot be written.
 *
 * ```ts
 * await ml.writeLightgbm(model, "model.txt");
 * ```
 */
export async function writeLightgbm(model: Fitted, path?: string): Promise<string> {
  const state = boostedTreesOf(who, model);
  if (state.weights) throw new DataError(`${who}: a linear booster has no LightGBM form, got objective ${state.objective}`);
  const trees = treesByRound(state);
  const texts = trees.map((tree, t) => `Tree=${t}\n${treeText(model, state, tree)}\n\n`);
  const text = `${head(model, state, texts)}\n\n${texts.join("")}end of trees\n\n${tail(model, state)}`;
  if (path !== undefined) await writeText(who, path, text);
  return text;
}

function head(model: Fitted, state: BoostedTrees, texts: readonly string[]): string {
  const { outputs, average } = state;
  const used = new Set(state.feature);
  const infos = model.columns.map(({ levels }, j) => {
    if (!used.has(j)) return "none";
    return levels && levels.length > 0 ? levels.map((_, code) => code).join(":") : "[-1e+308:1e+308]";
  });
  return [
    "tree",
    "version=v4",
    `num_class=${outputs}`,
    `num_tree_per_iteration=${outputs}`,
    "label_index=0",
    `max_feature_idx=${model.columns.length - 1}`,
    `objective=${objectiveText(model, state)}`,
    ...(average ? ["average_output"] : []),
    `feature_names=${featureNames(model).join(" ")}`,
    `feature_infos=${infos.join(" ")}`,
    `tree_sizes=${texts.map((text) => Buffer.byteLength(text)).join(" ")}`,
  ].join("\n");
}

/** LightGBM parts names by spaces. Throws DataError for names that are equal without them. */
function featureNames({ columns }: Fitted): string[] {
  const names = columns.map(({ name }, j) => name.replaceAll(/\s+/g, "_") || `Column_${j}`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw new DataError(`${who}: column names must differ without their spaces, got ${JSON.stringify(name)} twice`);
    seen.add(name);
  }
  return names;
}

/** Names of LightGBM's objectives whose files need nothing more. */
const plainNames: ReadonlySet<string> = new Set([
  "regression",
  "regression_l1",
  "huber",
  "fair",
  "quantile",
  "mape",
  "lambdarank",
  "rank_xendcg",
]);
const positiveNames: ReadonlySet<string> = new Set(["poisson", "gamma", "tweedie"]);

/** The objective that links sums and predictions as the model does. */
function objectiveText({ task }: Fitted, { objective, link, scale, outputs }: BoostedTrees): string {
  switch (link) {
    case "identity":
      if (task === "ranking") return objective === "rank_xendcg" ? objective : "lambdarank";
      return plainNames.has(objective) ? objective : "regression";
    case "signed_square":
      return "regression sqrt";
    case "exp":
      return positiveNames.has(objective) ? objective : "poisson";
    case "log1p_exp":
      return "cross_entropy_lambda";
    case "sigmoid":
      return task === "regression" && scale === 1 ? "cross_entropy" : `binary sigmoid:${scale}`;
    case "sigmoid_each":
      return `multiclassova num_class:${outputs} sigmoid:${scale}`;
    case "softmax":
      return `multiclass num_class:${outputs}`;
    default:
      throw new DataError(`${who}: objective ${objective} (${link}) has no LightGBM form`);
  }
}

function treeText(model: Fitted, state: BoostedTrees, tree: WrittenTree): string {
  const nodes = Array.from({ length: tree.end - tree.begin }, (_, k) => tree.begin + k);
  const questions = nodes.filter((node) => state.feature[node]! >= 0);
  const leaves = nodes.filter((node) => state.feature[node]! < 0);
  const places = new Map([...questions.map((node, k) => [node, k] as const), ...leaves.map((node, k) => [node, ~k] as const)]);
  const asked = questions.map((node) => questionOf(model, state, node));
  const sets = asked.flatMap(({ bits }) => (bits ? [bits] : []));
  let set = 0;
  const fields: [string, Iterable<number>][] = [
    ["split_feature", questions.map((node) => state.feature[node]!)],
    ["split_gain", questions.map((node) => state.gain[node]!)],
    ["threshold", questions.map((node, k) => (asked[k]!.bits ? set++ : state.threshold[node]!))],
    ["decision_type", asked.map(({ type }) => type)],
    ["left_child", questions.map((node, k) => places.get(asked[k]!.turned ? state.right[node]! : state.left[node]!)!)],
    ["right_child", questions.map((node, k) => places.get(asked[k]!.turned ? state.left[node]! : state.right[node]!)!)],
    ["leaf_value", leaves.length > 0 ? leaves.map((node) => tree.value(node) + tree.shift) : [tree.shift]],
    ["leaf_weight", leaves.map((node) => state.weight[node]!)],
    ["leaf_count", leaves.map((node) => Math.round(state.count[node]!))],
    ["internal_value", questions.map((node) => tree.value(node) + tree.shift)],
    ["internal_weight", questions.map((node) => state.weight[node]!)],
    ["internal_count", questions.map((node) => Math.round(state.count[node]!))],
    ...(sets.length > 0
      ? ([
          ["cat_boundaries", boundsOf(sets)],
          ["cat_threshold", sets.flatMap((bits) => [...bits])],
        ] as [string, number[]][])
      : []),
  ];
  return [
    `num_leaves=${Math.max(1, leaves.length)}`,
    `num_cat=${sets.length}`,
    ...fields.map(([name, values]) => `${name}=${[...values].join(" ")}`),
    ...linearLines(state, tree, leaves),
    "shrinkage=1",
  ].join("\n");
}

interface Question {
  readonly type: number;
  /** Codes that go left, of a question for categories. */
  readonly bits?: Uint32Array;
  /** Whether left and right change places. */
  readonly turned: boolean;
}

/** The decision type of a node; LightGBM sends missing categories right, so a node that sends them left is turned round. */
function questionOf({ columns }: Fitted, state: BoostedTrees, node: number): Question {
  const flags = state.flags[node]!;
  const left = flags & nodeFlag.missingLeft ? 2 : 0;
  if (!(flags & nodeFlag.category)) {
    const kind = flags & nodeFlag.nanIsZero ? 0 : flags & nodeFlag.zeroIsMissing ? 4 : 8;
    return { type: kind | left, turned: false };
  }
  const codes = codesOf(state, node);
  const last = Math.max(
    0,
    codes.at(-1) ?? 0,
    (columns[state.feature[node]!]!.levels?.length ?? 0) - 1,
    left ? largestCode(state) : 0,
  );
  const bits = new Uint32Array((last >>> 5) + 1);
  for (const code of codes) bits[code >>> 5]! |= 1 << (code & 31);
  return left ? { type: 1, bits: bits.map((word) => ~word), turned: true } : { type: 1, bits, turned: false };
}

function largestCode({ setOffsets }: BoostedTrees): number {
  let words = 0;
  for (let k = 1; k < setOffsets.length; k++) words = Math.max(words, setOffsets[k]! - setOffsets[k - 1]!);
  return words * 32 - 1;
}

function linearLines({ linear }: BoostedTrees, tree: WrittenTree, leaves: readonly number[]): string[] {
  if (!linear || leaves.length === 0) return ["is_linear=0"];
  const own = (array: ArrayLike<number>, node: number): string =>
    Array.from({ length: linear.offsets[node + 1]! - linear.offsets[node]! }, (_, k) => array[linear.offsets[node]! + k]!).join(
      " ",
    );
  return [
    "is_linear=1",
    `leaf_const=${leaves.map((node) => linear.constant[node]! + tree.shift).join(" ")}`,
    `num_features=${leaves.map((node) => linear.offsets[node + 1]! - linear.offsets[node]!).join(" ")}`,
    `leaf_features=${leaves.map((node) => own(linear.feature, node)).join("  ")} `,
    `leaf_coeff=${leaves.map((node) => own(linear.coefficient, node)).join("  ")} `,
  ];
}

function tail({ columns }: Fitted, { linear }: BoostedTrees): string {
  const coded = columns.flatMap(({ levels }, j) => (levels ? [j] : []));
  const levels = coded.length > 0 ? JSON.stringify(coded.map((j) => columns[j]!.levels)) : "null";
  return [
    "feature_importances:",
    "",
    "parameters:",
    "[boosting: gbdt]",
    `[categorical_feature: ${coded.join(",")}]`,
    `[linear_tree: ${linear ? 1 : 0}]`,
    "",
    "end of parameters",
    "",
    `pandas_categorical:${levels}`,
    "",
  ].join("\n");
}
