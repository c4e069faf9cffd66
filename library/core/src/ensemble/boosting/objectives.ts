/** What a preset's estimator predicts. */
export type PresetTask = "classification" | "regression" | "ranking";

/** Losses of both libraries by name: task, and our loss for regression. */
export const objectives = {
  binary: ["classification"],
  multiclass: ["classification"],
  softmax: ["classification"],
  "binary:logistic": ["classification"],
  "multi:softmax": ["classification"],
  "multi:softprob": ["classification"],
  regression: ["regression", "squared_error"],
  regression_l2: ["regression", "squared_error"],
  l2: ["regression", "squared_error"],
  mse: ["regression", "squared_error"],
  mean_squared_error: ["regression", "squared_error"],
  rmse: ["regression", "squared_error"],
  "reg:squarederror": ["regression", "squared_error"],
  "reg:linear": ["regression", "squared_error"],
  regression_l1: ["regression", "absolute_error"],
  l1: ["regression", "absolute_error"],
  mae: ["regression", "absolute_error"],
  mean_absolute_error: ["regression", "absolute_error"],
  "reg:absoluteerror": ["regression", "absolute_error"],
  huber: ["regression", "huber"],
  quantile: ["regression", "quantile"],
  "reg:quantileerror": ["regression", "quantile"],
  poisson: ["regression", "poisson"],
  "count:poisson": ["regression", "poisson"],
  gamma: ["regression", "gamma"],
  "reg:gamma": ["regression", "gamma"],
  tweedie: ["regression", "tweedie"],
  "reg:tweedie": ["regression", "tweedie"],
  lambdarank: ["ranking"],
  "rank:ndcg": ["ranking"],
} as const satisfies Readonly<Record<string, readonly [PresetTask, string?]>>;

/** Names under which LightGBM and XGBoost take the objective. */
type ObjectiveOf<P> =
  P extends Readonly<Record<"objective", infer O>>
    ? O
    : keyof P & ("app" | "application" | "loss") extends never
      ? undefined
      : string;

/** The task of another library's parameters, as far as the types tell: that of the objective, regression where none is named. */
export type TaskOf<P> = string extends keyof P
  ? PresetTask
  : ObjectiveOf<P> extends infer O
    ? O extends keyof typeof objectives
      ? (typeof objectives)[O][0]
      : O extends undefined
        ? "regression"
        : PresetTask
    : never;
