import { z } from "zod";
import type { TableLike } from "../base/columns.ts";
import type {
  Classifier,
  FitContext,
  Fitted,
  Ranker,
  Regressor,
  RegressorFactory,
  Spec,
  TableOptions,
  Transformer,
} from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { classifier, ranker, regressor, transformer } from "../base/estimator.ts";
import { type FitInput, isTable, readFit } from "../base/inputs.ts";
import { importancesOf } from "../base/model.ts";
import { suggest } from "../base/near-name.ts";
import { estimatorParam } from "../base/params.ts";
import { definitionOf, type TargetColumn } from "../base/registry.ts";
import { fitSlices, inverseSync, predictSync, probaSync, transformSync, transformTrainingSync } from "../base/run.ts";
import { readTarget } from "../base/targets.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkFitted } from "./fitted-part.ts";

/** The fitted form of a step. */
export type StepState<E> = E extends
  | Regressor<infer _P, infer S>
  | Classifier<infer _P, infer S>
  | Ranker<infer _P, infer S>
  | Transformer<infer _P, infer S>
  ? Fitted<S>
  : never;

/** What a pipeline learns: its steps, fitted. */
export interface PipelineState<T extends readonly Spec[] = readonly Spec[]> {
  readonly steps: { readonly [K in keyof T]: StepState<T[K]> };
}

/** A pipeline's parameters: its steps as specifications. */
export interface PipelineParams {
  readonly steps: readonly Spec[];
}

interface Steps {
  readonly steps: readonly Fitted[];
}

const params = () => z.strictObject({ steps: z.array(estimatorParam()).min(1).meta({ title: "Steps" }) });

function* fit(x: Matrix, y: Float64Array, { steps }: PipelineParams, context: FitContext): Generator<void, Steps> {
  const fitted: Fitted[] = [];
  let at = x;
  for (const [k, step] of steps.entries()) {
    const isLast = k === steps.length - 1;
    const done = yield* fitSlices(step, at, y, context, isLast ? context.snapshots : undefined);
    fitted.push(done);
    if (!isLast) at = transformTrainingSync(done, at, y, context);
  }
  return { steps: fitted };
}

/** The rows as the last step sees them, and that step. */
function before(x: Matrix, { steps }: Steps): [Matrix, Fitted] {
  return [steps.slice(0, -1).reduce((at, step) => transformSync(step, at), x), steps.at(-1)!];
}

function importances({ steps }: Steps) {
  const last = steps.at(-1)!;
  return importancesOf(definitionOf(last), last);
}

function check({ steps }: Steps, columns: number): void {
  if (!Array.isArray(steps) || steps.length === 0) throw new StoreError("pipeline: state must have steps");
  for (const [k, step] of steps.entries()) checkFitted("pipeline", step, k === 0 ? columns : undefined);
}

/** A last step of several targets finds them beside y, and none among the features. */
function readTargets(spec: Spec, data: never, second: unknown, third: unknown): FitInput {
  const table = data as TableLike;
  const options = second as TableOptions;
  const several = isTable(data) ? targetsOf(spec, options?.target) : undefined;
  if (!several) return readFit(spec, data, second, third);
  const columns = several.map(({ column }) => column);
  for (const column of columns)
    if (!table.names.includes(column))
      throw new ParamsError(`pipeline.fit: an output has no column "${column}"${suggest(column, table.names)}`);
  const apart = [...columns, options.weight, options.group, options.time];
  const features = options.features ?? table.names.filter((name) => !apart.includes(name));
  const leaked = columns.find((column) => features.includes(column));
  if (leaked !== undefined) throw new ParamsError(`pipeline.fit: features must not hold the target "${leaked}"`);
  const read = readFit(spec, table, { ...options, target: columns[0]!, features }, undefined);
  const targets = several.map(({ column, task }) =>
    readTarget("pipeline.fit", task, { name: column, column: table.column(column) }),
  );
  return { ...read, input: { ...read.input, targets } };
}

function targetsOf({ params }: Spec, target: string | undefined): readonly TargetColumn[] | undefined {
  const last = (params as unknown as PipelineParams).steps.at(-1)!;
  return definitionOf(last).targets?.(last, target);
}

const common = {
  name: "pipeline",
  params,
  missing: true,
  categories: true,
  fit: fit as never,
  importances,
  check,
  readFit: readTargets,
  targets: targetsOf,
};
const byTask = {
  regression: regressor({ ...common, predict: (x: Matrix, state: Steps) => apply(predictSync, x, state) }),
  ranking: ranker({ ...common, predict: (x: Matrix, state: Steps) => apply(predictSync, x, state) }),
  classification: classifier({
    ...common,
    predict: (x: Matrix, state: Steps) => apply(predictSync, x, state),
    predictProba: (x: Matrix, state: Steps) => apply(probaSync, x, state),
  }),
  transform: transformer({
    ...common,
    transform: (x: Matrix, state: Steps) => apply(transformSync, x, state),
    inverse: (x: Matrix, { steps }: Steps) => steps.reduceRight((at, step) => inverseSync(step, at), x),
    transformTraining: (x: Matrix, y: Float64Array, { steps }: Steps, _params: unknown, context: FitContext) =>
      steps.reduce((at, step) => transformTrainingSync(step, at, y, context), x),
  }),
};

function apply<T>(verb: (fitted: Fitted, x: Matrix) => T, x: Matrix, state: Steps): T {
  const [at, last] = before(x, state);
  return verb(last, at);
}

/**
 * Steps in order: transformers, then an estimator whose kind the pipeline takes. What the transformers learn travels with the model
 * and is applied again at prediction. Oracle: sklearn.pipeline.Pipeline.
 */
export function pipeline<const A extends readonly Transformer[], P, S>(
  ...steps: [...A, Regressor<P, S>]
): Regressor<PipelineParams, PipelineState<[...A, Regressor<P, S>]>>;
export function pipeline<const A extends readonly Transformer[], P, S>(
  ...steps: [...A, Classifier<P, S>]
): Classifier<PipelineParams, PipelineState<[...A, Classifier<P, S>]>>;
export function pipeline<const A extends readonly Transformer[], P, S>(
  ...steps: [...A, Ranker<P, S>]
): Ranker<PipelineParams, PipelineState<[...A, Ranker<P, S>]>>;
export function pipeline<const A extends readonly Transformer[]>(...steps: A): Transformer<PipelineParams, PipelineState<A>>;
export function pipeline(...steps: Spec[]): Spec {
  const task = steps.at(-1)?.task ?? "transform";
  if (task === "recommendation")
    throw new ParamsError(`pipeline: ${steps.at(-1)!.name} takes interactions, not rows; fit it by itself`);
  const make = byTask[task] as unknown as RegressorFactory<PipelineParams, PipelineParams, unknown>;
  return make({ steps });
}
