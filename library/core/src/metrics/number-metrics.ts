import { devianceRows } from "./deviance.ts";
import { d2AbsoluteError, d2Tweedie, share, spreadOf } from "./explained.ts";
import { checkPair } from "./inputs.ts";
import { type About, type Metric, metric, numbersOf, ofAll, ofRows } from "./metric.ts";
import { checkAbove, type Loss, losses, maxError, rowLosses } from "./regression.ts";
import { orderOf, quantileInOrder, weightedMean, weightedQuantile } from "./row-mean.ts";

const error: Partial<About> = { task: "regression", greaterIsBetter: false, range: [0, Infinity] };
const explained: Partial<About> = { task: "regression", range: [-Infinity, 1] };

/** Metrics of predicted numbers, the usual ones first. */
export const numberMetrics: readonly Metric[] = [
  metric({ ...explained, name: "r2", title: "R²", isUsual: true }, (scored) => {
    const [truth, errors] = [truthOf("r2", scored), checkedLosses("r2", scored, losses.squared)];
    return (weights) => (truth.length < 2 ? Number.NaN : share(weightedMean("r2", errors, weights), spreadOf(truth, weights)));
  }),
  ofRows(
    { ...error, name: "rmse", title: "RMSE", isUsual: true },
    (scored) => checkedLosses("rmse", scored, losses.squared),
    Math.sqrt,
  ),
  ofRows({ ...error, name: "mae", title: "MAE", isUsual: true }, (scored) => checkedLosses("mae", scored, losses.absolute)),
  ofRows({ ...error, name: "mse", title: "MSE", isUsual: true }, (scored) => checkedLosses("mse", scored, losses.squared)),
  ofRows({ ...error, name: "mape", title: "MAPE", isUsual: true }, (scored) => checkedLosses("mape", scored, losses.relative)),
  metric({ ...error, name: "median_absolute_error", title: "Median absolute error", isUsual: true }, (scored) => {
    const errors = checkedLosses("median_absolute_error", scored, losses.absolute);
    let order: Int32Array | undefined;
    return (weights) => {
      if (!weights) return weightedQuantile(errors, undefined, 0.5);
      order ??= orderOf(errors);
      return quantileInOrder(errors, order, weights, 0.5);
    };
  }),
  metric({ ...explained, name: "explained_variance", title: "Explained variance", isUsual: true }, (scored) => {
    const truth = truthOf("explained_variance", scored);
    const errors = checkedLosses("explained_variance", scored, (y, prediction) => y - prediction);
    return (weights) => share(spreadOf(errors, weights), spreadOf(truth, weights));
  }),
  ofAll({ ...error, name: "max_error", title: "Largest error" }, (scored) => maxError(...numbersOf(scored), scored)),
  ofAll({ ...explained, name: "d2_absolute_error", title: "Share of absolute error explained" }, (scored) =>
    d2AbsoluteError(...numbersOf(scored), { weights: scored.weights }),
  ),
  ofRows({ ...error, name: "msle", title: "MSE of logarithms", domain: "above -1" }, (scored) => logLossesOf("msle", scored)),
  ofRows(
    { ...error, name: "rmsle", title: "RMSE of logarithms", domain: "above -1" },
    (scored) => logLossesOf("rmsle", scored),
    Math.sqrt,
  ),
  deviance("poisson_deviance", "Poisson deviance", 1, "from 0"),
  deviance("gamma_deviance", "Gamma deviance", 2, "above 0"),
  ofAll({ ...explained, name: "d2_poisson", title: "Share of Poisson deviance explained", domain: "from 0" }, (scored) =>
    d2Tweedie(...numbersOf(scored), { weights: scored.weights, power: 1 }),
  ),
  ofAll({ ...explained, name: "d2_gamma", title: "Share of gamma deviance explained", domain: "above 0" }, (scored) =>
    d2Tweedie(...numbersOf(scored), { weights: scored.weights, power: 2 }),
  ),
];

function deviance(name: string, title: string, power: number, domain: Metric["domain"]): Metric {
  return ofRows({ ...error, name, title, domain }, (scored) => devianceRows(name, ...numbersOf(scored), power));
}

function checkedLosses(who: string, scored: Parameters<Metric["compute"]>[0], loss: Loss): Float64Array {
  const [truth, predicted] = numbersOf(scored);
  checkPair(who, truth, predicted, undefined);
  return rowLosses(truth, predicted, loss);
}

function logLossesOf(who: string, scored: Parameters<Metric["compute"]>[0]): Float64Array {
  checkAbove(who, ...numbersOf(scored), -1);
  return checkedLosses(who, scored, losses.squaredLog);
}

function truthOf(who: string, scored: Parameters<Metric["compute"]>[0]): Float64Array {
  const [truth, predicted] = numbersOf(scored);
  checkPair(who, truth, predicted, undefined);
  return Float64Array.from(truth);
}
