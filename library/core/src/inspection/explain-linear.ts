import type { Fitted } from "../base/contract.ts";
import type { LinearState } from "../linear/linear-state.ts";
import type { LogisticRegressionState } from "../linear/logistic-regression.ts";
import type { LinearSvcState } from "../svm/linear-svc.ts";
import type { Explainer, OwnContributions } from "./explain-trees.ts";

/** A linear score: weights of the columns (d) and an intercept. */
interface LinearScore {
  readonly coef: Float64Array;
  readonly intercept: number;
}

const oneScore = ({ state }: Fitted): LinearScore[] => [state as LinearState];
const scoresOfClasses = ({ state, columns }: Fitted): LinearScore[] => {
  const { coef, intercept } = state as LogisticRegressionState | LinearSvcState;
  const d = columns.length;
  return Array.from(intercept, (each, k) => ({ coef: coef.subarray(k * d, (k + 1) * d), intercept: each }));
};

const scores: Readonly<Record<string, (model: Fitted) => LinearScore[]>> = {
  linear_regression: oneScore,
  ridge: oneScore,
  lasso: oneScore,
  elastic_net: oneScore,
  linear_svm: (model) => (model.task === "classification" ? scoresOfClasses(model) : oneScore(model)),
  logistic_regression: scoresOfClasses,
};

/** Names of the models whose scores are linear in their columns. */
export const linearModels: readonly string[] = Object.keys(scores);

/** Explains scores that are linear in the columns: weight times distance from the background's means (d), exactly. O(n d outputs). */
export function linearExplainer(means: Float64Array): Explainer {
  return (model, x): OwnContributions => {
    const all = scores[model.name]!(model);
    const base = Float64Array.from(all, ({ coef, intercept }) =>
      coef.reduce((sum, weight, j) => sum + weight * means[j]!, intercept),
    );
    return { base, contributions: all.map(({ coef }) => x.data.map((cell, at) => contribution(cell, at % x.columns, coef))) };
  };

  function contribution(cell: number, j: number, coef: Float64Array): number {
    return coef[j]! * (cell - means[j]!);
  }
}
