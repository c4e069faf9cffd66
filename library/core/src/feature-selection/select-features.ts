import { checkKeys } from "../base/check-keys.ts";
import type { Classifier, FitOptions, Regressor, Spec, Transformer } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { labelsOf } from "../base/targets.ts";
import type { Table } from "../data/table.ts";
import { findLeaks } from "../data/target-leak.ts";
import { estimatorByName, type PredictTask } from "../estimators.ts";
import { guessTask } from "../model-selection/compare-models.ts";
import { sharedInt32 } from "../numeric/matrix.ts";
import { ordinalEncoder } from "../preprocessing/encoders.ts";
import { imputer } from "../preprocessing/imputer.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { correlationSelector } from "./correlation-selector.ts";
import { rfe } from "./rfe.ts";
import { selectFromModel } from "./select-from-model.ts";
import { selectKBest } from "./select-univariate.ts";
import { type FeatureSelection, selectedFeatures } from "./selected-features.ts";

/** How columns are chosen. */
export const selectionMethods = ["correlation", "mutual_info", "rfe", "tree_importance", "statistical"] as const;

/** How columns are chosen. */
export type SelectionMethod = (typeof selectionMethods)[number];

/** Which columns are looked for. */
export interface SelectFeaturesOptions extends FitOptions {
  readonly target: string;
  /** Default "mutual_info". */
  readonly method?: SelectionMethod;
  /** How many stay; default half, one at least. */
  readonly nFeatures?: number;
  /** The columns to choose from; default all but the target. */
  readonly features?: readonly string[];
  /** Default: guessed from the target. */
  readonly task?: PredictTask;
  /** The model of "rfe" and "tree_importance"; default a random forest of 100 trees. */
  readonly estimator?: Classifier | Regressor;
  /** Default 42. */
  readonly seed?: number;
}

/**
 * A selector by method, as a step to put before an estimator: fitted on the training rows it sees, and on no others. `nFeatures` defaults to half of
 * the columns for rfe, else to ten at most. Throws ParamsError for an unknown method with the nearest name.
 */
export function featureSelector(
  method: SelectionMethod,
  task: PredictTask,
  { nFeatures, estimator, seed = 42 }: Pick<SelectFeaturesOptions, "nFeatures" | "estimator" | "seed"> = {},
): Transformer {
  if (nFeatures !== undefined && !(Number.isInteger(nFeatures) && nFeatures >= 1))
    throw new ParamsError(`selectFeatures: nFeatures must be a whole number ≥ 1, got ${nFeatures}`);
  if (estimator !== undefined && estimator.task !== task)
    throw new ParamsError(`selectFeatures: ${estimator.name} is a ${estimator.task} estimator, the task is ${task}`);
  const k = nFeatures ?? "auto";
  const model = (): Spec => estimator ?? estimatorByName("random_forest", task, { seed });
  const withNumbers = (selector: Transformer): Transformer =>
    pipeline(ordinalEncoder(), imputer({ strategy: "median" }), selector);
  switch (method) {
    case "correlation":
      return correlationSelector({ maxFeatures: nFeatures ?? null });
    case "statistical":
      return selectKBest({ score: "auto", k });
    case "mutual_info":
      return pipeline(imputer({ strategy: "median" }), selectKBest({ score: "mutual_info", k, seed }));
    case "tree_importance":
      return withNumbers(
        selectFromModel({ estimator: model(), threshold: nFeatures ? null : "mean", maxFeatures: nFeatures ?? null }),
      );
    case "rfe":
      return withNumbers(rfe({ estimator: model(), nFeaturesToSelect: nFeatures ?? null, step: 0.1 }));
    default:
      throw new ParamsError(
        `selectFeatures: no method "${String(method)}"${suggest(String(method), selectionMethods)}, there are ${selectionMethods.join(", ")}`,
      );
  }
}

const optionKeys = ["target", "method", "nFeatures", "features", "task", "estimator", "seed", "signal", "observer", "threads"];

