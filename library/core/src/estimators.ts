import type { z } from "zod";
import { bears } from "./base/bears.ts";
import type { Classifier, ClassifierFactory, Regressor, RegressorFactory, Spec } from "./base/contract.ts";
import { ParamsError } from "./base/errors.ts";
import { estimatorFromSpec } from "./base/estimator.ts";
import { suggest } from "./base/near-name.ts";
import { definitionOf } from "./base/registry.ts";
import { snakeCase } from "./base/snake-case.ts";
import { bernoulliNB, complementNB, gaussianNB, multinomialNB } from "./bayes/index.ts";
import { dummyClassifier, dummyRegressor } from "./dummy/index.ts";
import { lightgbm } from "./ensemble/boosting/lightgbm-preset.ts";
import { xgboost } from "./ensemble/boosting/xgboost-preset.ts";
import {
  adaBoostClassifier,
  adaBoostRegressor,
  baggingClassifier,
  baggingRegressor,
  blendClassifier,
  blendRegressor,
  calibratedClassifier,
  extraTreesClassifier,
  extraTreesRegressor,
  gradientBoostingClassifier,
  gradientBoostingRegressor,
  histGradientBoostingClassifier,
  histGradientBoostingRegressor,
  randomForestClassifier,
  randomForestRegressor,
  stackingClassifier,
  stackingRegressor,
  votingClassifier,
  votingRegressor,
} from "./ensemble/index.ts";
import { elasticNet, lasso, linearRegression, logisticRegression, polynomialRegression, ridge } from "./linear/index.ts";
import { knnClassifier, knnRegressor } from "./neighbors/index.ts";
import { mlpClassifier, mlpRegressor, networkClassifier, networkRegressor } from "./neural/index.ts";
import { linearSVC, linearSVR, svc, svr } from "./svm/index.ts";
import { c45Classifier, chaidClassifier, chaidRegressor, decisionTreeClassifier, decisionTreeRegressor } from "./tree/index.ts";

/** What is predicted: labels or numbers. */
export type PredictTask = "classification" | "regression";

