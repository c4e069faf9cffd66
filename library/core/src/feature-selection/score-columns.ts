import type { FitContext } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { defineWork } from "../base/worker.ts";
import { columnOf, type Matrix, toShared } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { mean, standardDeviation } from "../numeric/statistics.ts";
import { chiSquareOfCounts, chiSquareOfTable } from "./chi-square.ts";
import { type ColumnTest, fOfGroups, fOfLine } from "./f-test.ts";
import { informationOfClasses, informationOfCodes, informationOfNumbers } from "./mutual-information.ts";
import { codesOf, requireTarget } from "./target-values.ts";

/** Measures of one column at a time; those of scikit-learn by its names. */
export const scoreNames = [
  "auto",
  "correlation",
  "f_classif",
  "f_regression",
  "r_regression",
  "chi2",
  "mutual_info_classif",
  "mutual_info_regression",
  "mutual_info",
] as const;

/** A measure of one column at a time. */
export type ScoreName = (typeof scoreNames)[number];

/** How columns are measured. */
export interface ScoreParams {
  readonly score: ScoreName;
  readonly nNeighbors: number;
  readonly discrete: "auto" | "all" | readonly string[];
  readonly seed: number;
}

/** What was measured of each column (d). */
export interface ColumnScores {
  readonly scores: Float64Array;
  /** NaN where the measure has none. */
  readonly pValues: Float64Array;
}

interface Work extends ScoreParams {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly hasLabels: boolean;
}

/** Measures each column against the target, on all threads. Throws DataError for what the measure cannot take, with its place. */
export function scoreColumns(who: string, x: Matrix, y: Float64Array, params: ScoreParams, context: FitContext): ColumnScores {
  const data = requireTarget(who, x, y, context);
  const { score } = params;
  if (score !== "auto" && score !== "correlation") refuseGaps(who, data.x, score);
  if (score === "f_regression" || score === "r_regression" || score === "mutual_info_regression")
    refuseLabels(who, score, context);
  const work: Work = {
    ...params,
    x: { ...data.x, data: toShared(data.x.data) },
    y: toShared(data.y),
    hasLabels: context.classes > 0,
  };
  const tests = context.parallel<Measured>("column scores", work, x.columns, (done) => context.checkpoint(done, x.columns));
  return {
    scores: Float64Array.from(tests, (test) => test.score),
    pValues: Float64Array.from(tests, (test) => test.p),
  };
}

interface Measured {
  readonly score: number;
  readonly p: number;
}

defineWork("column scores", (work: Work) => {
  const isClassif = work.score === "f_classif" || work.score === "chi2" || work.score === "mutual_info_classif";
  const target = work.hasLabels || isClassif ? codesOf(work.y) : undefined;
  const noisy = target ? work.y : withNoise(work.y, work.seed, "target");
  return (j: number, checkpoint: () => void): Measured => {
    checkpoint();
    const values = columnOf(work.x, j);
    const isCoded = isDiscrete(work, j);
    const none = Number.NaN;
    switch (work.score) {
      case "auto": {
        const { logP } = association(values, isCoded, work.y, target);
        return { score: -logP / Math.LN10, p: Math.exp(logP) };
      }
      case "correlation": {
        const { strength, logP } = association(values, isCoded, work.y, target);
        return { score: strength, p: Math.exp(logP) };
      }
      case "f_classif":
        return measured(fOfGroups(values, target!.codes, target!.count));
      case "f_regression":
        return measured(fOfLine(values, work.y));
      case "r_regression":
        return { score: fOfLine(values, work.y).r, p: none };
      case "chi2":
        return measured(chiSquareOfCounts(values, target!.codes, target!.count));
      default:
        return { score: information(work, values, j, isCoded, noisy, target, checkpoint), p: none };
    }
  };
});

function measured({ statistic, logP }: ColumnTest): Measured {
  return { score: statistic, p: Math.exp(logP) };
}

