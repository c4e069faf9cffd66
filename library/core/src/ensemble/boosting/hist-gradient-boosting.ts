import { z } from "zod";
import type { FitContext } from "../../base/contract.ts";
import { DataError, ParamsError } from "../../base/errors.ts";
import { classifier, regressor } from "../../base/estimator.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { balancedWeights } from "../../numeric/statistics.ts";
import { boost } from "./boost.ts";
import { type BoostedTrees, checkBoostedTrees } from "./boosted-trees.ts";
import { type CustomLoss, customDriver, multinomialDriver, singleDriver } from "./drivers.ts";
import { gainImportances } from "./importances.ts";
import { type Loss, losses } from "./losses.ts";
import { type BoostingParams, boostingParams, boostSettings } from "./params.ts";
import { answersOf, probabilitiesOf, rawScores } from "./predict.ts";
import { chooseRows } from "./rows.ts";

/** What histogram boosting learns: its trees, and how the validation rows fared after each iteration. */
export interface HistGradientBoostingState extends BoostedTrees {
  /** Validation score by iteration, smaller is better; empty without early stopping. */
  readonly history: Float64Array;
}

const metricParam = () =>
  z
    .string()
    .nullable()
    .default(null)
    .meta({ title: "Metric of early stopping", description: "By name; empty: the loss itself." });

const customLossParam = () =>
  z
    .custom<CustomLoss>((value) => typeof value === "function", "must be a function")
    .optional()
    .meta({ title: "A loss of your own", hidden: true });

const lossDefaults = { huberDelta: 1, quantile: 0.5, tweediePower: 1.5 };

/**
 * Histogram gradient boosting for classes: trees on binned columns, each fitted to the gradient of the log loss of those before. Missing values and categories
 * are taken as they are. Equal to the bit at any number of threads. `warmStart` in the options of `fit` goes on from a model. O(trees · n d · depth).
 * Source: Ke et al. (2017), LightGBM, NeurIPS; Chen & Guestrin (2016), XGBoost, KDD. Oracle: lightgbm, xgboost.
 */
export const histGradientBoostingClassifier = classifier({
  name: "hist_gradient_boosting",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      ...boostingParams(),
      classWeight: z.enum(["none", "balanced"]).default("none").meta({ title: "Class weights" }),
      scalePosWeight: z
        .number()
        .gt(0)
        .default(1)
        .meta({ title: "Weight of the positive class", description: "Two classes only." }),
      metric: metricParam(),
      customLoss: customLossParam(),
    }),
  fit(x, y, params, context): HistGradientBoostingState {
    const { classes } = context;
    if (params.scalePosWeight !== 1 && classes !== 2)
      throw new ParamsError(`hist_gradient_boosting.fit: scalePosWeight needs two classes, got ${classes}`);
    const rows = chooseRows(x, y, rowWeights(y, params, context), params, classes);
    const settings = { ...lossDefaults, metric: params.metric };
    const former = formerTrees(context);
    const learned = rows.targets.subarray(0, rows.rows);
    const driver =
      classes === 2
        ? singleDriver(losses.log_loss, settings, learned, rows.weights, former?.base)
        : multinomialDriver(classes, settings, learned, rows.weights, former?.base);
    const own = params.customLoss ? customDriver(params.customLoss, driver, learned, rows.weights) : driver;
    const { trees, history } = boost(rows, boostSettings(params, x), own, context, former);
    return { ...trees, history };
  },
  predictProba(x, state): Matrix {
    return probabilitiesOf(state, rawScores(state, x), x.rows);
  },
  importances: (state: HistGradientBoostingState) => gainImportances(state),
  check: (state: HistGradientBoostingState, columns) => checkBoostedTrees(state, columns),
});

/**
 * Histogram gradient boosting for numbers: as the classifier, for the losses named. Poisson, gamma and Tweedie learn the logarithm of the mean. O(trees · n d · depth).
 * Source: Ke et al. (2017), LightGBM, NeurIPS; Chen & Guestrin (2016), XGBoost, KDD. Oracle: lightgbm, xgboost.
 */
