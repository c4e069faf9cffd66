import { z } from "zod";
import type { FitContext, Spec } from "../base/contract.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { softmaxRows } from "../linear/softmax.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { sum } from "../numeric/statistics.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "../tree/decision-tree.ts";
import { type Boost, boostClasses, boostNumbers, type Round, type RoundParams } from "./adaboost-rounds.ts";
import { positiveRows, refuseMissing, shareData } from "./part-rows.ts";
import { checkParts, checkPerPart, type PartState, partImportances, partParam, partPredict } from "./parts.ts";
import { defineStages } from "./staged-predict.ts";

/** What AdaBoost learns. */
export interface AdaBoostState {
  /** The weak learners in order. */
  readonly parts: readonly PartState[];
  /** Weight of each one's answer. */
  readonly partWeights: Float64Array;
  /** Weighted error of each one on the rows as they weighed then. */
  readonly partErrors: Float64Array;
  /** Number of classes; 0 for numbers. */
  readonly classes: number;
}

const shared = () => ({
  nEstimators: z.int().min(1).max(5000).default(50).meta({ title: "Learners at most", search: "linear" }),
  learningRate: z.number().gt(0).max(100).default(1).meta({ title: "Learning rate", search: "log" }),
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
});

/**
 * AdaBoost of any classifier (SAMME): each learner sees the rows that its forerunners got wrong with more weight, and votes by how
 * seldom it errs. It ends early at a learner without error, and at one no better than guessing.
 * Cost: `nEstimators` fits. Source: Freund & Schapire (1997); Zhu, Zou, Rosset, Hastie (2009), Statistics and its Interface 2.
 * Oracle: sklearn.ensemble.AdaBoostClassifier.
 */
