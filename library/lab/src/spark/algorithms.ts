import { z } from "zod";
import { type MlParams, ofFlag, ofInteger, ofLong, ofNumber, ofText } from "../engine/spark/index.ts";

/** What is learnt on a Spark. */
export type SparkTask = "classification" | "regression" | "recommendation" | "clustering";

/** What an algorithm may look at to spell its parameters for Spark. */
interface TrainingFacts {
  readonly task: SparkTask;
  /** Rows that it learns from. */
  readonly rows: number;
  readonly seed: number;
}

/** An algorithm of MLlib under the names that Assay's own have. */
export interface SparkAlgorithm {
  readonly tasks: readonly SparkTask[];
  /** How categories come: a column of 0 and 1 for each level, or the level's number, which the algorithm knows for a category. */
  readonly categories: "one hot" | "index";
  readonly params: z.ZodObject;
  /** Classes that it can tell apart at most; default any number. */
  readonly classesMost?: number;
  /** The parameter whose steps build on each other's rows, and how many a Spark bears that has nowhere to write them down between. */
  readonly chain?: { readonly param: string; readonly most: number };
  /** Spark's class of it for a task. */
  className(task: SparkTask): string;
  /** Checked parameters as Spark's. */
  spelled(params: Readonly<Record<string, unknown>>, facts: TrainingFacts): MlParams;
}

/** An algorithm whose parameters have the types of its schema. */
function algorithm<S extends z.ZodObject>(
  definition: Omit<SparkAlgorithm, "params" | "spelled"> & {
    readonly params: S;
    spelled(params: z.infer<S>, facts: TrainingFacts): MlParams;
  },
): SparkAlgorithm {
  return definition as unknown as SparkAlgorithm;
}

const treeParams = {
  maxDepth: z.int().min(1).max(30).meta({ title: "Depth of a tree at most" }),
  minSamplesLeaf: z.int().min(1).max(2_147_483_647).default(1).meta({ title: "Rows in a leaf, at least" }),
  minImpurityDecrease: z.number().min(0).default(0).meta({ title: "Impurity decrease of a split, at least" }),
  maxBins: z
    .int()
    .min(2)
    .max(100_000)
    .default(32)
    .meta({ title: "Bins of a column", description: "At least one more than a category has levels." }),
};

const maxFeatures = z
  .union([
    z.enum(["all", "sqrt", "log2"]),
    z
      .number()
      .gt(0)
      .refine((many) => many < 1 || Number.isInteger(many), "must be a whole number of columns, or a share below 1"),
  ])
  .optional();

interface TreeParams {
  readonly nEstimators: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly minImpurityDecrease: number;
  readonly maxBins: number;
  readonly maxFeatures?: "all" | "sqrt" | "log2" | number | undefined;
}

function treeSpelled(params: TreeParams, { seed }: TrainingFacts, usual: string): MlParams {
  return {
    maxDepth: ofInteger(params.maxDepth),
    minInstancesPerNode: ofInteger(params.minSamplesLeaf),
    minInfoGain: ofNumber(params.minImpurityDecrease),
    maxBins: ofInteger(params.maxBins),
    featureSubsetStrategy: ofText(String(params.maxFeatures ?? usual)),
    seed: ofLong(seed),
  };
}

const classTree = (name: string) => (task: SparkTask) =>
  task === "classification"
    ? `org.apache.spark.ml.classification.${name}Classifier`
    : `org.apache.spark.ml.regression.${name}Regressor`;

/**
 * Spark minimises the mean loss + regParam ‖w‖², we the sum C Σ loss + ½‖w‖²: regParam = 1 / (C n) is the same, where columns are not scaled
 * before they are penalised.
 */
const logisticRegression = algorithm({
  tasks: ["classification"],
  categories: "one hot",
  params: z.strictObject({
    penalty: z.enum(["l2", "l1", "elasticnet", "none"]).default("l2").meta({ title: "Penalty" }),
    c: z.number().gt(0).default(1).meta({ title: "Inverse penalty C", description: "Smaller means a stronger penalty." }),
    l1Ratio: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .meta({ title: "Share of L1", description: "Counts for the penalty elasticnet." }),
    fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
    maxIter: z.int().min(1).max(1_000_000).default(200).meta({ title: "Steps at most" }),
    tol: z
      .number()
      .min(0)
      .default(1e-6)
      .meta({ title: "Tolerance", description: "Stops when a step lowers the loss by a smaller share." }),
  }),
  className: () => "org.apache.spark.ml.classification.LogisticRegression",
  spelled: ({ penalty, c, l1Ratio, fitIntercept, maxIter, tol }, { rows }) => ({
    regParam: ofNumber(penalty === "none" ? 0 : 1 / (c * rows)),
    elasticNetParam: ofNumber({ l2: 0, l1: 1, elasticnet: l1Ratio, none: 0 }[penalty]),
    standardization: ofFlag(false),
    fitIntercept: ofFlag(fitIntercept),
    maxIter: ofInteger(maxIter),
    tol: ofNumber(tol),
  }),
});

