import { z } from "zod";
import "./default-parts.ts";
import type { FitContext, Spec } from "../base/contract.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { addScaled, refuseMissing } from "./part-rows.ts";
import { checkParts, fitParts, type PartState, partPredict, partProba, partsParam } from "./parts.ts";

/** What an ensemble of different estimators learns: each of them, fitted on all rows. */
export interface VotingState {
  readonly parts: readonly PartState[];
  /** Number of classes; 0 for numbers. */
  readonly classes: number;
}

interface VotingParams {
  readonly estimators: readonly Spec[];
  readonly weights: readonly number[] | null;
}

const weights = () =>
  z
    .array(z.number().min(0).max(1e9))
    .nullable()
    .default(null)
    .meta({ title: "Weights", description: "One for each estimator; empty: all the same." });
const sameLength = (params: VotingParams): boolean =>
  params.weights === null || params.weights.length === params.estimators.length;
const lengthDemand = { message: "must be as many as the estimators", path: ["weights"] };
const positive = (params: VotingParams): boolean => params.weights === null || params.weights.some((weight) => weight > 0);
const positiveDemand = { message: "must not all be 0", path: ["weights"] };

/**
 * Classifiers that vote. `soft` answers the weighted mean of their probabilities; `hard` counts each one's answer, and its probabilities
 * are the shares of the votes. Of equal classes the first in sorted order wins. The parts are fitted side by side on all threads. Cost: that of the parts.
 * Oracle: sklearn.ensemble.VotingClassifier.
 */
export const votingClassifier = classifier({
  name: "voting",
  missing: true,
  categories: true,
  params: () =>
    z
      .strictObject({
        estimators: partsParam("classification", ["logistic_regression", "decision_tree", "random_forest"]),
        voting: z
          .enum(["hard", "soft"])
          .default("hard")
          .meta({ title: "Voting", description: "hard counts answers, soft averages probabilities." }),
        weights: weights(),
      })
      .refine(sameLength, lengthDemand)
      .refine(positive, positiveDemand),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predictProba(x, { parts, classes }: VotingState, { estimators, voting, weights: given }): Matrix {
    const data = sharedFloat64(x.rows * classes);
    const shares = sharesOf(given, parts.length);
    for (const [k, part] of parts.entries()) {
      if (voting === "soft") addScaled(partProba(part, estimators[k]!, x, classes).data, shares[k]!, data);
      else {
        const codes = partPredict(part, estimators[k]!, x);
        for (let i = 0; i < x.rows; i++) data[i * classes + codes[i]!]! += shares[k]!;
      }
    }
    return { rows: x.rows, columns: classes, data };
  },
  check: ({ parts, classes }: VotingState, columns) => checkParts("voting", parts, { task: "classification", classes, columns }),
});

/** Regressors whose weighted mean is the answer, fitted side by side on all threads. Cost: that of the parts. Oracle: sklearn.ensemble.VotingRegressor. */
export const votingRegressor = regressor({
  name: "voting",
  missing: true,
  categories: true,
  params: () =>
    z
      .strictObject({
        estimators: partsParam("regression", ["ridge", "decision_tree", "random_forest"]),
        weights: weights(),
      })
      .refine(sameLength, lengthDemand)
      .refine(positive, positiveDemand),
  fit: (x, y, params, context) => fit(x, y, params, context),
  predict(x, { parts }: VotingState, { estimators, weights: given }): Float64Array {
    const out = new Float64Array(x.rows);
    const shares = sharesOf(given, parts.length);
    for (const [k, part] of parts.entries()) addScaled(partPredict(part, estimators[k]!, x), shares[k]!, out);
    return out;
  },
  check: ({ parts, classes }: VotingState, columns) => checkParts("voting", parts, { task: "regression", classes, columns }),
});

function* fit(x: Matrix, y: Float64Array, { estimators }: VotingParams, context: FitContext): Generator<void, VotingState> {
  refuseMissing(estimators, x);
  const data = { x, y, weights: context.weights };
  const parts = yield* fitParts(
    estimators.map((spec) => ({ spec })),
    data,
    context,
    (finished) => context.checkpoint(finished, estimators.length),
  );
  return { parts, classes: context.classes };
}

/** Weights as shares of 1. */
function sharesOf(given: readonly number[] | null, parts: number): readonly number[] {
  const own = given ?? new Array<number>(parts).fill(1);
  const total = own.reduce((a, b) => a + b, 0);
  return own.map((weight) => weight / total);
}
