import type { TableLike } from "../base/columns.ts";
import type { ArrayOptions, Label, MatrixInput, TableOptions } from "../base/contract.ts";
import { isTable } from "../base/inputs.ts";
import type { ScoreName } from "./score-columns.ts";
import { selectKBest } from "./select-univariate.ts";

/** Scores of columns, in their order. */
export interface FeatureScores {
  readonly features: readonly string[];
  readonly scores: Float64Array;
  /** NaN where the measure has none. */
  readonly pValues: Float64Array;
}

/** How mutual information is estimated. */
export interface InformationOptions {
  /** Neighbours that are looked at; default 3. */
  readonly nNeighbors?: number;
  /** Columns that hold a few different values: "auto" (default) the categories, "all", or names. */
  readonly discrete?: "auto" | "all" | readonly string[];
  /** Of the noise that parts equal values; default 42. */
  readonly seed?: number;
}

/** Measures columns of a table against its target, or of x against y. */
export interface ScoreFunction<O> {
  (table: TableLike, options: TableOptions & O): Promise<FeatureScores>;
  (x: MatrixInput, y: ArrayLike<Label>, options?: ArrayOptions & O): Promise<FeatureScores>;
}

/** One-way F of each column between the classes, with p-values. Oracle: sklearn.feature_selection.f_classif. */
export const fClassif: ScoreFunction<unknown> = scoreFunction("f_classif");
/** F of the straight line through each column, with p-values. Oracle: sklearn.feature_selection.f_regression. */
export const fRegression: ScoreFunction<unknown> = scoreFunction("f_regression");
/** Pearson's r of each column with the target. Oracle: sklearn.feature_selection.r_regression. */
export const rRegression: ScoreFunction<unknown> = scoreFunction("r_regression");
/** χ² of each column of counts against the classes, with p-values. Oracle: sklearn.feature_selection.chi2. */
export const chi2: ScoreFunction<unknown> = scoreFunction("chi2");
/**
 * Mutual information of each column with the classes, in nats. Equal values are parted by noise of 1e-10, as scikit-learn does with other random
 * numbers. O(d n log n), columns in parallel. Source: Ross (2014), PLoS ONE 9(2). Oracle: sklearn.feature_selection.mutual_info_classif.
 */
export const mutualInfoClassif: ScoreFunction<InformationOptions> = scoreFunction("mutual_info_classif");
/**
 * Mutual information of each column with a number, in nats. As `mutualInfoClassif`.
 * Source: Kraskov, Stögbauer & Grassberger (2004), Physical Review E 69. Oracle: sklearn.feature_selection.mutual_info_regression.
 */
export const mutualInfoRegression: ScoreFunction<InformationOptions> = scoreFunction("mutual_info_regression");

function scoreFunction<O>(score: ScoreName): ScoreFunction<O> {
  return async (data: TableLike | MatrixInput, second: unknown, third?: unknown): Promise<FeatureScores> => {
    const given = ((isTable(data) ? second : third) ?? {}) as InformationOptions & TableOptions;
    const { nNeighbors, discrete, seed, ...options } = given;
    const selector = selectKBest({
      score,
      k: "all",
      ...(nNeighbors !== undefined && { nNeighbors }),
      ...(discrete !== undefined && { discrete: discrete as "auto" }),
      ...(seed !== undefined && { seed }),
    });
    const model = isTable(data)
      ? await selector.fit(data, options)
      : await selector.fit(data, second as ArrayLike<number>, options as ArrayOptions);
    return { features: model.columns.map(({ name }) => name), scores: model.state.scores, pValues: model.state.pValues };
  };
}
