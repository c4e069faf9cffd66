import { StoreError } from "../../base/errors.ts";

/**
 * What turns a raw score into what is answered:
 * `sigmoid` 1 / (1 + e^(−scale · s)), `sigmoid_each` the same for every class by itself, `softmax`, `exp`, `log1p_exp` ln(1 + eˢ), `sign` 1 where s > 0 else 0,
 * `signed_square` sign(s) s².
 */
export type Link = "identity" | "sigmoid" | "sigmoid_each" | "softmax" | "exp" | "log1p_exp" | "sign" | "signed_square";

/** Bits of a node's `flags`. */
export const nodeFlag = {
  /** Missing values go left. */
  missingLeft: 1,
  /** The node asks whether a category is among those of its set; such rows go left. */
  category: 2,
  /** NaN is taken as 0 (a LightGBM model that saw no missing value). */
  nanIsZero: 4,
  /** |x| ≤ 1e-35 is missing as NaN is (LightGBM's zero_as_missing). */
  zeroIsMissing: 8,
} as const;

/**
 * Boosted trees as flat arrays: all nodes of all trees one after the other (m nodes, t trees). A child comes after its parent, and
 * inside its tree.
 */
export interface BoostedTrees {
  /** The loss that was minimised, by our name or the one of the library it was read from. */
  readonly objective: string;
  readonly link: Link;
  /** Steepness of the sigmoid; 1 elsewhere. */
  readonly scale: number;
  /** Scores of a row: one a class beyond two classes, one a target, otherwise 1. */
  readonly outputs: number;
  /** Scores before any tree (outputs). */
  readonly base: Float64Array;
  /** First node of each tree (t). */
  readonly roots: Int32Array;
  /** Score that a tree adds to (t); −1 where its leaves hold a value for every score. */
  readonly output: Int32Array;
  /** Whether scores are the mean over the trees of an output rather than their sum. */
  readonly average: boolean;
  /** Whether inputs are rounded and scores are added in single precision, as XGBoost does. */
  readonly single: boolean;
  /** Column that a node asks for; −1 at a leaf (m). */
  readonly feature: Int32Array;
  /** x ≤ threshold goes left; at a category node the place of its set in `setOffsets` (m). */
  readonly threshold: Float64Array;
  /** Places of the children in all of m; −1 at a leaf (m). */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** See `nodeFlag` (m). */
  readonly flags: Uint8Array;
  /** What a leaf adds, step size included; at an inner node what it would add as a leaf (m, or m × outputs where leaves hold vectors). */
  readonly value: Float64Array;
  /** Sum of hessians of the rows that reached a node (m). */
  readonly weight: Float64Array;
  /** Rows that reached a node (m). */
  readonly count: Float64Array;
  /** Gain of a node's split; 0 at a leaf (m). */
  readonly gain: Float64Array;
  /** First word of each set of categories, and the end of the last (sets + 1). */
  readonly setOffsets: Int32Array;
  /** Sets as bits: category c is in when bit c % 32 of word c / 32 is set. */
  readonly setBits: Uint32Array;
  /** Linear models in the leaves (LightGBM's linear_tree), where there are some. */
  readonly linear?: LinearLeaves | undefined;
  /** A linear model instead of trees (XGBoost's gblinear): weights (d × outputs, row-major), added to `base`. */
  readonly weights?: Float64Array | undefined;
}

/** A linear model for each leaf: constant + Σ coefficient · x; where one of its inputs is missing, the leaf's `value` answers. */
export interface LinearLeaves {
  /** Constants of the nodes (m). */
  readonly constant: Float64Array;
  /** First coefficient of each node, and the end of the last (m + 1). */
  readonly offsets: Int32Array;
  /** Column of each coefficient. */
  readonly feature: Int32Array;
  readonly coefficient: Float64Array;
}

/** What the scorer knows of trees; forests are scored as such. */
export type ScoredTrees = Pick<
  BoostedTrees,
  | "outputs"
  | "roots"
  | "output"
  | "single"
  | "feature"
  | "threshold"
  | "left"
  | "right"
  | "flags"
  | "value"
  | "setOffsets"
  | "setBits"
  | "linear"
>;

/** |x| up to here is zero for LightGBM's zero_as_missing. */
const zero = 1e-35;

/** Whether a value goes left at an inner node. */
export function goesLeft(model: ScoredTrees, node: number, x: number): boolean {
  const flag = model.flags[node]!;
  const threshold = model.threshold[node]!;
  if (flag & nodeFlag.category && !Number.isNaN(x)) return isInSet(model, threshold, x);
  if (Number.isNaN(x) && flag & nodeFlag.nanIsZero) return threshold >= 0;
  if (Number.isNaN(x) || (flag & nodeFlag.zeroIsMissing && Math.abs(x) <= zero)) return (flag & nodeFlag.missingLeft) !== 0;
  return x <= threshold;
}

function isInSet({ setOffsets, setBits }: ScoredTrees, set: number, x: number): boolean {
  const category = Math.trunc(x);
  if (!(category >= 0)) return false;
  const word = setOffsets[set]! + Math.floor(category / 32);
  return word < setOffsets[set + 1]! && ((setBits[word]! >>> (category % 32)) & 1) === 1;
}

