import type { InputColumn } from "../../base/contract.ts";
import type { BoostedTrees, LinearLeaves, Link } from "../boosting/boosted-trees.ts";
import type { ForeignTree } from "./foreign-tree.ts";

/** What a model of another library was trained for. */
export interface ForeignObjective {
  /** As that library names it. */
  readonly name: string;
  readonly task: "classification" | "regression" | "ranking";
  readonly link: Link;
  /** Steepness of the sigmoid. */
  readonly scale: number;
}

/** A model of another library, checked: all its trees, and how their sums become predictions. */
export interface ForeignModel {
  readonly objective: ForeignObjective;
  readonly columns: readonly InputColumn[];
  /** Sums that the trees add up to: one, or one for each class or target (k). */
  readonly outputs: number;
  /** What each sum begins with (k). */
  readonly base: Float64Array;
  readonly trees: readonly ForeignTree[];
  /** The output that each tree adds to. */
  readonly outputOf: Int32Array;
  /** Trees until the end of each round of boosting. */
  readonly roundEnds: Int32Array;
  /** Weights of a linear booster (d × k). */
  readonly weights?: Float64Array | undefined;
  /** Whether an output is the mean of its trees. */
  readonly average: boolean;
  /** Whether the library computes in 32 bits. */
  readonly single: boolean;
}

/** The model after its first rounds. */
export function takeRounds(model: ForeignModel, rounds: number): ForeignModel {
  const end = model.roundEnds[rounds - 1]!;
  const roundEnds = model.roundEnds.slice(0, rounds);
  return { ...model, trees: model.trees.slice(0, end), outputOf: model.outputOf.slice(0, end), roundEnds };
}

/** The one target of a model of several, which is then an ordinary regression. */
export function pickOutput(model: ForeignModel, output: number): ForeignModel {
  const picked = model.trees.map((_, t) => t).filter((t) => model.outputOf[t] === output);
  const { objective, outputs } = model;
  return {
    ...model,
    objective: objective.link === "sigmoid_each" ? { ...objective, link: "sigmoid" } : objective,
    outputs: 1,
    base: model.base.slice(output, output + 1),
    trees: picked.map((t) => model.trees[t]!),
    outputOf: new Int32Array(picked.length),
    weights: model.weights?.filter((_, k) => k % outputs === output),
  };
}

/** The trees one behind the other, as predictions need them. Cost O(nodes). */
export function joinTrees(model: ForeignModel): BoostedTrees {
  const { trees, objective } = model;
  const roots = new Int32Array(trees.length);
  for (let t = 1; t < trees.length; t++) roots[t] = roots[t - 1]! + trees[t - 1]!.feature.length;
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const joined = {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    flags: new Uint8Array(nodes),
    value: new Float64Array(nodes),
    weight: new Float64Array(nodes),
    count: new Float64Array(nodes),
    gain: new Float64Array(nodes),
  };
  for (const [t, tree] of trees.entries()) {
    const at = roots[t]!;
    for (const name of ["feature", "threshold", "flags", "value", "weight", "count", "gain"] as const)
      joined[name].set(tree[name], at);
    for (const side of ["left", "right"] as const)
      joined[side].set(
        tree[side].map((child) => (child < 0 ? -1 : at + child)),
        at,
      );
  }
  const linear = joinLinear(trees, roots, nodes);
  return {
    objective: objective.name,
    link: objective.link,
    scale: objective.scale,
    outputs: model.outputs,
    base: model.base,
    roots,
    output: model.outputOf,
    average: model.average,
    single: model.single,
    ...joined,
    ...joinSets(trees, roots, joined.threshold),
    ...(linear && { linear }),
    ...(model.weights && { weights: model.weights }),
  };
}

/** All sets of categories; the threshold of a node that asks for one becomes its place. */
function joinSets(
  trees: readonly ForeignTree[],
  roots: Int32Array,
  threshold: Float64Array,
): Pick<BoostedTrees, "setOffsets" | "setBits"> {
  const sets = trees.flatMap((tree, t) => Array.from(tree.categories, ([node, set]) => ({ node: roots[t]! + node, set })));
  const setOffsets = new Int32Array(sets.length + 1);
  for (const [k, { node, set }] of sets.entries()) {
    threshold[node] = k;
    setOffsets[k + 1] = setOffsets[k]! + set.length;
  }
  const setBits = new Uint32Array(setOffsets[sets.length]!);
  for (const [k, { set }] of sets.entries()) setBits.set(set, setOffsets[k]!);
  return { setOffsets, setBits };
}

function joinLinear(trees: readonly ForeignTree[], roots: Int32Array, nodes: number): LinearLeaves | undefined {
  if (trees.every((tree) => tree.linear.size === 0)) return undefined;
  const constant = new Float64Array(nodes);
  const offsets = new Int32Array(nodes + 1);
  const feature: number[] = [];
  const coefficient: number[] = [];
  for (const [t, tree] of trees.entries())
    for (let node = 0; node < tree.feature.length; node++) {
      const leaf = tree.linear.get(node);
      constant[roots[t]! + node] = leaf?.constant ?? tree.value[node]!;
      for (const j of leaf?.features ?? []) feature.push(j);
      for (const weight of leaf?.coefficients ?? []) coefficient.push(weight);
      offsets[roots[t]! + node + 1] = feature.length;
    }
  return { constant, offsets, feature: Int32Array.from(feature), coefficient: Float64Array.from(coefficient) };
}