export const adaBoostClassifier = classifier({
  name: "adaboost",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: partParam("classification")
        .default(decisionTreeClassifier({ maxDepth: 1 }))
        .meta({ title: "Learner", description: "Its name; empty: a tree of depth 1." }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fitRounds(x, y, params, context, boostClasses),
  predictProba(x, { parts, partWeights, classes }: AdaBoostState, { estimator }): Matrix {
    const data = sharedFloat64(x.rows * classes);
    for (const [t, part] of parts.entries()) addVotes(partPredict(part, estimator, x), partWeights[t]!, classes, data);
    scaleVotes(data, sum(partWeights), classes);
    return { rows: x.rows, columns: classes, data };
  },
  importances: (state, { estimator }) => importancesOfRounds(state, estimator),
  check: (state: AdaBoostState, columns) => checkRounds(state, "classification", columns),
});

/**
 * AdaBoost of any regressor (AdaBoost.R2): each learner is fitted to rows drawn by weight, rows with large errors gain weight, and the
 * weighted median of the learners is the answer. Cost: `nEstimators` fits.
 * Source: Drucker (1997), Improving regressors using boosting techniques. Oracle: sklearn.ensemble.AdaBoostRegressor.
 */
export const adaBoostRegressor = regressor({
  name: "adaboost",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: partParam("regression")
        .default(decisionTreeRegressor({ maxDepth: 3 }))
        .meta({ title: "Learner", description: "Its name; empty: a tree of depth 3." }),
      loss: z
        .enum(["linear", "square", "exponential"])
        .default("linear")
        .meta({ title: "Loss", description: "How the error of a row, as a share of the largest, counts." }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fitRounds(x, y, params, context, boostNumbers),
  predict(x, { parts, partWeights }: AdaBoostState, { estimator }): Float64Array {
    return weightedMedians(
      parts.map((part) => partPredict(part, estimator, x)),
      partWeights,
    );
  },
  importances: (state, { estimator }) => importancesOfRounds(state, estimator),
  check: (state: AdaBoostState, columns) => checkRounds(state, "regression", columns),
});

defineStages("adaboost", function* (x: Matrix, { parts, partWeights, classes }: AdaBoostState, { estimator }: RoundParams) {
  const votes = new Float64Array(x.rows * classes);
  const answers: Float64Array[] = [];
  for (const [t, part] of parts.entries()) {
    const answer = partPredict(part, estimator, x);
    const weights = partWeights.subarray(0, t + 1);
    if (classes === 0) {
      answers.push(answer);
      yield weightedMedians(answers, weights);
      continue;
    }
    addVotes(answer, partWeights[t]!, classes, votes);
    const data = sharedFloat64(votes.length);
    data.set(votes);
    scaleVotes(data, sum(weights), classes);
    yield { rows: x.rows, columns: classes, data };
  }
});

function* fitRounds(
  x: Matrix,
  y: Float64Array,
  params: RoundParams,
  context: FitContext,
  boost: Boost,
): Generator<void, AdaBoostState> {
  refuseMissing([params.estimator], x);
  const data = positiveRows(shareData({ x, y, weights: context.weights }), context.checkpoint);
  const mass = data.weights?.slice() ?? new Float64Array(data.y.length).fill(1);
  const rounds: Round[] = [];
  for (let t = 0; t < params.nEstimators; t++) {
    const total = sum(mass);
    if (!Number.isFinite(total)) break;
    for (let i = 0; i < mass.length; i++) mass[i] = Math.max(Number.EPSILON, mass[i]! / total);
    const round = yield* boost(t, data, mass, params, context);
    if (round.weight === undefined && rounds.length > 0) break;
    rounds.push(round);
    context.checkpoint(t + 1, params.nEstimators, { error: round.error });
    if (round.weight === undefined || round.error <= 0) break;
  }
  return {
    parts: rounds.map(({ part }) => part),
    partWeights: Float64Array.from(rounds, ({ weight }) => weight ?? 1),
    partErrors: Float64Array.from(rounds, ({ error }) => error),
    classes: context.classes,
  };
}

/** Adds a learner's answers: its weight for the class, −weight / (k − 1) for the others (n × k). */
function addVotes(codes: Float64Array, weight: number, classes: number, out: Float64Array): void {
  const against = -weight / (classes - 1);
  for (let i = 0; i < codes.length; i++)
    for (let k = 0; k < classes; k++) out[i * classes + k]! += codes[i] === k ? weight : against;
}

/** Votes to probabilities: softmax(votes / (k − 1)), equation 15 of Zhu et al. In place. */
function scaleVotes(votes: Float64Array, total: number, classes: number): void {
  // two classes: the sum of both sides' votes over 2, which is the vote itself
  for (let i = 0; i < votes.length; i++) votes[i]! /= total * (classes - 1);
  softmaxRows(votes, classes);
}

/** The answer at which half of the learners' weight is reached, for each row. */
export function weightedMedians(answers: readonly Float64Array[], weights: Float64Array): Float64Array {
  const order = Array.from(weights.keys());
  return Float64Array.from(answers[0]!, (_, i) => {
    order.sort((a, b) => answers[a]![i]! - answers[b]![i]! || a - b);
    let total = 0;
    for (const t of order) total += weights[t]!;
    let reached = 0;
    for (const t of order) {
      reached += weights[t]!;
      if (reached >= 0.5 * total) return answers[t]![i]!;
    }
    return answers[order.at(-1)!]![i]!;
  });
}

/** Mean of the learners' importances by their weight, shares of 1. */
function importancesOfRounds({ parts, partWeights }: AdaBoostState, estimator: Spec): Float64Array | undefined {
  const out = new Float64Array(parts[0]!.columns);
  for (const [t, part] of parts.entries()) {
    const own = partImportances(part, estimator);
    if (!own) return undefined;
    for (let j = 0; j < out.length; j++) out[j]! += partWeights[t]! * own[j]!;
  }
  const total = sum(out);
  return total > 0 ? out.map((value) => value / total) : out;
}

function checkRounds(
  { parts, partWeights, classes }: AdaBoostState,
  task: "classification" | "regression",
  columns: number,
): void {
  checkParts("adaboost", parts, { task, classes, columns });
  checkPerPart("adaboost", parts, partWeights);
}