const links: readonly Link[] = ["identity", "sigmoid", "sigmoid_each", "softmax", "exp", "log1p_exp", "sign", "signed_square"];

/** Kinds of the arrays that every model has. */
const arrays = {
  base: Float64Array,
  roots: Int32Array,
  output: Int32Array,
  feature: Int32Array,
  threshold: Float64Array,
  left: Int32Array,
  right: Int32Array,
  flags: Uint8Array,
  value: Float64Array,
  weight: Float64Array,
  count: Float64Array,
  gain: Float64Array,
  setOffsets: Int32Array,
  setBits: Uint32Array,
} as const;

/** Throws StoreError unless every array has its kind and length, children come after their parents inside their tree, and columns exist. */
export function checkBoostedTrees(model: BoostedTrees, columns: number): void {
  const refuse = (what: string): never => {
    throw new StoreError(`hist_gradient_boosting: ${what}`);
  };
  checkKinds(model, refuse);
  const { roots, output, outputs, feature, left, right, flags, threshold, setOffsets, setBits } = model;
  const nodes = feature.length;
  const vectors = output.includes(-1);
  const lengths = { threshold, left, right, flags, weight: model.weight, count: model.count, gain: model.gain };
  for (const [name, array] of Object.entries(lengths))
    if (array.length !== nodes) refuse(`${name} must have ${nodes} entries, got ${array.length}`);
  if (!(Number.isInteger(outputs) && outputs >= 1)) refuse(`outputs must be a whole number ≥ 1, got ${outputs}`);
  if (model.base.length !== outputs) refuse(`base must have ${outputs} entries, got ${model.base.length}`);
  if (output.length !== roots.length) refuse(`output must have ${roots.length} entries, got ${output.length}`);
  if (model.value.length !== nodes * (vectors ? outputs : 1))
    refuse(`value has ${model.value.length} entries for ${nodes} nodes`);
  if (output.some((k) => k < -1 || k >= outputs)) refuse("a tree adds to a score that is not there");
  if (model.weights && model.weights.length !== columns * outputs && columns !== Infinity)
    refuse(`weights must have ${columns * outputs} entries, got ${model.weights.length}`);
  if (setOffsets.some((offset, k) => offset < (setOffsets[k - 1] ?? 0) || offset > setBits.length))
    refuse("the sets of categories do not follow each other");
  if (model.linear) checkLinear(model.linear, nodes, columns, refuse);
  for (let t = 0; t < roots.length; t++) {
    const begin = roots[t]!;
    const end = roots[t + 1] ?? nodes;
    if (begin < 0 || end <= begin || end > nodes) refuse(`tree ${t} has nodes ${begin} … ${end - 1} of ${nodes}`);
    for (let k = begin; k < end; k++) {
      if (feature[k]! < 0) continue;
      if (feature[k]! >= columns) refuse(`node ${k} asks for column ${feature[k]} of ${columns}`);
      if (!(left[k]! > k && left[k]! < end && right[k]! > k && right[k]! < end))
        refuse(`node ${k} of tree ${t} has a child outside it`);
      const set = threshold[k]!;
      if (flags[k]! & nodeFlag.category && !(Number.isInteger(set) && set >= 0 && set < setOffsets.length - 1))
        refuse(`node ${k} has no set of categories`);
      if (Number.isNaN(set)) refuse(`node ${k} has no threshold`);
    }
  }
}

function checkKinds(model: BoostedTrees, refuse: (what: string) => never): void {
  if (typeof model !== "object" || model === null) refuse(`the state must be an object, got ${model}`);
  for (const [name, kind] of Object.entries(arrays))
    if (!(model[name as keyof typeof arrays] instanceof kind)) refuse(`${name} must be a ${kind.name}`);
  if (model.weights != null && !(model.weights instanceof Float64Array)) refuse("weights must be a Float64Array");
  if (!links.includes(model.link)) refuse(`link must be one of ${links.join(", ")}, got ${model.link}`);
  if (!Number.isFinite(model.scale)) refuse(`scale must be a number, got ${model.scale}`);
  for (const name of ["average", "single"] as const)
    if (typeof model[name] !== "boolean") refuse(`${name} must be true or false, got ${model[name]}`);
}

function checkLinear(linear: LinearLeaves, nodes: number, columns: number, refuse: (what: string) => never): void {
  const { constant, offsets, feature, coefficient } = linear;
  for (const [name, array] of Object.entries({ constant, offsets, feature, coefficient }))
    if (!(array instanceof (name === "offsets" || name === "feature" ? Int32Array : Float64Array)))
      refuse(`${name} of the linear leaves is no array of its kind`);
  const { length } = coefficient;
  if (constant.length !== nodes || offsets.length !== nodes + 1 || feature.length !== length)
    refuse("the linear leaves have other lengths than the nodes");
  if (offsets.some((offset, k) => offset < (offsets[k - 1] ?? 0) || offset > length))
    refuse("the linear leaves do not follow each other");
  if (feature.some((column) => column < 0 || column >= columns)) refuse("a linear leaf asks for a column that is not there");
}
