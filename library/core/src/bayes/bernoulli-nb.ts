import { z } from "zod";
import { DataError } from "../base/errors.ts";
import { classifier } from "../base/estimator.ts";
import { mostProbable } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkFinite, checkLengths } from "./check-state.ts";
import { classCounts, countParams, smoothing } from "./class-counts.ts";
import { exponentials, linearScores, logPriors, normalise } from "./scores.ts";

/** What Bernoulli naive Bayes learns. */
export interface BernoulliNBState {
  /** log P(column is 1 | class), smoothed (k × d). */
  readonly featureLogProb: Float64Array;
  /** log P(column is 0 | class), smoothed (k × d). */
  readonly absentLogProb: Float64Array;
  /** log P(class) (k). */
  readonly classLogPrior: Float64Array;
  /** Weight of the ones of each column in each class (k × d). */
  readonly featureCount: Float64Array;
  /** Weight of the training rows of each class (k). */
  readonly classCount: Float64Array;
}

/**
 * Naive Bayes of yes/no columns: a column that is absent speaks too. `binarize` makes values above it 1 and others 0; null takes
 * columns of 0 and 1 as they are. Fit O(n d), prediction O(n d k).
 * Source: Manning, Raghavan, Schütze (2008), Introduction to Information Retrieval, §13.3. Oracle: sklearn.naive_bayes.BernoulliNB.
 *
 * @example
 * const model = await ml.bernoulliNB({ binarize: 0.5 }).fit(train, { target: "spam" });
 */
export const bernoulliNB = classifier({
  name: "bernoulli_nb",
  params: () =>
    z.strictObject({
      ...countParams(),
      binarize: z
        .number()
        .nullable()
        .default(0)
        .meta({ title: "Threshold", description: "Values above it count as 1; none: columns hold 0 and 1 already." }),
    }),
  fit(x, y, { alpha, fitPrior, classPrior, binarize }, context): BernoulliNBState {
    const { featureCount, classCount } = classCounts("bernoulli_nb.fit", x, y, context, binarize, "binary");
    const total = (at: number): number => classCount[Math.floor(at / x.columns)]!;
    const logShare = (count: number, at: number): number =>
      Math.log(count + smoothing(alpha)) - Math.log(total(at) + 2 * smoothing(alpha));
    return {
      featureLogProb: featureCount.map(logShare),
      absentLogProb: featureCount.map((count, at) => logShare(Math.max(0, total(at) - count), at)),
      classLogPrior: logPriors("bernoulli_nb.fit", classPrior, classCount, fitPrior),
      featureCount,
      classCount,
    };
  },
  predict: (x, state: BernoulliNBState, { binarize }) => mostProbable(bernoulliJoint(x, state, binarize)),
  predictProba: (x, state: BernoulliNBState, { binarize }) => exponentials(normalise(bernoulliJoint(x, state, binarize))),
  check({ featureLogProb, absentLogProb, featureCount, classLogPrior, classCount }: BernoulliNBState) {
    checkLengths("bernoulli_nb", { featureLogProb, absentLogProb, featureCount }, { classLogPrior, classCount });
    checkFinite("bernoulli_nb", { featureLogProb, absentLogProb });
  },
});

/** log P(class) + Σⱼ log P(xⱼ | class) for every row and class (n × k). Throws DataError for other values than 0 and 1 without binarize. */
export function bernoulliJoint(x: Matrix, state: BernoulliNBState, binarize: number | null): Matrix {
  const { featureLogProb, absentLogProb, classLogPrior } = state;
  const weights = featureLogProb.map((present, at) => present - absentLogProb[at]!);
  const offsets = classLogPrior.map((prior, c) =>
    absentLogProb.subarray(c * x.columns, (c + 1) * x.columns).reduce((a, b) => a + b, prior),
  );
  return linearScores(binarize === null ? requireBinary(x) : x, weights, offsets, binarize);
}

function requireBinary(x: Matrix): Matrix {
  const at = x.data.findIndex((value) => value !== 0 && value !== 1);
  if (at < 0) return x;
  const column = x.names?.[at % x.columns] ?? `x${at % x.columns}`;
  throw new DataError(
    `bernoulli_nb.predict: x must be 0 or 1 without binarize, got ${x.data[at]} in row ${Math.floor(at / x.columns)}, column "${column}"`,
  );
}
