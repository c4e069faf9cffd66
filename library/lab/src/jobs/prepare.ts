import * as ml from "assay";
import type { TrainRequest } from "../contract/training.ts";

type Predictor = ml.Classifier | ml.Regressor;

/** What a training asks to be put before its estimator; undefined for nothing. Throws ParamsError where it asks for steps and for none. */
export function stepsAsked(
  { preprocessing, scaling_method: scaler, feature_selection: selection, random_seed: seed }: TrainRequest,
  task: ml.PredictTask,
): ml.AutoPreprocessOptions | undefined {
  if (preprocessing === "none") {
    for (const [field, given] of Object.entries({ scaling_method: scaler, feature_selection: selection }))
      if (given !== undefined && given !== "none")
        throw Object.assign(new ml.ParamsError(`train: ${field} needs preprocessing "auto", got "none"`), { field });
    return undefined;
  }
  const nFeatures = selection?.n_features;
  return {
    ...(scaler && { scaler }),
    ...(selection && {
      selector: ml.featureSelector(selection.method, task, { seed, ...(nFeatures !== undefined && { nFeatures }) }),
    }),
  };
}

/** Throws ParamsError where more columns are asked for than there are; categories become several columns each, so that with one nobody knows yet. */
export function checkSelection({ feature_selection: selection }: TrainRequest, kinds: readonly string[]): void {
  const wanted = selection?.n_features ?? 0;
  if (wanted <= kinds.length || kinds.includes("category")) return;
  const field = "feature_selection.n_features";
  throw Object.assign(
    new ml.ParamsError(`train: ${field} must be at most the number of features, ${kinds.length}, got ${wanted}`),
    { field, value: wanted },
  );
}

/** The estimator behind what its training asks for, learnt from the training rows alone. */
export function prepared<E extends Predictor>(
  estimator: E,
  request: TrainRequest,
  task: ml.PredictTask,
  table: ml.Table,
  features: readonly string[],
): E {
  const steps = stepsAsked(request, task);
  return steps ? ml.autoPreprocess(estimator, table, features, steps) : estimator;
}

/** What each algorithm calls the rounds without gain that end it; a preset of another library says by them alone that it stops early. */
const patienceNames = ["patience", "n_iter_no_change"];
const roundNames = ["early_stopping_round", "early_stopping_rounds"];
const usualRounds = 10;

/** Hyperparameters with what `early_stopping` and `early_stopping_patience` say, in the algorithm's own words. Throws ParamsError for one that cannot. */
export function withStopping(request: TrainRequest, task: ml.PredictTask): Readonly<Record<string, unknown>> {
  const { algorithm, hyperparameters, early_stopping_patience: patience } = request;
  const stops = request.early_stopping ?? (patience === undefined ? undefined : true);
  if (stops === undefined) return hyperparameters;
  const { properties } = ml.hyperparameterSchema(algorithm, task) as { properties: object };
  const known = (name: string): boolean => name in properties;
  const rounds = roundNames.find(known);
  if (rounds) return { [rounds]: stops ? (patience ?? usualRounds) : 0, ...hyperparameters };
  const waits = patienceNames.find(known);
  if (known("early_stopping") && waits)
    return { early_stopping: stops, ...(patience !== undefined && { [waits]: patience }), ...hyperparameters };
  if (!stops) return hyperparameters;
  const field = request.early_stopping === undefined ? "early_stopping_patience" : "early_stopping";
  throw Object.assign(new ml.ParamsError(`train: ${algorithm} cannot stop early: leave ${field} out`), { field });
}
