import { z } from "zod";
import { classifier } from "../base/estimator.ts";
import { mostProbable } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkFinite, checkLengths } from "./check-state.ts";
import { classCounts, countParams, smoothing } from "./class-counts.ts";
import { exponentials, linearScores, logPriors, normalise } from "./scores.ts";

/** What complement naive Bayes learns. */
export interface ComplementNBState {
  /** Weight of each column for each class, from the rows of all other classes (k × d). */
  readonly featureLogProb: Float64Array;
  /** log P(class) (k); told for reading, the scores do not take it in. */
  readonly classLogPrior: Float64Array;
  /** Weighted sums of the columns in each class (k × d). */
  readonly featureCount: Float64Array;
  /** Weight of the training rows of each class (k). */
  readonly classCount: Float64Array;
}

/**
 * Naive Bayes of counts that learns each class from the rows of all the others: steadier than multinomial where classes are of very
 * different sizes. Values must be ≥ 0. Fit O(n d), prediction O(n d k).
 * Source: Rennie, Shih, Teevan, Karger (2003), Tackling the Poor Assumptions of Naive Bayes Text Classifiers, ICML.
 * Oracle: sklearn.naive_bayes.ComplementNB.
 *
 * @example
 * const model = await ml.complementNB({ norm: true }).fit(wordCounts, labels);
 */
export const complementNB = classifier({
  name: "complement_nb",
  params: () =>
    z.strictObject({
      ...countParams(),
      norm: z
        .boolean()
        .default(false)
        .meta({ title: "Normalise weights", description: "A class's weights are divided by their sum." }),
    }),
  fit(x, y, { alpha, fitPrior, classPrior, norm }, context): ComplementNBState {
    const { featureCount, classCount } = classCounts("complement_nb.fit", x, y, context);
    const d = x.columns;
    const all = new Float64Array(d);
    for (let at = 0; at < featureCount.length; at++) all[at % d]! += featureCount[at]!;
    const others = featureCount.map((count, at) => Math.max(0, all[at % d]! - count) + smoothing(alpha));
    const featureLogProb = new Float64Array(others.length);
    for (let start = 0; start < others.length; start += d) {
      const row = featureLogProb.subarray(start, start + d);
      const sum = others.subarray(start, start + d).reduce((a, b) => a + b, 0);
      for (let j = 0; j < d; j++) row[j] = -Math.log(others[start + j]! / sum);
      // one column alone has the weight 0, which no sum can scale
      const scale = norm ? row.reduce((a, b) => a + b, 0) : -1;
      if (norm && scale !== 0) for (let j = 0; j < d; j++) row[j]! /= scale;
    }
    return {
      featureLogProb,
      classLogPrior: logPriors("complement_nb.fit", classPrior, classCount, fitPrior),
      featureCount,
      classCount,
    };
  },
  predict: (x, state: ComplementNBState) => mostProbable(complementJoint(x, state)),
  predictProba: (x, state: ComplementNBState) => exponentials(normalise(complementJoint(x, state))),
  check({ featureLogProb, featureCount, classLogPrior, classCount }: ComplementNBState) {
    checkLengths("complement_nb", { featureLogProb, featureCount }, { classLogPrior, classCount });
    checkFinite("complement_nb", { featureLogProb });
  },
});

/** Score of every class (n × k): large where a row is unlike the other classes. */
export function complementJoint(x: Matrix, { featureLogProb, classLogPrior }: ComplementNBState): Matrix {
  return linearScores(x, featureLogProb, new Float64Array(classLogPrior.length));
}
