import type { Classifier, Regressor, Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { isSpec } from "../base/registry.ts";
import { algorithmByName, algorithms, estimatorByName, type PredictTask } from "../estimators.ts";
import type { AlgorithmName } from "./algorithm-names.ts";

/**
 * What is compared: "fast" (what is ready in seconds on tables of usual size), "all" (every algorithm of the task once: no presets, nothing
 * that is made of others), or a list of algorithms by name and of estimators.
 */
export type ModelChoice = "fast" | "all" | readonly (AlgorithmName | Spec)[];

/** A model to be compared. */
export interface Candidate {
  /** Its name on the board: the preset's or the algorithm's, numbered where there are several. */
  readonly name: string;
  readonly estimator: Classifier | Regressor;
  /** The preset that it was named by. */
  readonly preset: string | null;
}

/** Cheap fits first: what they reach is known when the time is up. */
const byCost = [
  "dummy",
  "gaussian_nb",
  "bernoulli_nb",
  "multinomial_nb",
  "complement_nb",
  "linear_regression",
  "ridge",
  "lasso",
  "elastic_net",
  "logistic_regression",
  "decision_tree",
  "polynomial_regression",
  "hist_gradient_boosting",
  "extra_trees",
  "random_forest",
  "decision_tree_chaid",
  "decision_tree_c45",
  "linear_svm",
  "knn",
  "adaboost",
  "gradient_boosting",
  "neural_network",
  "svm",
];

const fast = {
  classification: ["gaussian_nb", "logistic_regression", "decision_tree", "extra_trees", "hist_gradient_boosting"],
  regression: ["ridge", "decision_tree", "extra_trees", "hist_gradient_boosting"],
} as const;

/** The dummy, then each model once, cheap ones first. Throws ParamsError for an unknown name, or an estimator of another task. */
export function candidatesOf(models: ModelChoice, task: PredictTask): readonly Candidate[] {
  const chosen = models === "fast" ? fast[task] : models === "all" ? allOf(task) : models;
  if (!Array.isArray(chosen))
    throw new ParamsError(
      `compareModels: models must be "fast", "all" or a list of names and estimators, got ${JSON.stringify(models)}`,
    );
  const named = (chosen as readonly (string | Spec)[]).map((model) =>
    typeof model === "string" ? algorithmByName(model).name : model,
  );
  const found = [...new Set<string | Spec>(["dummy", ...named])].map((model) => candidateOf(model, task));
  const cost = ({ estimator }: Candidate): number =>
    (byCost.indexOf(nameOf(estimator)) + byCost.length + 1) % (byCost.length + 1);
  return numbered(found.toSorted((a, b) => cost(a) - cost(b)));
}

/** Name of an algorithm: of a pipeline, its last step's. */
export function nameOf(spec: Spec): string {
  return spec.name === "pipeline" ? nameOf((spec.params["steps"] as readonly Spec[]).at(-1)!) : spec.name;
}

function allOf(task: PredictTask): readonly string[] {
  return algorithms
    .filter(({ factories, isPreset, isComposite, isMade }) => factories[task] && !isPreset && !isComposite && !isMade)
    .map(({ name }) => name);
}

function candidateOf(model: string | Spec, task: PredictTask): Candidate {
  if (typeof model === "string")
    return { name: model, estimator: estimatorByName(model, task), preset: algorithmByName(model).isPreset ? model : null };
  if (!isSpec(model)) throw new ParamsError(`compareModels: models must be names or estimators, got ${JSON.stringify(model)}`);
  if (model.task !== task)
    throw new ParamsError(`compareModels: ${model.name} is a ${model.task} estimator, the task is ${task}`);
  return { name: nameOf(model), estimator: estimatorFromSpec<Classifier | Regressor>(model), preset: null };
}

/** Labels made different: "random_forest 2" for the second. */
function numbered(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Map<string, number>();
  return candidates.map((candidate) => {
    const count = (seen.get(candidate.name) ?? 0) + 1;
    seen.set(candidate.name, count);
    return count === 1 ? candidate : { ...candidate, name: `${candidate.name} ${count}` };
  });
}
