import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { type ColumnScores, type ScoreParams, scoreColumns, scoreNames } from "./score-columns.ts";
import { checkSelection, descending, type SelectionState, selectionOf, takeSelected } from "./selection.ts";

const scoring = () => ({
  score: z.enum(scoreNames).default("auto").meta({
    title: "Measure",
    description:
      "auto: the test that suits each column and the target (F, χ²), as −log₁₀ p; correlation: |r|, η or Cramér's V, 0 to 1; mutual_info: of the target's kind; the others as scikit-learn's.",
  }),
  nNeighbors: z.int().min(1).max(1000).default(3).meta({ title: "Neighbours", description: "For mutual information." }),
  discrete: z
    .union([z.enum(["auto", "all"]), z.array(z.string())])
    .default("auto")
    .meta({ title: "Discrete columns", description: "auto: the categories; all; or names. For mutual information." }),
  seed: z
    .int()
    .min(0)
    .default(42)
    .meta({ title: "Seed", description: "Of the noise that parts equal values, for mutual information." }),
});

type Choose<P> = (scores: ColumnScores, params: P, who: string) => readonly number[];

/** A selector that measures each column for itself; how many stay is what they differ in. */
function univariate<const P extends z.ZodRawShape>(name: string, own: () => P, choose: Choose<Record<string, unknown>>) {
  return transformer({
    name,
    missing: true,
    categories: true,
    params: () => z.strictObject({ ...scoring(), ...own() }),
    fit(x: Matrix, y: Float64Array, params, context: FitContext): SelectionState {
      const measured = scoreColumns(`${name}.fit`, x, y, params as unknown as ScoreParams, context);
      const selected = choose(measured, params as Record<string, unknown>, `${name}.fit`);
      return selectionOf(selected, measured.scores, measured.pValues);
    },
    transform: (x, state) => takeSelected(x, state),
    importances: ({ scores }) => scores.map((score) => (Number.isNaN(score) ? 0 : score)),
    check: (state, columns) => checkSelection(name, state, columns),
  });
}

/**
 * Keeps the k columns of the highest score; of equals the last. O(n d log n) at most.
 * Oracle: sklearn.feature_selection.SelectKBest.
 *
 * @example
 * const model = await ml.pipeline(ml.selectKBest({ score: "mutual_info", k: 5 }), ml.logisticRegression()).fit(train, { target: "species" });
 */
export const selectKBest = univariate(
  "select_k_best",
  () => ({
    k: z
      .union([z.int().min(1), z.enum(["auto", "all"])])
      .default("auto")
      .meta({ title: "Columns to keep", description: "auto: ten, or all where there are fewer." }),
  }),
  ({ scores }, { k }, who) =>
    best(who, scores, k === "all" ? scores.length : k === "auto" ? Math.min(10, scores.length) : (k as number)),
);

/** Keeps a share of the columns, those of the highest score; of equals at the border the first, and one at least. Cost as `selectKBest`. Oracle: sklearn.feature_selection.SelectPercentile. */
export const selectPercentile = univariate(
  "select_percentile",
  () => ({ percentile: z.number().gt(0).max(100).default(10).meta({ title: "Percent of the columns" }) }),
  ({ scores }, { percentile }) => {
    const shown = scores.map((score) => (Number.isNaN(score) ? -Number.MAX_VALUE : score));
    const threshold = quantileOfSorted(shown.slice().sort(), 1 - (percentile as number) / 100);
    const above = places(shown, (score) => score > threshold);
    const level = places(shown, (score) => score === threshold);
    const wanted = Math.trunc((shown.length * (percentile as number)) / 100);
    return [...above, ...level.slice(0, Math.max(above.length === 0 ? 1 : 0, wanted - above.length))];
  },
);

const alpha = () => ({ alpha: z.number().gt(0).max(1).default(0.05).meta({ title: "Level α", search: "log" }) });

/** Keeps the columns whose p-value is below α: each test for itself. Cost as `selectKBest`. Oracle: sklearn.feature_selection.SelectFpr. */
export const selectFpr = univariate("select_fpr", alpha, ({ pValues }, { alpha: level }, who) =>
  significant(who, pValues, level as number),
);

/**
 * Keeps columns so that of those kept a share of α at most is kept in error. Cost as `selectKBest`. Source: Benjamini & Hochberg (1995), JRSS B 57(1).
 * Oracle: sklearn.feature_selection.SelectFdr.
 */
export const selectFdr = univariate("select_fdr", alpha, ({ pValues }, { alpha: level }, who) => {
  const sorted = requireP(who, pValues).slice().sort();
  let bound = -1;
  for (const [k, p] of sorted.entries()) if (p <= ((level as number) / sorted.length) * (k + 1)) bound = p;
  return atLeastOne(
    who,
    places(pValues, (p) => p <= bound),
    `is significant at ${level}`,
  );
});

/** Keeps the columns whose p-value is below α / d: with probability 1 − α none is kept in error. Cost as `selectKBest`. Oracle: sklearn.feature_selection.SelectFwe. */
export const selectFwe = univariate("select_fwe", alpha, ({ pValues }, { alpha: level }, who) =>
  significant(who, pValues, (level as number) / pValues.length),
);

/** The k highest, as scikit-learn takes them: of equals the last. Throws ParamsError for more than there are. */
function best(who: string, scores: Float64Array, k: number): number[] {
  if (k > scores.length) throw new ParamsError(`${who}: k must be at most the number of columns, ${scores.length}, got ${k}`);
  return Array.from(scores.keys())
    .sort((a, b) => descending(scores[a]!, scores[b]!) || b - a)
    .slice(0, k);
}

function significant(who: string, pValues: Float64Array, bound: number): number[] {
  return atLeastOne(
    who,
    places(requireP(who, pValues), (p) => p < bound),
    `has p < ${bound}`,
  );
}

function requireP(who: string, pValues: Float64Array): Float64Array {
  if (pValues.every(Number.isNaN))
    throw new ParamsError(`${who}: the measure has no p-values; take score "auto", f_classif, f_regression or chi2`);
  return pValues;
}

function atLeastOne(who: string, kept: number[], what: string): number[] {
  if (kept.length === 0) throw new DataError(`${who}: no column ${what}`);
  return kept;
}

function places(values: Float64Array, holds: (value: number) => boolean): number[] {
  return Array.from(values.keys()).filter((j) => holds(values[j]!));
}