export const histGradientBoostingRegressor = regressor({
  name: "hist_gradient_boosting",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      loss: z
        .enum(["squared_error", "absolute_error", "huber", "quantile", "poisson", "gamma", "tweedie"])
        .default("squared_error")
        .meta({ title: "Loss" }),
      quantile: z.number().gt(0).lt(1).default(0.5).meta({ title: "Quantile", description: "Of the quantile loss." }),
      huberDelta: z
        .number()
        .gt(0)
        .default(1)
        .meta({ title: "Huber's δ", description: "Where the loss turns linear, in units of y." }),
      tweediePower: z.number().gt(1).lt(2).default(1.5).meta({ title: "Tweedie's power", description: "1 Poisson, 2 gamma." }),
      ...boostingParams(),
      metric: metricParam(),
      customLoss: customLossParam(),
    }),
  fit(x, y, params, context): HistGradientBoostingState {
    const loss = losses[params.loss];
    if (!params.customLoss) checkMonotone(loss, params);
    checkDomain(loss, y);
    const rows = chooseRows(x, y, context.weights, params, 0);
    const former = formerTrees(context);
    const learned = rows.targets.subarray(0, rows.rows);
    if (loss.link === "exp" && learned.every((value) => value === 0))
      throw new DataError(`hist_gradient_boosting.fit: y must not be all 0 for the ${loss.name} loss`);
    const driver = singleDriver(loss, params, learned, rows.weights, former?.base);
    const own = params.customLoss ? customDriver(params.customLoss, driver, learned, rows.weights) : driver;
    const { trees, history } = boost(rows, boostSettings(params, x), own, context, former);
    return { ...trees, history };
  },
  predict: (x, state): Float64Array => answersOf(state, rawScores(state, x)),
  importances: (state: HistGradientBoostingState) => gainImportances(state),
  check: (state: HistGradientBoostingState, columns) => checkBoostedTrees(state, columns),
});

function rowWeights(
  y: Float64Array,
  { classWeight, scalePosWeight }: { classWeight: "none" | "balanced"; scalePosWeight: number },
  { classes, weights }: FitContext,
): Float64Array | undefined {
  const own = classWeight === "balanced" ? balancedWeights(y, classes, weights) : weights;
  if (scalePosWeight === 1) return own;
  return Float64Array.from(y, (code, i) => (own?.[i] ?? 1) * (code === 1 ? scalePosWeight : 1));
}

function checkDomain({ name, domain }: Loss, y: Float64Array): void {
  const bad = domain ? y.findIndex((value) => !domain[0](value)) : -1;
  if (bad >= 0)
    throw new DataError(`hist_gradient_boosting.fit: y must be ${domain![1]} for the ${name} loss, got ${y[bad]} in row ${bad}`);
}

/** Quantiles of leaves know nothing of their neighbours'. Throws ParamsError, as LightGBM does. */
function checkMonotone({ name, renew }: Loss, { monotoneConstraints }: Pick<BoostingParams, "monotoneConstraints">): void {
  if (renew && Object.values(monotoneConstraints).some((sign) => sign !== 0))
    throw new ParamsError(
      `hist_gradient_boosting: monotoneConstraints do not go with loss ${name}, whose leaves answer quantiles; take loss huber`,
    );
}

/** The trees to go on from. Throws ParamsError for those of another library whose rules differ. */
function formerTrees({ warmStart }: FitContext): BoostedTrees | undefined {
  const former = warmStart?.state as BoostedTrees | undefined;
  if (
    former &&
    (former.single || former.average || former.linear || former.weights || former.value.length !== former.feature.length)
  )
    throw new ParamsError(
      "hist_gradient_boosting.fit: warmStart must be a model of sums of doubles, this one was read from another library",
    );
  return former;
}