const randomForest = algorithm({
  tasks: ["classification", "regression"],
  categories: "index",
  params: z.strictObject({
    nEstimators: z.int().min(1).max(100_000).default(100).meta({ title: "Trees" }),
    ...treeParams,
    maxDepth: treeParams.maxDepth.default(10),
    criterion: z.enum(["gini", "entropy"]).default("gini").meta({ title: "Criterion", description: "Of classification." }),
    maxFeatures: maxFeatures.meta({
      title: "Columns tried at a split",
      description: "all, sqrt, log2, a share or a number; default sqrt, for regression all.",
    }),
    bootstrap: z.boolean().default(true).meta({ title: "Draw rows for each tree" }),
    maxSamples: z.number().gt(0).max(1).default(1).meta({ title: "Share of the rows drawn for a tree" }),
  }),
  className: classTree("RandomForest"),
  spelled(forest, facts) {
    const isClasses = facts.task === "classification";
    return {
      ...treeSpelled(forest, facts, isClasses ? "sqrt" : "all"),
      numTrees: ofInteger(forest.nEstimators),
      bootstrap: ofFlag(forest.bootstrap),
      subsamplingRate: ofNumber(forest.maxSamples),
      ...(isClasses ? { impurity: ofText(forest.criterion) } : {}),
    };
  },
});

const gradientBoosting = algorithm({
  tasks: ["classification", "regression"],
  classesMost: 2,
  chain: { param: "nEstimators", most: 100 }, // 200 overflow the scheduler's stack, and end the server
  categories: "index",
  params: z.strictObject({
    nEstimators: z.int().min(1).max(100_000).default(100).meta({ title: "Stages" }),
    learningRate: z.number().gt(0).max(1).default(0.1).meta({ title: "Learning rate" }),
    ...treeParams,
    maxDepth: treeParams.maxDepth.default(3),
    maxFeatures: maxFeatures.meta({
      title: "Columns tried at a split",
      description: "all, sqrt, log2, a share or a number; default all.",
    }),
    subsample: z.number().gt(0).max(1).default(1).meta({ title: "Share of the rows drawn for a stage" }),
  }),
  className: classTree("GBT"),
  spelled: (boosting, facts) => ({
    ...treeSpelled(boosting, facts, "all"),
    maxIter: ofInteger(boosting.nEstimators),
    stepSize: ofNumber(boosting.learningRate),
    subsamplingRate: ofNumber(boosting.subsample),
  }),
});

const als = algorithm({
  tasks: ["recommendation"],
  chain: { param: "iterations", most: 10 }, // 20 overflow the scheduler's stack, and end the server
  categories: "index",
  params: z.strictObject({
    factors: z.int().min(1).max(1024).default(10).meta({ title: "Factors", description: "Length of the vectors." }),
    regularization: z
      .number()
      .min(0)
      .default(0.1)
      .meta({ title: "L2 penalty λ", description: "Times the number of a user's or an item's ratings." }),
    iterations: z.int().min(1).max(1000).default(10).meta({ title: "Iterations" }),
    implicit: z
      .boolean()
      .default(false)
      .meta({ title: "Implicit", description: "The target counts what was done, instead of rating it." }),
    alpha: z.number().min(0).default(1).meta({ title: "Confidence α", description: "Of implicit." }),
    nonnegative: z.boolean().default(false).meta({ title: "No negative factors" }),
  }),
  className: () => "org.apache.spark.ml.recommendation.ALS",
  spelled: ({ factors, regularization, iterations, implicit, alpha, nonnegative }, { seed }) => ({
    rank: ofInteger(factors),
    regParam: ofNumber(regularization),
    maxIter: ofInteger(iterations),
    implicitPrefs: ofFlag(implicit),
    alpha: ofNumber(alpha),
    nonnegative: ofFlag(nonnegative),
    seed: ofLong(seed),
  }),
});

const kMeans = algorithm({
  tasks: ["clustering"],
  categories: "one hot",
  params: z.strictObject({
    nClusters: z.int().min(2).max(100_000).default(8).meta({ title: "Clusters" }),
    init: z
      .enum(["k-means++", "random"])
      .default("k-means++")
      .meta({ title: "Start", description: "k-means++ is drawn in parallel, as k-means‖." }),
    maxIter: z.int().min(1).max(100_000).default(300).meta({ title: "Steps at most" }),
    tol: z.number().min(0).default(1e-4).meta({ title: "Tolerance", description: "Stops when no centre moves farther." }),
  }),
  className: () => "org.apache.spark.ml.clustering.KMeans",
  spelled: ({ nClusters, init, maxIter, tol }, { seed }) => ({
    k: ofInteger(nClusters),
    initMode: ofText(init === "random" ? "random" : "k-means||"),
    maxIter: ofInteger(maxIter),
    tol: ofNumber(tol),
    seed: ofLong(seed),
  }),
});

/** The algorithms by name. Source: the guide of MLlib, Spark 4. */
export const sparkAlgorithms = {
  logistic_regression: logisticRegression,
  random_forest: randomForest,
  gradient_boosting: gradientBoosting,
  als,
  k_means: kMeans,
} as const satisfies Readonly<Record<string, SparkAlgorithm>>;

/** A name of an algorithm that Spark fits. */
export type SparkAlgorithmName = keyof typeof sparkAlgorithms;

/** What people also call them. */
export const otherNames: Readonly<Record<string, SparkAlgorithmName>> = {
  logistic: "logistic_regression",
  boosted_trees: "gradient_boosting",
  gbt: "gradient_boosting",
  kmeans: "k_means",
};
