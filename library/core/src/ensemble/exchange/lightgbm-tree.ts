import { DataError } from "../../base/errors.ts";
import { nodeFlag } from "../boosting/boosted-trees.ts";
import { type ForeignTree, type LinearLeaf, preorder, renumber } from "./foreign-tree.ts";
import { fieldOf, integerField, integersField, numbersField, type TextSection } from "./lightgbm-text.ts";

const who = "readLightgbm";

/** Flags of each kind of missing values, which bits 2 and 3 of a decision type hold: none, zero, NaN. */
const flagsOf = [nodeFlag.nanIsZero, nodeFlag.zeroIsMissing, 0] as const;

/**
 * One tree of a LightGBM file. The file numbers questions 0 … L − 2 and leaves −1 … −L; here leaf k is node L − 1 + k, before all are put
 * into preorder. Every count is held against the line's entries. Cost O(L). Throws DataError with the line.
 */
export function readLightgbmTree(section: TextSection, features: number): ForeignTree {
  const leaves = integerField(section, "num_leaves", 1, section.fields.get("leaf_value")?.value.length ?? 1);
  const value = numbersField(section, "leaf_value", leaves);
  const inner = leaves - 1;
  const left = children(section, "left_child", inner, leaves);
  const right = children(section, "right_child", inner, leaves);
  const order = preorder(`${who}: ${section.name} (line ${section.line})`, left, right);
  if (order.length !== inner + leaves)
    throw new DataError(`${who}: ${section.name} (line ${section.line}) must reach ${inner + leaves} nodes, got ${order.length}`);

  const questions = readQuestions(section, inner, features);
  const linear = readLinear(section, leaves, features);
  const inOrder = <T extends Int32Array | Float64Array | Uint8Array>(own: T): T =>
    own.slice().map((_, k) => own[order[k]!]!) as T;
  const padded = (own: Float64Array): Float64Array => {
    const all = new Float64Array(inner + leaves);
    all.set(own);
    return all;
  };
  const spread = (atQuestions: Float64Array, atLeaves: Float64Array): Float64Array => {
    const all = padded(atQuestions);
    all.set(atLeaves, inner);
    return inOrder(all);
  };
  const renamed = new Map(Array.from(order, (old, k) => [old, k]));
  const placed = <T>(own: ReadonlyMap<number, T>, shift: number): Map<number, T> =>
    new Map(Array.from(own, ([node, entry]) => [renamed.get(node + shift)!, entry]));
  return {
    feature: inOrder(questions.feature),
    threshold: inOrder(padded(questions.threshold)),
    left: renumber(order, left),
    right: renumber(order, right),
    flags: inOrder(questions.flags),
    categories: placed(questions.categories, 0),
    value: spread(statistic(section, "internal_value", inner), value),
    gain: inOrder(padded(statistic(section, "split_gain", inner))),
    weight: spread(weights(section, "internal", inner), weights(section, "leaf", leaves)),
    count: spread(statistic(section, "internal_count", inner), statistic(section, "leaf_count", leaves)),
    linear: placed(linear, inner),
  };
}

/** Nodes of the children; −1 at leaves. */
function children(section: TextSection, name: string, inner: number, leaves: number): Int32Array {
  const places = new Int32Array(inner + leaves).fill(-1);
  if (inner === 0) return places;
  const own = integersField(section, name, inner, -leaves, inner - 1);
  for (let node = 0; node < inner; node++) places[node] = own[node]! < 0 ? inner + ~own[node]! : own[node]!;
  return places;
}

interface Questions {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly flags: Uint8Array;
  readonly categories: ReadonlyMap<number, Uint32Array>;
}

function readQuestions(section: TextSection, inner: number, features: number): Questions {
  const nodes = 2 * inner + 1;
  const feature = new Int32Array(nodes).fill(-1);
  const threshold = new Float64Array(inner);
  const flags = new Uint8Array(nodes);
  const categories = new Map<number, Uint32Array>();
  if (inner === 0) return { feature, threshold, flags, categories };
  feature.set(integersField(section, "split_feature", inner, 0, features - 1));
  const types = integersField(section, "decision_type", inner, 0, 11);
  const sets = readSets(section);
  const limits = numbersField(section, "threshold", inner);
  for (let node = 0; node < inner; node++) {
    const type = types[node]!;
    const limit = limits[node]!;
    if ((type & 1) === 1) {
      flags[node] = nodeFlag.category;
      categories.set(node, sets[limit] ?? refuseSet(section, node, limit, sets.length));
      continue;
    }
    threshold[node] = limit;
    flags[node] = flagsOf[type >> 2]! | (type & 2 ? nodeFlag.missingLeft : 0);
  }
  return { feature, threshold, flags, categories };
}

/** The bit sets of a tree's category codes. */
function readSets(section: TextSection): Uint32Array[] {
  const words = section.fields.get("cat_threshold")?.value.length ?? 0;
  const count = section.fields.has("num_cat") ? integerField(section, "num_cat", 0, words) : 0;
  if (count === 0) return [];
  const bounds = integersField(section, "cat_boundaries", count + 1, 0, words);
  const back = bounds.findIndex((bound, k) => (k === 0 ? bound !== 0 : bound < bounds[k - 1]!));
  if (back >= 0)
    throw new DataError(
      `${who}: line ${fieldOf(section, "cat_boundaries").line}, cat_boundaries must rise from 0, got ${bounds[back]} in entry ${back}`,
    );
  const bits = integersField(section, "cat_threshold", bounds[count]!, 0, 2 ** 32 - 1);
  return Array.from({ length: count }, (_, k) => Uint32Array.from(bits.subarray(bounds[k]!, bounds[k + 1]!)));
}

function refuseSet(section: TextSection, node: number, got: number, sets: number): never {
  throw new DataError(
    `${who}: line ${fieldOf(section, "threshold").line}, threshold[${node}] must name one of ${sets} sets of categories, got ${got}`,
  );
}

/** Numbers that only describe a tree; zeros where the file has none. */
function statistic(section: TextSection, name: string, count: number): Float64Array {
  return section.fields.get(name)?.value.trim() ? numbersField(section, name, count, 0) : new Float64Array(count);
}

/** Weights of nodes where the file has them, else their counts. */
function weights(section: TextSection, kind: "leaf" | "internal", count: number): Float64Array {
  return statistic(section, section.fields.get(`${kind}_weight`)?.value.trim() ? `${kind}_weight` : `${kind}_count`, count);
}

/** Linear leaves, by leaf. */
function readLinear(section: TextSection, leaves: number, features: number): Map<number, LinearLeaf> {
  const linear = new Map<number, LinearLeaf>();
  if (!section.fields.has("is_linear") || integerField(section, "is_linear", 0, 1) === 0) return linear;
  const constant = numbersField(section, "leaf_const", leaves);
  const room = fieldOf(section, "leaf_features").value.length;
  const counts = integersField(section, "num_features", leaves, 0, room);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const columns = integersField(section, "leaf_features", total, 0, features - 1);
  const coefficients = numbersField(section, "leaf_coeff", total);
  let at = 0;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const end = at + counts[leaf]!;
    linear.set(leaf, {
      constant: constant[leaf]!,
      features: Int32Array.from(columns.subarray(at, end)),
      coefficients: coefficients.slice(at, end),
    });
    at = end;
  }
  return linear;
}
