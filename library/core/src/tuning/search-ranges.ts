import type { Space } from "./distribution.ts";

const forestSize = { type: "int", low: 50, high: 500, step: 50 } as const;
const share = { type: "float", low: 0.5, high: 1 } as const;
const logC = { type: "float", low: 1e-3, high: 1e3, log: true } as const;
const penalty = { type: "float", low: 1e-4, high: 100, log: true } as const;
const learningRate = { type: "float", low: 0.01, high: 0.3, log: true } as const;
const leafRows = { type: "int", low: 1, high: 20, log: true } as const;

const tree: Space = {
  maxDepth: { type: "int", low: 2, high: 32, log: true },
  minSamplesSplit: { type: "int", low: 2, high: 40, log: true },
  minSamplesLeaf: leafRows,
};

const forest: Space = {
  nEstimators: forestSize,
  maxFeatures: { type: "categorical", choices: ["sqrt", "log2", 0.5, "all"] },
  maxDepth: { type: "int", low: 4, high: 64, log: true },
  minSamplesLeaf: leafRows,
};

const kernelMachine: Space = {
  c: { type: "float", low: 1e-2, high: 1e3, log: true },
  kernel: { type: "categorical", choices: ["rbf", "linear", "poly"] },
  gamma: { type: "float", low: 1e-4, high: 10, log: true, when: { kernel: ["rbf", "poly"] } },
  degree: { type: "int", low: 2, high: 5, when: { kernel: "poly" } },
};

const counts: Space = { alpha: { type: "float", low: 1e-3, high: 10, log: true } };

/**
 * Where people search, by algorithm as HTTP names it. A parameter that only one task has is left out for the other.
 * The ranges are those that scikit-learn's, LightGBM's and XGBoost's guides and Optuna's examples use.
 */
export const searchRanges: Readonly<Record<string, Space>> = {
  logistic_regression: { c: logC, classWeight: { type: "categorical", choices: ["none", "balanced"] } },
  ridge: { alpha: { type: "float", low: 1e-3, high: 1e4, log: true } },
  lasso: { alpha: penalty },
  elastic_net: { alpha: penalty, l1Ratio: { type: "float", low: 0, high: 1 } },
  linear_regression: { positive: { type: "categorical", choices: [false, true] } },
  polynomial_regression: {
    degree: { type: "int", low: 1, high: 3 },
    interactionOnly: { type: "categorical", choices: [false, true] },
  },
  svm: { ...kernelMachine, epsilon: { type: "float", low: 1e-3, high: 1, log: true } },
  linear_svm: { c: logC },
  knn: {
    nNeighbors: { type: "int", low: 1, high: 50, log: true },
    weights: { type: "categorical", choices: ["uniform", "distance"] },
    metric: { type: "categorical", choices: ["euclidean", "manhattan"] },
  },
  gaussian_nb: { varSmoothing: { type: "float", low: 1e-12, high: 1e-1, log: true } },
  multinomial_nb: counts,
  bernoulli_nb: counts,
  complement_nb: { ...counts, norm: { type: "categorical", choices: [false, true] } },
  decision_tree: { ...tree, ccpAlpha: { type: "float", low: 0, high: 0.02 } },
  decision_tree_c45: {
    confidence: { type: "float", low: 0.01, high: 0.5, log: true },
    minNumObj: { type: "int", low: 1, high: 50, log: true },
  },
  decision_tree_chaid: {
    alphaSplit: { type: "float", low: 1e-3, high: 0.2, log: true },
    alphaMerge: { type: "float", low: 1e-3, high: 0.2, log: true },
    minSamplesLeaf: { type: "int", low: 2, high: 50, log: true },
  },
  random_forest: forest,
  extra_trees: forest,
  hist_gradient_boosting: {
    nEstimators: forestSize,
    learningRate,
    numLeaves: { type: "int", low: 7, high: 255, log: true },
    minSamplesLeaf: { type: "int", low: 5, high: 100, log: true },
    regLambda: { type: "float", low: 1e-3, high: 10, log: true },
    subsample: share,
    colsampleByTree: share,
  },
  lightgbm: {
    n_estimators: forestSize,
    learning_rate: learningRate,
    num_leaves: { type: "int", low: 7, high: 255, log: true },
    min_child_samples: { type: "int", low: 5, high: 100, log: true },
    reg_lambda: { type: "float", low: 1e-3, high: 10, log: true },
    colsample_bytree: share,
  },
  xgboost: {
    n_estimators: forestSize,
    learning_rate: learningRate,
    max_depth: { type: "int", low: 3, high: 10 },
    min_child_weight: { type: "float", low: 0.1, high: 20, log: true },
    reg_lambda: { type: "float", low: 1e-3, high: 10, log: true },
    subsample: share,
    colsample_bytree: share,
  },
  gradient_boosting: {
    nEstimators: forestSize,
    learningRate,
    maxDepth: { type: "int", low: 2, high: 8 },
    subsample: share,
    minSamplesLeaf: leafRows,
  },
  adaboost: { nEstimators: forestSize, learningRate: { type: "float", low: 0.01, high: 2, log: true } },
  bagging: {
    nEstimators: { type: "int", low: 10, high: 100, step: 10 },
    maxSamples: { type: "float", low: 0.3, high: 1 },
    maxFeatures: { type: "float", low: 0.3, high: 1 },
  },
  neural_network: {
    "hiddenLayerSizes.0": { type: "int", low: 16, high: 256, log: true },
    activation: { type: "categorical", choices: ["relu", "tanh"] },
    alpha: { type: "float", low: 1e-6, high: 1e-1, log: true },
    learningRateInit: { type: "float", low: 1e-4, high: 1e-1, log: true },
  },
  network: {
    learningRate: { type: "float", low: 1e-4, high: 1e-2, log: true },
    batchSize: { type: "categorical", choices: [16, 32, 64, 128] },
    alpha: { type: "float", low: 1e-6, high: 1e-2, log: true },
  },
};
