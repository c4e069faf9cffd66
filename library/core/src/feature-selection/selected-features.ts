import type { Fitted } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError } from "../base/errors.ts";
import { descending, type SelectionState } from "./selection.ts";

/** What a selector found of one column. */
export interface FeatureRank {
  readonly feature: string;
  readonly selected: boolean;
  /** What it is worth in the selector's measure; null where that could not be told. */
  readonly score: number | null;
  readonly pValue: number | null;
  /** 1 for those that stay. */
  readonly rank: number;
}

/** Which columns stay, and why: plain JSON. */
export interface FeatureSelection {
  /** Name of the selector, or the method that was asked for. */
  readonly method: string;
  /** What the score is. */
  readonly measure: string;
  /** Names of the columns that stay, in the order of the table. */
  readonly selected: readonly string[];
  /** Every column: those that stay first, by score. */
  readonly features: readonly FeatureRank[];
  /** Said of the selection: what was done to columns before they were measured, which look like leaks. */
  readonly notes: readonly string[];
}

const measures: Readonly<Record<string, string>> = {
  select_from_model: "weight in the model",
  rfe: "weight in the last model that saw it (squared)",
  rfecv: "weight in the last model that saw it (squared)",
  sequential_feature_selector: "score after its step",
  variance_threshold: "variance",
  correlation_selector: "correlation with the target",
};

/**
 * The columns that a fitted selector keeps, with scores and ranks; of a pipeline, its first selector's. Throws DataError for a model that selects none.
 *
 * @example
 * const model = await ml.pipeline(ml.selectKBest({ k: 3 }), ml.ridge()).fit(train, { target: "price" });
 * ml.selectedFeatures(model).selected;
 */
export function selectedFeatures(model: Fitted): FeatureSelection {
  const found = selectorIn(model);
  if (!found) throw new DataError(`selectedFeatures: needs a selector or a pipeline with one, got ${model?.name}`);
  const { selected, scores, pValues, ranking } = found.state as SelectionState;
  const chosen = new Set(selected);
  const features = found.columns.map(({ name: feature }, j) => ({
    feature,
    selected: chosen.has(j),
    score: orNull(scores[j]!),
    pValue: orNull(pValues[j]!),
    rank: ranking[j]!,
  }));
  features.sort((a, b) => a.rank - b.rank || descending(a.score ?? Number.NaN, b.score ?? Number.NaN));
  return displayable("feature-selection", {
    method: found.name,
    measure: measures[found.name] ?? measureOf(found.params["score"]),
    selected: Array.from(selected, (j) => found.columns[j]!.name),
    features,
    notes: [],
  });
}

/** What the score of a univariate measure is. */
function measureOf(score: unknown): string {
  return score === "auto"
    ? "−log₁₀ p of F or χ²"
    : score === "correlation"
      ? "correlation with the target"
      : String(score).replaceAll("_", " ");
}

function selectorIn(model: Fitted): Fitted | undefined {
  const state = model?.state as Partial<SelectionState> & { readonly steps?: readonly Fitted[] };
  if (state?.selected && state.scores && state.ranking) return model;
  return state?.steps?.map(selectorIn).find((found) => found !== undefined);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
