import type { InputColumn } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { defaultNames } from "../../base/run.ts";
import {
  entries,
  integerOf,
  integersOf,
  member,
  numberOf,
  numbersOf,
  optionalMember,
  type Place,
  refusePlace,
  textOf,
} from "./document.ts";
import type { ForeignModel } from "./foreign-model.ts";
import type { ForeignTree } from "./foreign-tree.ts";
import { parseJson } from "./json.ts";
import { marginOf, xgboostObjective } from "./xgboost-objective.ts";
import { readXgboostTrees } from "./xgboost-tree.ts";

/** Columns and outputs at most: a short file may claim any number. */
const countMax = 2 ** 20;

/**
 * An XGBoost model from its document: gbtree, dart (known by its `weight_drop`, whatever the name says) and gblinear of all versions that
 * write JSON or UBJSON. Throws DataError with the member's path.
 */
export function readXgboostDocument(document: Place): ForeignModel {
  const learner = member(document, "learner");
  const parameters = member(learner, "learner_model_param");
  const objective = xgboostObjective(document.who, textOf(member(member(learner, "objective"), "name")));
  const features = integerOf(member(parameters, "num_feature"), 1, countMax);
  const outputs = Math.max(1, count(parameters, "num_class"), count(parameters, "num_target"));
  const booster = member(learner, "gradient_booster");
  const linear = textOf(member(booster, "name")) === "gblinear";
  const space = baseSpace(document);
  const scores = readBase(member(parameters, "base_score"), outputs);
  const written = space === "share" && objective.link === "sigmoid" ? { ...objective, name: "binary:logistic" } : objective;
  const base = space === "sum" ? scores : scores.map((score) => marginOf(document.who, written, score));
  return {
    objective: outputs > 1 && objective.link === "sigmoid" ? { ...objective, link: "sigmoid_each" } : objective,
    columns: readColumns(learner, booster, features),
    outputs,
    ...(linear ? readLinear(booster, features, base) : readTrees(booster, features, base)),
    average: false,
    single: true,
  };
}

/** The space of a `base_score`: before 1.0 the sum itself, later a prediction, for binary:logitraw until 1.3.0 a probability. */
function baseSpace(document: Place): "sum" | "share" | "prediction" {
  const version = optionalMember(document, "version");
  const [major, minor, patch] = version ? numbersOf(version, 3) : [1, 4, 0];
  if (major === 0) return "sum";
  return major === 1 && (minor! < 3 || (minor === 3 && patch === 0)) ? "share" : "prediction";
}

function count(parameters: Place, name: string): number {
  const written = optionalMember(parameters, name);
  return written ? integerOf(written, 0, countMax) : 0;
}

/** A number, a text of one, a text of a list, or a list; one for all outputs, or one each. */
function readBase(place: Place, outputs: number): Float64Array {
  const { value, who, path } = place;
  const list = typeof value === "string" && value.trim().startsWith("[") ? parseJson(`${who}: ${path}`, value) : value;
  const scores = Array.isArray(list) || list instanceof Float64Array ? numbersOf({ ...place, value: list }) : [numberOf(place)];
  if (scores.length !== 1 && scores.length !== outputs) refusePlace(place, `be 1 or ${outputs} numbers`);
  return Float64Array.from({ length: outputs }, (_, k) => Math.fround(scores[scores.length === 1 ? 0 : k]!));
}

type Trees = Pick<ForeignModel, "trees" | "outputOf" | "roundEnds" | "base" | "weights">;

function readTrees(booster: Place, features: number, base: Float64Array): Trees {
  const inner = optionalMember(booster, "gbtree") ?? booster;
  const model = member(inner, "model");
  const claimed = integerOf(member(member(model, "gbtree_model_param"), "num_trees"), 0, 2 ** 31 - 1);
  const written = entries(member(model, "trees")).length;
  if (claimed !== written)
    throw new DataError(`${booster.who}: ${model.path}.trees must have ${claimed} entries (num_trees), got ${written}`);
  const { trees, outputOf, ends } = readXgboostTrees(model, features, base.length);
  const place = optionalMember(booster, "weight_drop") ?? optionalMember(inner, "weight_drop");
  const weights = place && finiteNumbers(place, written);
  const scaled = weights ? trees.map((own, t) => own.map((tree) => scaledTree(tree, weights[t]!))) : trees;
  return { trees: scaled.flat(), outputOf, roundEnds: roundEnds(model, ends, base.length), base };
}