/** An algorithm as forms, HTTP and leaderboards name it; one name serves both tasks. */
export interface Algorithm {
  readonly name: string;
  readonly title: string;
  /** One sentence for people. */
  readonly description: string;
  /** Other names that are taken. */
  readonly aliases: readonly string[];
  readonly factories: { readonly classification?: AnyFactory; readonly regression?: AnyFactory };
  /** Whether it is another algorithm of this list under another library's parameter names. */
  readonly isPreset?: boolean;
  /** Whether it is made of other algorithms of this list, which it fits again and again: compared only when it is named. */
  readonly isComposite?: boolean;
  /** Whether it is what its parameters make of it, and trains long: compared only when it is named. */
  readonly isMade?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of factories of every parameter and state type
type AnyFactory = ClassifierFactory<any, any, any> | RegressorFactory<any, any, any>;

/** Every algorithm that can be trained by name. */
export const algorithms: readonly Algorithm[] = [
  {
    name: "dummy",
    title: "Dummy",
    description: "Looks at the target only: the baseline that a model must beat.",
    aliases: ["baseline"],
    factories: { classification: dummyClassifier, regression: dummyRegressor },
  },
  {
    name: "logistic_regression",
    title: "Logistic regression",
    description: "A linear score for each class, with a penalty of choice; fast, and easy to read.",
    aliases: ["logistic"],
    factories: { classification: logisticRegression },
  },
  {
    name: "ridge",
    title: "Ridge regression",
    description: "Least squares with an L2 penalty; fast, and easy to read.",
    aliases: [],
    factories: { regression: ridge },
  },
  {
    name: "linear_regression",
    title: "Linear regression",
    description: "Least squares without a penalty; the weights of least norm where columns depend on each other.",
    aliases: ["linear"],
    factories: { regression: linearRegression },
  },
  {
    name: "polynomial_regression",
    title: "Polynomial regression",
    description: "Least squares on powers and products of the columns.",
    aliases: ["polynomial"],
    factories: { regression: polynomialRegression },
  },
  {
    name: "lasso",
    title: "Lasso",
    description: "Least squares with an L1 penalty: columns that do not help get no weight.",
    aliases: [],
    factories: { regression: lasso },
  },
  {
    name: "elastic_net",
    title: "Elastic net",
    description: "Least squares with an L1 and an L2 penalty: few weights, shared by columns that go together.",
    aliases: [],
    factories: { regression: elasticNet },
  },
  {
    name: "svm",
    title: "Support vector machine",
    description: "The widest margin in a kernel's space; strong on small tables, slow beyond some 50,000 rows.",
    aliases: ["svc", "svr"],
    factories: { classification: svc, regression: svr },
  },
  {
    name: "linear_svm",
    title: "Linear support vector machine",
    description: "The plane of widest margin, without a kernel; fast on large tables.",
    aliases: [],
    factories: { classification: linearSVC, regression: linearSVR },
  },
  {
    name: "decision_tree",
    title: "Decision tree",
    description: "Questions about one column at a time; readable, and prone to learn by heart without a limit.",
    aliases: ["cart"],
    factories: { classification: decisionTreeClassifier, regression: decisionTreeRegressor },
  },
  {
    name: "decision_tree_c45",
    title: "Decision tree (C4.5)",
    description: "Questions with an answer for each level of a category, pruned by expected errors; takes missing values.",
    aliases: ["c45", "j48"],
    factories: { classification: c45Classifier },
  },
  {
    name: "decision_tree_chaid",
    title: "Decision tree (CHAID)",
    description: "Questions whose groups differ significantly; takes categories and missing values, and explains itself.",
    aliases: ["chaid"],
    factories: { classification: chaidClassifier, regression: chaidRegressor },
  },
  {
    name: "random_forest",
    title: "Random forest",
    description: "The mean of many trees that each saw other rows and columns; strong with its defaults.",
    aliases: [],
    factories: { classification: randomForestClassifier, regression: randomForestRegressor },
  },
  {
    name: "extra_trees",
    title: "Extra trees",
    description: "As a random forest with cuts drawn at random: faster to fit, smoother answers.",
    aliases: [],
    factories: { classification: extraTreesClassifier, regression: extraTreesRegressor },
  },
  {
    name: "knn",
    title: "K nearest neighbours",
    description: "Asks the rows that lie nearest; columns should have like scales.",
    aliases: ["k_nearest_neighbors"],
    factories: { classification: knnClassifier, regression: knnRegressor },
  },
  {
    name: "gaussian_nb",
    title: "Naive Bayes (Gaussian)",
    description: "A bell curve for each column in each class; very fast, a fair first model for numbers.",
    aliases: ["naive_bayes"],
    factories: { classification: gaussianNB },
  },
  {
    name: "multinomial_nb",
    title: "Naive Bayes (multinomial)",
    description: "For counts, as words in texts; values must not be negative.",
    aliases: [],
    factories: { classification: multinomialNB },
  },
  {
    name: "complement_nb",
    title: "Naive Bayes (complement)",
    description: "For counts in classes of very different sizes; values must not be negative.",
    aliases: [],
    factories: { classification: complementNB },
  },
  {
    name: "bernoulli_nb",
    title: "Naive Bayes (Bernoulli)",
    description: "For yes/no columns; what is absent counts too.",
    aliases: [],
    factories: { classification: bernoulliNB },
  },
  {
    name: "hist_gradient_boosting",
    title: "Histogram gradient boosting",
    description: "Trees on binned columns that mend each other's errors: the usual winner on tables, and fast on many rows.",
    aliases: [],
    factories: { classification: histGradientBoostingClassifier, regression: histGradientBoostingRegressor },
  },
  {
    name: "lightgbm",
    title: "LightGBM",
    description: "Histogram gradient boosting by LightGBM's parameters and defaults.",
    aliases: [],
    factories: lightgbm,
    isPreset: true,
  },
  {
    name: "xgboost",
    title: "XGBoost",
    description: "Histogram gradient boosting by XGBoost's parameters and defaults.",
    aliases: [],
    factories: xgboost,
    isPreset: true,
  },
  {
    name: "gradient_boosting",
    title: "Gradient boosting",
    description: "Small trees that each mend what the former left; exact splits, strong on small and middle tables.",
    aliases: ["gbm"],
    factories: { classification: gradientBoostingClassifier, regression: gradientBoostingRegressor },
  },
  {
    name: "adaboost",
    title: "AdaBoost",
    description: "Weak learners in a row, each looking harder at what the former got wrong.",
    aliases: ["ada_boost"],
    factories: { classification: adaBoostClassifier, regression: adaBoostRegressor },
  },
  {
    name: "bagging",
    title: "Bagging",
    description: "The mean of one estimator fitted many times on rows drawn anew; calms what changes much.",
    aliases: [],
    factories: { classification: baggingClassifier, regression: baggingRegressor },
    isComposite: true,
  },
  {
    name: "voting",
    title: "Voting",
    description: "Different estimators side by side that vote, or whose mean is the answer.",
    aliases: [],
    factories: { classification: votingClassifier, regression: votingRegressor },
    isComposite: true,
  },
  {
    name: "stacking",
    title: "Stacking",
    description: "A final estimator that learns from the out-of-fold answers of others; slow to fit, often the best.",
    aliases: ["stacked"],
    factories: { classification: stackingClassifier, regression: stackingRegressor },
    isComposite: true,
  },
  {
    name: "blend",
    title: "Weighted blend",
    description: "The mean of different estimators, weighted by how well each does on rows it did not see.",
    aliases: ["blending"],
    factories: { classification: blendClassifier, regression: blendRegressor },
    isComposite: true,
  },
  {
    name: "calibrated",
    title: "Calibrated classifier",
    description: "A classifier whose probabilities are put right, so that they come true as often as they say.",
    aliases: [],
    factories: { classification: calibratedClassifier },
    isComposite: true,
  },
  {
    name: "neural_network",
    title: "Neural network",
    description: "Dense layers trained by gradient steps; columns should have like scales.",
    aliases: ["mlp"],
    factories: { classification: mlpClassifier, regression: mlpRegressor },
  },
  {
    name: "network",
    title: "Network of layers",
    description: "Layers of one's own choice on TensorFlow.js, with several inputs and outputs; the default is two dense layers.",
    aliases: ["deep_network"],
    factories: { classification: networkClassifier, regression: networkRegressor },
    isMade: true,
  },
];

/** An algorithm by name or alias. Throws ParamsError with the nearest name. */
export function algorithmByName(name: string): Algorithm {
  const wanted = name.toLowerCase();
  const found = algorithms.find((algorithm) => algorithm.name === wanted || algorithm.aliases.includes(wanted));
  if (found) return found;
  throw new ParamsError(
    `no algorithm "${name}"${suggest(
      name,
      algorithms.flatMap((algorithm) => [algorithm.name, ...algorithm.aliases]),
    )}`,
  );
}

/** An algorithm's factory for a task. Throws ParamsError where it has none. */
export function factoryByName(name: string, task: PredictTask): AnyFactory {
  const algorithm = algorithmByName(name);
  const factory = algorithm.factories[task];
  if (!factory)
    throw new ParamsError(
      `${algorithm.name} is no ${task} algorithm, there are ${algorithms
        .filter((each) => each.factories[task])
        .map((each) => each.name)
        .join(", ")}`,
    );
  return factory;
}

/** An estimator by name, of hyperparameters in snake_case as HTTP and forms write them. Throws ParamsError. */
export function estimatorByName(
  name: string,
  task: PredictTask,
  hyperparameters: Readonly<Record<string, unknown>> = {},
): Classifier | Regressor {
  const factory = factoryByName(name, task);
  if ("preset" in factory) return factory(hyperparameters);
  const names = paramNames(factory);
  const params: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(hyperparameters)) {
    const camel = names.get(key) ?? key;
    if (!names.has(key) && ![...names.values()].includes(key))
      throw Object.assign(new ParamsError(`${factory.estimator}: no parameter ${key}${suggest(key, [...names.keys()])}`), {
        field: key,
        value,
      });
    params[camel] = value;
  }
  return estimatorFromSpec<Classifier | Regressor>({ task, name: factory.estimator, params });
}