type Target = { readonly codes: Int32Array; readonly count: number } | undefined;

/** The test that suits the kinds of column and target, on the rows that have a value. */
function association(values: Float64Array, isCoded: boolean, y: Float64Array, target: Target): ColumnTest {
  const rows = Int32Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
  const own = Float64Array.from(rows, (i) => values[i]!);
  const codes = target && Int32Array.from(rows, (i) => target.codes[i]!);
  if (isCoded && codes) return chiSquareOfTable(Int32Array.from(own), codes);
  if (codes) return fOfGroups(own, codes, target.count);
  const truth = Float64Array.from(rows, (i) => y[i]!);
  if (!isCoded) return fOfLine(own, truth);
  const levels = codesOf(own);
  return fOfGroups(truth, levels.codes, levels.count);
}

function information(
  { nNeighbors, seed, y }: Work,
  values: Float64Array,
  j: number,
  isCoded: boolean,
  noisy: Float64Array,
  target: Target,
  checkpoint: () => void,
): number {
  if (isCoded) {
    const { codes, count } = codesOf(values);
    return target ? informationOfCodes(codes, target.codes) : informationOfClasses(noisy, codes, count, nNeighbors, checkpoint);
  }
  const own = withNoise(values, seed, String(j));
  if (!target) return informationOfNumbers(own, noisy, nNeighbors, checkpoint);
  return informationOfClasses(own, target.codes, target.count, Math.min(nNeighbors, y.length - 1), checkpoint);
}

/**
 * Values in units of their deviation, plus a ten-billionth of noise: it parts equal values, as the estimator demands. scikit-learn does the
 * same with other random numbers, so that columns with ties differ from it as two of its own seeds do.
 */
function withNoise(values: Float64Array, seed: number, stream: string): Float64Array {
  const deviation = standardDeviation(values);
  const scaled =
    deviation > 10 * Number.EPSILON * Math.abs(mean(values)) ? values.map((value) => value / deviation) : values.slice();
  const size = 1e-10 * Math.max(1, mean(scaled.map(Math.abs)));
  const draw = random(seed, `mutual-information/${stream}`);
  for (let i = 0; i < scaled.length; i++) scaled[i]! += size * draw.normal();
  return scaled;
}

function isDiscrete({ x, discrete }: Pick<Work, "x" | "discrete">, j: number): boolean {
  if (discrete === "all") return true;
  return x.levels?.[j] !== undefined || (discrete !== "auto" && discrete.includes(x.names?.[j] ?? ""));
}

/** Throws DataError for a missing cell, for a category where numbers are measured, and for what χ² cannot count. */
function refuseGaps(who: string, { data, columns, names, levels }: Matrix, score: ScoreName): void {
  const at = data.findIndex((value) => Number.isNaN(value) || (score === "chi2" && value < 0));
  const place = `row ${Math.floor(at / columns)}, column "${names?.[at % columns] ?? at % columns}"`;
  if (at >= 0 && Number.isNaN(data[at]))
    throw new DataError(
      `${who}: ${score} needs every cell, ${place} is missing; put ml.imputer() before it, or take score "auto"`,
    );
  if (at >= 0) throw new DataError(`${who}: chi2 counts: values must be ≥ 0, got ${data[at]} in ${place}`);
  const coded = score.startsWith("mutual_info") ? -1 : (levels?.findIndex((list) => list !== undefined) ?? -1);
  if (coded >= 0)
    throw new DataError(
      `${who}: ${score} measures numbers, column "${names?.[coded] ?? coded}" holds categories; take score "auto", or put ml.oneHotEncoder() before it`,
    );
}

function refuseLabels(who: string, score: ScoreName, { classes }: FitContext): void {
  if (classes > 0)
    throw new DataError(
      `${who}: ${score} is for numbers, the target holds labels; take score "auto" or ${score.replace(/^[fr]_regression/, "f_classif").replace("regression", "classif")}`,
    );
}
