import type { ClassifierModel, Matrix } from "assay";

/** What a model says of each row beside its prediction, as plain data by name. */
type ModelOutputs = (model: ClassifierModel, rows: Matrix) => readonly Readonly<Record<string, unknown>>[];

const outputs = new Map<string, ModelOutputs>();

/** Has the models of one algorithm answer more than a prediction; called once where the algorithm is defined. */
export function defineModelOutputs(algorithm: string, of: ModelOutputs): void {
  outputs.set(algorithm, of);
}

/** All that a model says of rows, where its algorithm says more than a prediction. */
export function outputsOf(model: ClassifierModel, rows: Matrix): Record<string, unknown>[] | undefined {
  return outputs
    .get(model.name)?.(model, rows)
    .map((row) => ({ ...row }));
}
