import { DataError } from "../../base/errors.ts";
import { nodeFlag } from "../boosting/boosted-trees.ts";
import { entries, integerOf, integersOf, member, numbersOf, optionalMember, type Place } from "./document.ts";
import { lastBelow } from "./float32.ts";
import { type ForeignTree, preorder, renumber } from "./foreign-tree.ts";

/** Codes of categories end here, as XGBoost's own do. */
const codesMax = 2 ** 24;

/** Words that all bit sets of a model may take: a short file may name large codes. */
const wordsMax = 2 ** 24;

/** Words that are left for bit sets. */
interface Budget {
  words: number;
}

/** Arrays of one tree as the file has them, checked; nodes in the file's order. */
interface Nodes {
  readonly count: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  readonly condition: Float64Array;
  readonly defaultLeft: Int32Array;
  readonly categories: ReadonlyMap<number, Uint32Array>;
}

/** All trees of a model, those of one tree of the file together; the output that each adds to, and how many there are until each. */
export function readXgboostTrees(
  model: Place,
  features: number,
  outputs: number,
): { readonly trees: readonly (readonly ForeignTree[])[]; readonly outputOf: Int32Array; readonly ends: Int32Array } {
  const places = entries(member(model, "trees"));
  const groups = integersOf(member(model, "tree_info"), places.length, 0, outputs - 1);
  const budget = { words: wordsMax };
  const trees = places.map((place) => readTree(place, features, outputs, budget));
  const outputOf = trees.flatMap((own, t) => (own.length > 1 ? own.map((_, k) => k) : [groups[t]!]));
  const ends = new Int32Array(trees.length + 1);
  for (const [t, own] of trees.entries()) ends[t + 1] = ends[t]! + own.length;
  return { trees, outputOf: Int32Array.from(outputOf), ends };
}

/**
 * One tree of an XGBoost model as trees of numbers: one, or one for each output where its leaves are vectors. Comparisons of 32 bits
 * become comparisons of doubles that answer the same for every double. XGBoost sends the named categories right, so these nodes change
 * sides. Cost O(nodes · outputs). Throws DataError with the member's path.
 */
function readTree(place: Place, features: number, outputs: number, budget: Budget): ForeignTree[] {
  const parameters = member(place, "tree_param");
  const written = optionalMember(parameters, "size_leaf_vector");
  const width = Math.max(1, written ? integerOf(written, 0, outputs) : 1);
  if (width !== 1 && width !== outputs)
    throw new DataError(`${place.who}: ${written!.path} must be 1 or ${outputs}, got ${width}`);
  const nodes = readNodes(place, width > 1, features, budget);
  const order = preorder(`${place.who}: ${place.path}`, nodes.left, nodes.right);
  const values = width > 1 ? vectorLeaves(place, nodes, width) : [scalarLeaves(place, nodes)];
  const shape = reorder(place, nodes, order, width);
  return values.map((value) => ({ ...shape, value: Float64Array.from(order, (node) => value[node]!) }));
}

function readNodes(place: Place, vectors: boolean, features: number, budget: Budget): Nodes {
  const indices = member(place, "left_children");
  const count = numbersOf(indices).length;
  const claimed = integerOf(member(member(place, "tree_param"), "num_nodes"), 0, 2 ** 31 - 1);
  if (claimed !== count || count === 0)
    throw new DataError(`${place.who}: ${indices.path} must have ${Math.max(1, claimed)} entries (num_nodes), got ${count}`);
  const left = integersOf(indices, count, -1, count - 1);
  const right = integersOf(member(place, "right_children"), count, -1, count - 1);
  for (let node = 0; node < count; node++) {
    if (left[node]! >= 0) continue;
    if (right[node]! >= 0 && !vectors)
      throw new DataError(
        `${place.who}: ${place.path}.right_children[${node}] must be -1 as left_children is, got ${right[node]}`,
      );
  }
  const types = optionalMember(place, "split_type");
  return {
    count,
    left,
    right,
    feature: integersOf(member(place, "split_indices"), count, 0, 2 ** 31 - 1).map((feature, node) => {
      if (left[node]! < 0) return -1;
      if (feature < features) return feature;
      throw new DataError(
        `${place.who}: ${place.path}.split_indices[${node}] must be below ${features} features, got ${feature}`,
      );
    }),
    condition: numbersOf(member(place, "split_conditions"), count).map(Math.fround),
    defaultLeft: integersOf(member(place, "default_left"), count, 0, 1),
    categories: types ? readSets(place, integersOf(types, count, 0, 1), left, budget) : new Map(),
  };
}

