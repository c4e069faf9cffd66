import { z } from "zod";
import { classifier, regressor } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { quantile } from "../numeric/statistics.ts";

/** What a dummy classifier learns. */
export interface DummyClassifierState {
  /** Probability of each class, the same for every row (k). */
  readonly probabilities: Float64Array;
}

/** What a dummy regressor learns. */
export interface DummyRegressorState {
  /** Prediction for every row, in units of y. */
  readonly value: number;
}

/**
 * Looks at the target only: the baseline that a model must beat. `prior` answers the classes' shares, `most_frequent` the largest
 * class for certain, `uniform` each class alike. O(n). Oracle: sklearn.dummy.DummyClassifier.
 */
export const dummyClassifier = classifier({
  name: "dummy",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      strategy: z.enum(["prior", "most_frequent", "uniform"]).default("prior").meta({ title: "Strategy" }),
    }),
  fit(_, y, { strategy }, { classes, weights }): DummyClassifierState {
    const shares = new Float64Array(classes);
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const weight = weights?.[i] ?? 1;
      shares[y[i]!]! += weight;
      total += weight;
    }
    if (strategy === "uniform") return { probabilities: shares.fill(1 / classes) };
    if (strategy === "prior") return { probabilities: shares.map((share) => share / total) };
    const largest = shares.indexOf(Math.max(...shares));
    return { probabilities: shares.map((_share, k) => (k === largest ? 1 : 0)) };
  },
  predictProba(x, { probabilities }): Matrix {
    const columns = probabilities.length;
    const data = sharedFloat64(x.rows * columns);
    for (let i = 0; i < x.rows; i++) data.set(probabilities, i * columns);
    return { rows: x.rows, columns, data };
  },
});

/** Looks at the target only: its mean, or its median. O(n), the median O(n log n). Oracle: sklearn.dummy.DummyRegressor. */
export const dummyRegressor = regressor({
  name: "dummy",
  missing: true,
  categories: true,
  params: () => z.strictObject({ strategy: z.enum(["mean", "median"]).default("mean").meta({ title: "Strategy" }) }),
  fit(_, y, { strategy }, { weights }): DummyRegressorState {
    if (strategy === "median") return { value: quantile(weights ? y.filter((_value, i) => weights[i]! > 0) : y, 0.5) };
    let sum = 0;
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const weight = weights?.[i] ?? 1;
      sum += weight * y[i]!;
      total += weight;
    }
    return { value: sum / total };
  },
  predict: (x, { value }) => new Float64Array(x.rows).fill(value),
});
