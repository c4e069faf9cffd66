import { z } from "zod";
import { classifier } from "../base/estimator.ts";
import { mostProbable } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkFinite, checkLengths } from "./check-state.ts";
import { classCounts, countParams, smoothing } from "./class-counts.ts";
import { exponentials, linearScores, logPriors, normalise } from "./scores.ts";

/** What multinomial naive Bayes learns. */
export interface MultinomialNBState {
  /** log P(column | class), smoothed (k × d). */
  readonly featureLogProb: Float64Array;
  /** log P(class) (k). */
  readonly classLogPrior: Float64Array;
  /** Weighted sums of the columns in each class (k × d). */
  readonly featureCount: Float64Array;
  /** Weight of the training rows of each class (k). */
  readonly classCount: Float64Array;
}

/**
 * Naive Bayes of counts, as words in texts: each class draws its counts from a multinomial distribution with Laplace or Lidstone
 * smoothing. Values must be ≥ 0. Fit O(n d), prediction O(n d k).
 * Source: Manning, Raghavan, Schütze (2008), Introduction to Information Retrieval, §13.2. Oracle: sklearn.naive_bayes.MultinomialNB.
 *
 * @example
 * const model = await ml.multinomialNB({ alpha: 0.1 }).fit(wordCounts, labels);
 */
export const multinomialNB = classifier({
  name: "multinomial_nb",
  params: () => z.strictObject(countParams()),
  fit(x, y, { alpha, fitPrior, classPrior }, context): MultinomialNBState {
    const { featureCount, classCount } = classCounts("multinomial_nb.fit", x, y, context);
    const d = x.columns;
    const smoothed = featureCount.map((count) => count + smoothing(alpha));
    const featureLogProb = new Float64Array(smoothed.length);
    for (let start = 0; start < smoothed.length; start += d) {
      const total = Math.log(smoothed.subarray(start, start + d).reduce((a, b) => a + b, 0));
      for (let at = start; at < start + d; at++) featureLogProb[at] = Math.log(smoothed[at]!) - total;
    }
    const classLogPrior = logPriors("multinomial_nb.fit", classPrior, classCount, fitPrior);
    return { featureLogProb, classLogPrior, featureCount, classCount };
  },
  predict: (x, state: MultinomialNBState) => mostProbable(multinomialJoint(x, state)),
  predictProba: (x, state: MultinomialNBState) => exponentials(normalise(multinomialJoint(x, state))),
  check({ featureLogProb, featureCount, classLogPrior, classCount }: MultinomialNBState) {
    checkLengths("multinomial_nb", { featureLogProb, featureCount }, { classLogPrior, classCount });
    checkFinite("multinomial_nb", { featureLogProb });
  },
});

/** log P(class) + Σⱼ xⱼ log P(column j | class) for every row and class (n × k). */
export function multinomialJoint(x: Matrix, { featureLogProb, classLogPrior }: MultinomialNBState): Matrix {
  return linearScores(x, featureLogProb, classLogPrior);
}