/** The parameters of a specification in snake_case. */
export function hyperparametersOf(spec: Spec): Record<string, unknown> {
  const names = new Map(
    [...paramNames(factoryByName(spec.name, spec.task as PredictTask))].map(([snake, camel]) => [camel, snake]),
  );
  return Object.fromEntries(Object.entries(spec.params).map(([key, value]) => [names.get(key) ?? key, value]));
}

/** JSON Schema of an algorithm's hyperparameters, names in snake_case. */
export function hyperparameterSchema(name: string, task: PredictTask): Record<string, unknown> {
  const factory = factoryByName(name, task);
  const schema = factory.jsonSchema() as { properties: Record<string, unknown> };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [snakeCase(key), value])),
  };
}

/** What an algorithm bears and gives. */
export function capabilities(
  name: string,
  task: PredictTask,
): { readonly missing: boolean; readonly categories: boolean; readonly probabilities: boolean } {
  const factory = factoryByName(name, task);
  const { predictProba } = definitionOf({ task, name: factory.estimator });
  return { ...bears(factory()), probabilities: predictProba !== undefined };
}

/** Declared names only: snake_case to camelCase. */
function paramNames(factory: AnyFactory): Map<string, string> {
  const { params } = definitionOf({ task: factory.task, name: factory.estimator });
  return new Map(Object.keys((params as z.ZodObject).shape).map((key) => [snakeCase(key), key]));
}
