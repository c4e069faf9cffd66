import type { MlValue } from "../engine/spark/index.ts";
import type { SparkAlgorithmName } from "./algorithms.ts";
import type { Figures } from "./judge.ts";
import type { Learnt } from "./model-record.ts";
import type { FittedPipeline } from "./pipeline.ts";
import type { PreparedRows } from "./prepare-rows.ts";
import type { Workspace } from "./workspace.ts";

/** What a model says of itself. */
interface ModelFacts {
  readonly learnt: Learnt;
  /** The loss that was minimised, step by step, where the algorithm tells it. */
  readonly losses: readonly number[];
  /** Figures of the training that the model alone knows. */
  readonly figures: Figures;
}

/** Asks a model what it has learnt: weights, importances, centres; a few kilobytes a thousand columns. */
export async function learntBy(
  work: Workspace,
  algorithm: SparkAlgorithmName,
  { model, features }: FittedPipeline,
  { classes }: PreparedRows,
): Promise<ModelFacts> {
  const ask = (...methods: readonly string[]): Promise<MlValue> => work.ml.ask(model, ...methods);
  const known = { features: [...features], ...(classes ? { classes: [...classes] } : {}) };
  switch (algorithm) {
    case "logistic_regression":
      return {
        learnt: {
          ...known,
          coefficients: (await ask("coefficientMatrix")) as number[][],
          intercepts: (await ask("interceptVector")) as number[],
        },
        losses: (await ask("summary", "objectiveHistory")) as number[],
        figures: {},
      };
    case "random_forest":
    case "gradient_boosting":
      return { learnt: { ...known, importances: (await ask("featureImportances")) as number[] }, losses: [], figures: {} };
    case "k_means":
      return {
        learnt: {
          ...known,
          centers: (await ask("clusterCenterMatrix")) as number[][],
          sizes: (await ask("summary", "clusterSizes")) as number[],
        },
        losses: [],
        figures: { inertia: (await ask("summary", "trainingCost")) as number },
      };
    case "als":
      return { learnt: known, losses: [], figures: {} };
  }
}