/** Bit sets of the nodes that ask for categories. */
function readSets(place: Place, types: Int32Array, left: Int32Array, budget: Budget): Map<number, Uint32Array> {
  const sets = new Map<number, Uint32Array>();
  if (!types.includes(1)) return sets;
  const codes = integersOf(member(place, "categories"), undefined, 0, codesMax - 1);
  const nodes = integersOf(member(place, "categories_nodes"), undefined, 0, left.length - 1);
  const starts = integersOf(member(place, "categories_segments"), nodes.length, 0, codes.length);
  const sizes = integersOf(member(place, "categories_sizes"), nodes.length, 0, codes.length);
  for (let k = 0; k < nodes.length; k++) {
    const own = codes.subarray(starts[k]!, starts[k]! + sizes[k]!);
    if (own.length !== sizes[k])
      throw new DataError(`${place.who}: ${place.path}.categories_sizes[${k}] must be at most ${own.length}, got ${sizes[k]}`);
    const words = (own.reduce((a, b) => Math.max(a, b), 0) >>> 5) + 1;
    budget.words -= words;
    if (budget.words < 0)
      throw new DataError(
        `${place.who}: the categories of all trees must take at most ${wordsMax} words of bits, got more in ${place.path}`,
      );
    const set = new Uint32Array(words);
    for (const code of own) set[code >>> 5]! |= 1 << (code & 31);
    sets.set(nodes[k]!, set);
  }
  types.forEach((type, node) => {
    if (type === 1 && left[node]! >= 0 && !sets.has(node))
      throw new DataError(
        `${place.who}: ${place.path}.categories_nodes must hold node ${node} of split_type 1, got ${nodes.length} others`,
      );
    if (type === 0) sets.delete(node);
  });
  return sets;
}

/** The value of each leaf; of other nodes the base weight. */
function scalarLeaves(place: Place, { count, left, condition }: Nodes): Float64Array {
  const base = optionalMember(place, "base_weights");
  const weights = base ? numbersOf(base, count) : new Float64Array(count);
  return weights.map((weight, node) =>
    left[node]! < 0 ? finite(place, node, condition[node]!) : Number.isFinite(weight) ? weight : 0,
  );
}

/** The values of each output; newer files list the leaves' alone, at the place that `right_children` names. */
function vectorLeaves(place: Place, { count, left, right }: Nodes, width: number): Float64Array[] {
  const base = member(place, "base_weights");
  const all = numbersOf(base, count * width);
  const written = optionalMember(place, "leaf_weights");
  const own = written && numbersOf(written);
  return Array.from({ length: width }, (_, output) =>
    new Float64Array(count).map((_, node) => {
      if (left[node]! >= 0 || !own) return finite(place, node, all[node * width + output]!);
      const at = right[node]! * width + output;
      if (right[node]! >= 0 && at < own.length) return finite(place, node, own[at]!);
      throw new DataError(
        `${place.who}: ${place.path}.right_children[${node}] must name one of ${own.length / width} leaves, got ${right[node]}`,
      );
    }),
  );
}

function finite({ who, path }: Place, node: number, value: number): number {
  if (Number.isFinite(value)) return Math.fround(value);
  throw new DataError(`${who}: ${path}, the value of node ${node} must be finite, got ${value}`);
}

/** Everything but the values, in preorder. */
function reorder(place: Place, nodes: Nodes, order: Int32Array, width: number): Omit<ForeignTree, "value"> {
  const { count, condition, defaultLeft } = nodes;
  const left = nodes.left.slice();
  const right = nodes.right.map((child, node) => (left[node]! < 0 ? -1 : child));
  for (const node of nodes.categories.keys()) [left[node], right[node]] = [right[node]!, left[node]!];
  const statistic = (name: string): Float64Array => {
    const found = optionalMember(place, name);
    const numbers = found ? numbersOf(found, count) : new Float64Array(count);
    return Float64Array.from(order, (node) => (Number.isFinite(numbers[node]!) ? numbers[node]! : 0));
  };
  const weight = statistic("sum_hessian").map((hessian) => hessian / width);
  const categories = new Map<number, Uint32Array>();
  order.forEach((node, k) => {
    const set = nodes.categories.get(node);
    if (set && left[node]! >= 0) categories.set(k, set);
  });
  return {
    feature: Int32Array.from(order, (node) => nodes.feature[node]!),
    threshold: Float64Array.from(order, (node) => {
      if (left[node]! < 0 || nodes.categories.has(node)) return 0;
      if (!Number.isNaN(condition[node])) return lastBelow(condition[node]!);
      throw new DataError(`${place.who}: ${place.path}.split_conditions[${node}] must be a number, got NaN`);
    }),
    left: renumber(order, left),
    right: renumber(order, right),
    flags: Uint8Array.from(order, (node) => {
      if (left[node]! < 0) return 0;
      const asks = nodes.categories.has(node);
      return (asks ? nodeFlag.category : 0) | ((defaultLeft[node] === 1) !== asks ? nodeFlag.missingLeft : 0);
    }),
    categories,
    gain: statistic("loss_changes"),
    weight,
    count: weight,
    linear: new Map(),
  };
}