/** DART's weight of a tree, in 32 bits as its leaves. */
function scaledTree(tree: ForeignTree, weight: number): ForeignTree {
  return { ...tree, value: tree.value.map((value) => Math.fround(value * weight)) };
}

/** Trees until the end of each round; old files say only how many trees a round has for each output. */
function roundEnds(model: Place, ends: Int32Array, outputs: number): Int32Array {
  const written = optionalMember(model, "iteration_indptr");
  if (written) {
    const bounds = integersOf(written, undefined, 0, ends.length - 1);
    const rises = bounds.every((bound, k) => (k === 0 ? bound === 0 : bound > bounds[k - 1]!));
    if (!rises || bounds.at(-1) !== ends.length - 1) refusePlace(written, `rise from 0 to ${ends.length - 1}`);
    return bounds.subarray(1).map((bound) => ends[bound]!);
  }
  const parallel = optionalMember(member(model, "gbtree_model_param"), "num_parallel_tree");
  const vectors = ends.at(-1)! > ends.length - 1;
  const step = (vectors ? 1 : outputs) * Math.max(1, parallel ? integerOf(parallel, 0, countMax) : 1);
  return Int32Array.from({ length: Math.floor((ends.length - 1) / step) }, (_, round) => ends[(round + 1) * step]!);
}

/** A linear booster: weights of the columns, and behind them one of each output that is added to what the output begins with. */
function readLinear(booster: Place, features: number, base: Float64Array): Trees {
  const place = member(member(booster, "model"), "weights");
  const weights = finiteNumbers(place, (features + 1) * base.length);
  const own = weights.subarray(features * base.length);
  return {
    trees: [],
    outputOf: new Int32Array(0),
    roundEnds: new Int32Array(0),
    weights: weights.slice(0, features * base.length),
    // XGBoost 3 learns a base_score for each class, yet begins every sum of a linear booster with the first
    base: base.map((_, k) => Math.fround(base[0]! + own[k]!)),
  };
}

function finiteNumbers(place: Place, length: number): Float64Array {
  const numbers = numbersOf(place, length).map(Math.fround);
  const bad = numbers.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0) throw new DataError(`${place.who}: ${place.path}[${bad}] must be a finite number, got ${numbers[bad]}`);
  return numbers;
}

/** Names of the columns, and the levels of those that held categories with names. */
function readColumns(learner: Place, booster: Place, features: number): InputColumn[] {
  const written = optionalMember(learner, "feature_names");
  const places = written ? entries(written) : [];
  if (written && places.length > 0 && places.length !== features)
    throw new DataError(`${learner.who}: ${written.path} must have ${features} entries (num_feature), got ${places.length}`);
  const names = places.length > 0 ? places.map(textOf) : defaultNames(features);
  const inner = optionalMember(booster, "gbtree") ?? booster;
  const categories = optionalMember(member(inner, "model"), "cats");
  const levels = categories ? readLevels(member(categories, "enc"), features) : [];
  return names.map((name, j) => (levels[j] ? { name, levels: levels[j] } : { name }));
}

/** Levels by column: texts as bytes with offsets, or whole numbers. */
function readLevels(place: Place, features: number): (string[] | undefined)[] {
  const columns = entries(place);
  if (columns.length > 0 && columns.length !== features)
    throw new DataError(`${place.who}: ${place.path} must have ${features} entries (num_feature), got ${columns.length}`);
  return columns.map((column) => {
    const values = numbersOf(member(column, "values"));
    const written = optionalMember(column, "offsets");
    if (!written) return values.length > 0 ? distinct(column, Array.from(values, String)) : undefined;
    const offsets = numbersOf(written);
    if (offsets.length < 2) return undefined;
    const bytes = Uint8Array.from(values);
    const rises = offsets.every(
      (offset, k) => Number.isInteger(offset) && offset >= (offsets[k - 1] ?? 0) && offset <= bytes.length,
    );
    if (!rises) refusePlace(written, `rise from 0 to ${bytes.length}`);
    const utf8 = new TextDecoder();
    return distinct(
      column,
      Array.from({ length: offsets.length - 1 }, (_, k) => utf8.decode(bytes.subarray(offsets[k], offsets[k + 1]))),
    );
  });
}

function distinct(place: Place, levels: string[]): string[] {
  return new Set(levels).size === levels.length ? levels : refusePlace(place, "have levels that differ");
}
