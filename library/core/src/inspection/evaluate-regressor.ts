import { logChiSquareTail } from "../numeric/special-functions.ts";
import { mean, quantileOfSorted, standardDeviation } from "../numeric/statistics.ts";
import { blank, type ResidualSummary, type TaskEvaluation } from "./evaluation.ts";
import type { Truth, Verdict } from "./judge.ts";

/** Rows whose residuals are kept to be drawn, at most. */
const mostPoints = 1000;

/** What is told of predicted numbers: the residuals and how they spread. O(n log n). */
export function evaluateRegressor({ predicted }: Verdict, { y }: Truth): TaskEvaluation {
  return { ...blank, residuals: residualSummary(predicted, y) };
}

/** Summary of true − predicted. O(n log n). */
function residualSummary(predicted: Float64Array, y: Float64Array): ResidualSummary {
  const residuals = y.map((truth, i) => truth - predicted[i]!);
  const stride = Math.max(1, Math.ceil(y.length / mostPoints));
  const rows = Array.from({ length: Math.ceil(y.length / stride) }, (_, k) => k * stride);
  return {
    bias: mean(residuals),
    sd: standardDeviation(residuals, Math.min(1, y.length - 1)),
    quantiles: quantilesOf(residuals),
    spread: y.length < 10 ? null : spreadOf(residuals, predicted),
    points: { predicted: rows.map((i) => predicted[i]!), truth: rows.map((i) => y[i]!) },
  };
}

/** The five quantiles that a summary tells. */
export function quantilesOf(values: Float64Array): Record<"q05" | "q25" | "q50" | "q75" | "q95", number> {
  const sorted = values.toSorted();
  const at = (share: number): number => quantileOfSorted(sorted, share);
  return { q05: at(0.05), q25: at(0.25), q50: at(0.5), q75: at(0.75), q95: at(0.95) };
}

/**
 * Whether the squared residuals depend on the prediction: n R² of their regression on it, χ² with one degree of freedom.
 * Source: Koenker (1981), Journal of Econometrics 17. Oracle: statsmodels' het_breuschpagan.
 */
function spreadOf(residuals: Float64Array, predicted: Float64Array): ResidualSummary["spread"] {
  const squares = residuals.map((residual) => residual * residual);
  const r = correlation(squares, predicted);
  const pValue = Math.exp(logChiSquareTail(residuals.length * r * r, 1));
  const rank = correlation(ranksOf(residuals.map(Math.abs)), ranksOf(predicted));
  const verdict = pValue >= 0.01 ? "steady" : rank > 0 ? "growing" : "shrinking";
  return { pValue, correlation: rank, verdict };
}

/** Pearson's correlation; 0 where one of the two is constant. */
function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [p, q] = [a[i]! - meanA, b[i]! - meanB];
    products += p * q;
    squaresA += p * p;
    squaresB += q * q;
  }
  return squaresA > 0 && squaresB > 0 ? products / Math.sqrt(squaresA * squaresB) : 0;
}

/** Ranks from 1, equal values share their middle. */
function ranksOf(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let begin = 0, end = 0; begin < order.length; begin = end) {
    while (end < order.length && values[order[end]!] === values[order[begin]!]) end++;
    for (let at = begin; at < end; at++) ranks[order[at]!] = (begin + end + 1) / 2;
  }
  return ranks;
}