/**
 * Chooses columns of a table by what they say of the target: `correlation` (without columns that repeat each other), `mutual_info`, `statistical` (F
 * and χ²), `tree_importance`, `rfe`. Text columns, which have nearly a value a row, are left out; missing cells are filled or left out and categories
 * numbered where a method needs it, which `notes` says. To judge a model fairly put `featureSelector` into its pipeline, so that each fold chooses anew.
 * Throws ParamsError for more columns than there are, DataError for a target that is missing or constant.
 *
 * @example
 * const chosen = await ml.selectFeatures(train, { target: "species", method: "mutual_info", nFeatures: 5 });
 * chosen.selected;
 */
export async function selectFeatures(table: Table, options: SelectFeaturesOptions): Promise<FeatureSelection> {
  checkKeys("selectFeatures", options, optionKeys);
  const { target, method = "mutual_info", features: wanted, signal, observer, threads } = options;
  const task = options.task ?? guessTask(table, target, "selectFeatures");
  const given = wanted ?? table.names.filter((name) => name !== target);
  const texts = given.filter((name) => table.column(name).kind === "text");
  const features = given.filter((name) => !texts.includes(name));
  if (features.length === 0) throw new DataError("selectFeatures: no columns of numbers or categories are left to choose from");
  const nFeatures = options.nFeatures ?? Math.max(1, Math.floor(features.length / 2));
  if (!(Number.isInteger(nFeatures) && nFeatures >= 1 && nFeatures <= features.length))
    throw new ParamsError(
      `selectFeatures: nFeatures must be a whole number from 1 to the number of columns, ${features.length}, got ${nFeatures}`,
    );
  const selector = featureSelector(method, task, { ...options, nFeatures });
  const known = targetKnown(table, target);
  const model = await selector.fit(labelled(known, target, task), {
    target,
    features,
    ...(signal && { signal }),
    ...(observer && { observer }),
    ...(threads !== undefined && { threads }),
  });
  const found = selectedFeatures(model);
  const leaks = findLeaks(known.select([...features, target]), target);
  return displayable("feature-selection", {
    ...found,
    method,
    notes: [...notesOf(known, features, method, texts, table.rows - known.rows), ...leaks.map(({ message }) => message)],
  });
}

/** The rows that have a target. */
function targetKnown(table: Table, target: string): Table {
  const labels = labelsOf(table.column(target));
  const kept = Array.from(labels.keys()).filter((i) => labels[i] !== null);
  if (kept.length === 0) throw new DataError(`selectFeatures: target "${target}" is missing in every row`);
  return kept.length === table.rows ? table : table.take(kept);
}

/** A target of numbers that is to be learnt as labels becomes a category. */
function labelled(table: Table, target: string, task: PredictTask): Table {
  if (task === "regression" || table.kind(target) !== "number") return table;
  return table.with(target, { kind: "category", ...codesOf(table.values(target)) });
}

function codesOf(values: readonly unknown[]): { codes: Int32Array; levels: readonly string[] } {
  const levels = [...new Set(values.map(String))].sort();
  const places = new Map(levels.map((level, k) => [level, k]));
  const codes = sharedInt32(values.length);
  for (const [i, value] of values.entries()) codes[i] = places.get(String(value))!;
  return { codes, levels };
}

function notesOf(
  table: Table,
  features: readonly string[],
  method: SelectionMethod,
  texts: readonly string[],
  dropped: number,
): string[] {
  const gaps = features.filter((name) => labelsOf(table.column(name)).includes(null));
  const categories = features.filter((name) => table.kind(name) === "category");
  const fills =
    method === "correlation" || method === "statistical"
      ? "measured on the rows that have them"
      : "filled with the median or the mode";
  const numbers = method === "rfe" || method === "tree_importance";
  return [
    ...(dropped > 0 ? [`${dropped} rows have no target and were left out`] : []),
    ...(texts.length > 0 ? [`text columns were left out: ${texts.join(", ")}`] : []),
    ...(gaps.length > 0 ? [`missing cells were ${fills}: ${gaps.join(", ")}`] : []),
    ...(numbers && categories.length > 0
      ? [`categories were numbered in the order of their levels: ${categories.join(", ")}`]
      : []),
  ];
}
