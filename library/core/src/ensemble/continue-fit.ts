import type { TableLike } from "../base/columns.ts";
import type {
  ArrayOptions,
  ClassifierModel,
  Fitted,
  Label,
  MatrixInput,
  PredictorModel,
  RegressorModel,
  Spec,
  TableOptions,
} from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { isTable, readFit } from "../base/inputs.ts";
import { modelOf } from "../base/model.ts";
import { fitOnPool } from "../base/pool.ts";
import { definitionOf } from "../base/registry.ts";
import type { GradientBoostingState } from "./gradient-boosting.ts";

/** What a model of gradient boosting may change when its fit goes on. */
export interface ContinueParams {
  /** Stages in total: those that the model has count. */
  readonly nEstimators: number;
  readonly learningRate?: number;
  readonly subsample?: number;
  readonly maxDepth?: number | null;
  readonly nIterNoChange?: number | null;
}

/**
 * A model of gradient boosting with more stages: a warm start. The model stays as it is; the new one begins with its stages. On the same
 * rows, with the same parameters, it is to the bit the model that had so many stages from the beginning, unless rows are held out for
 * early stopping. Throws ParamsError for fewer stages than the model has, DataError for another algorithm, other columns or classes.
 * Oracle: scikit-learn's warm_start.
 *
 * @example
 * const model = await ml.gradientBoostingClassifier({ nEstimators: 50 }).fit(train, { target: "class" });
 * const more = await ml.continueFit(model, { nEstimators: 80 }, train, { target: "class" });
 */
export function continueFit<P, L extends Label>(
  model: ClassifierModel<P, GradientBoostingState, L>,
  params: ContinueParams,
  table: TableLike,
  options: TableOptions,
): Promise<ClassifierModel<P, GradientBoostingState, L>>;
export function continueFit<P>(
  model: RegressorModel<P, GradientBoostingState>,
  params: ContinueParams,
  table: TableLike,
  options: TableOptions,
): Promise<RegressorModel<P, GradientBoostingState>>;
export function continueFit<P, L extends Label>(
  model: ClassifierModel<P, GradientBoostingState, L>,
  params: ContinueParams,
  x: MatrixInput,
  y: ArrayLike<L>,
  options?: ArrayOptions,
): Promise<ClassifierModel<P, GradientBoostingState, L>>;
export function continueFit<P>(
  model: RegressorModel<P, GradientBoostingState>,
  params: ContinueParams,
  x: MatrixInput,
  y: ArrayLike<number>,
  options?: ArrayOptions,
): Promise<RegressorModel<P, GradientBoostingState>>;
export async function continueFit(
  model: PredictorModel,
  params: ContinueParams,
  data: TableLike | MatrixInput,
  second: unknown,
  third?: unknown,
): Promise<Fitted> {
  const { task, name, columns, target, classes } = model;
  if (name !== "gradient_boosting") throw new DataError(`continueFit: needs a model of gradient_boosting, got one of ${name}`);
  const spec = estimatorFromSpec<Spec>({ task, name, params: { ...model.params, ...params } });
  const former = model.state as GradientBoostingState;
  if (params.nEstimators < former.trainScore.length)
    throw new ParamsError(
      `continueFit: nEstimators must be ≥ ${former.trainScore.length}, the stages that the model has, got ${params.nEstimators}`,
    );
  // a table's columns are taken by the model's names
  const named = isTable(data) ? { ...(second as TableOptions), features: columns.map((column) => column.name) } : second;
  const read = readFit(spec, data, named, third);
  const width = "columns" in read.input.x ? read.input.x.columns : read.input.x.names.length;
  if (width !== columns.length)
    throw new DataError(`continueFit: x has ${width} columns but the model was fitted on ${columns.length}`);
  if (classes && (read.classes?.length !== classes.length || !classes.every((label, k) => label === read.classes![k])))
    throw new DataError(
      `continueFit: the classes must be the model's ${classes.join(", ")}, got ${(read.classes ?? []).join(", ")}`,
    );
  const fitted = await fitOnPool({ ...spec, params: { ...spec.params, former } }, read.input, read.options);
  return modelOf(definitionOf(spec), { ...fitted, params: spec.params, columns, target: read.target ?? target, classes });
}
