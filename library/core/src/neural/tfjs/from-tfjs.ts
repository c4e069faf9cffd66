import type { Fitted, Label } from "../../base/contract.ts";
import { DataError, ParamsError, ShapeError } from "../../base/errors.ts";
import { modelOf } from "../../base/model.ts";
import { definitionOf } from "../../base/registry.ts";
import { readTarget } from "../../base/targets.ts";
import type { NetworkInputState, NetworkModel, NetworkWeight } from "../graph/network-contract.ts";
import { partColumn } from "../graph/network-rows.ts";
import { sizeOf } from "../graph/row-shape.ts";
import { openLayers, openTensorFlow } from "../tensorflow/backend.ts";
import { buildTfjs, withoutStart } from "./tfjs-answers.ts";
import type {
  TfjsFiles,
  TfjsModel,
  TfjsOptions,
  TfjsOutput,
  TfjsOutputState,
  TfjsPlace,
  TfjsState,
  TfjsTensor,
} from "./tfjs-contract.ts";
import { type TfjsParams, tfjsClassifier, tfjsRegressor } from "./tfjs-estimators.ts";

/** A model of TensorFlow.js in Assay's shape: predicts, evaluates, saves and registers as every model does. */
export type WrappedTfjs = Pick<NetworkModel<TfjsParams>, "predict" | "predictProba"> & Fitted<TfjsState>;

/**
 * Wraps a trained model of TensorFlow.js's Layers: its layers and weights are copied as plain data, so that it is saved by `saveModel`, answers the same in a
 * new process, and is evaluated, registered and served as every model. Takes a `LayersModel` of any copy of TensorFlow.js, or the parts of its files. Rows come as
 * a matrix, a table or, for several inputs, by the names of the inputs; an input of several axes is laid out row-major. `networkOutputs` gives all outputs. Throws
 * ParamsError for names and tasks that do not fit the model, ShapeError for sizes that are not known, DataError for what is no model. O(weights).
 *
 * @example
 * const net = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: "softmax", inputShape: [4] })] });
 * const model = await ml.fromTfjs(net, {
 *   inputs: [{ columns: ["sepal_length", "sepal_width", "petal_length", "petal_width"] }],
 *   outputs: [{ task: "classification", classes: ["setosa", "versicolor", "virginica"] }],
 * });
 * ml.evaluate(model, flowers, { target: "species" });
 */
export async function fromTfjs(source: TfjsModel | TfjsFiles, options: TfjsOptions): Promise<WrappedTfjs> {
  const model = await modelFrom(source);
  const { inputs, columns } = readInputs(model, options);
  const outputs = readOutputs(model, options);
  const state: TfjsState = {
    kind: model.getClassName(),
    topology: JSON.stringify(model.getConfig()),
    weights: model.getWeights().map(weightOf),
    inputs,
    outputs,
  };
  const named = inputs.map(({ name, shape }, k) => {
    const own = options.inputs?.[k]?.columns;
    return { name, shape: [...shape], ...(own && { columns: [...own] }) };
  });
  const spec = { inputs: named, backend: options.backend ?? "auto" } as const;
  const { task, name, params } = outputs[0]!.task === "classification" ? tfjsClassifier(spec) : tfjsRegressor(spec);
  const fitted = {
    task,
    name,
    params,
    columns: columns.map((column) => ({ name: column })),
    classes: outputs[0]!.classes ?? undefined,
    state,
  };
  const { check } = definitionOf(fitted) as { readonly check: (state: TfjsState, columns: number, classes?: number) => void };
  check(state, columns.length, fitted.classes?.length);
  proveWhole(state, spec.backend);
  return modelOf(definitionOf(fitted), fitted) as unknown as WrappedTfjs;
}

/** The model itself, or one built from its files. */
async function modelFrom(source: TfjsModel | TfjsFiles): Promise<TfjsModel> {
  if (typeof (source as TfjsModel | undefined)?.getConfig === "function" && "inputs" in source) return source as TfjsModel;
  const files = source as TfjsFiles | undefined;
  if (typeof files?.modelTopology !== "object" || !files.weightData)
    throw new DataError(
      "fromTfjs: needs a LayersModel of TensorFlow.js, or { modelTopology, weightSpecs, weightData }; a GraphModel has no layers to copy",
    );
  const open = openTensorFlow("auto");
  try {
    const modelTopology = withoutStart(JSON.stringify(files.modelTopology), "class_name");
    const handler = open.tf.io.fromMemory({ ...files, modelTopology } as never);
    return (await openLayers(open).loadLayersModel(handler)) as unknown as TfjsModel;
  } catch (error) {
    throw new DataError(`fromTfjs: the files must hold a model of TensorFlow.js's layers: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function namesOf(places: readonly TfjsPlace[]): string {
  return places.map(({ sourceLayer }) => sourceLayer.name).join(", ");
}

function weightOf(tensor: TfjsTensor, place: number): NetworkWeight {
  return { name: `weight_${place}`, shape: [...tensor.shape], values: Float32Array.from(tensor.dataSync() as ArrayLike<number>) };
}

function readInputs(model: TfjsModel, { inputs = [] }: TfjsOptions): { inputs: NetworkInputState[]; columns: string[] } {
  if (inputs.length > model.inputs.length)
    throw new ParamsError(
      `fromTfjs: the model has ${model.inputs.length} inputs (${namesOf(model.inputs)}), got ${inputs.length}`,
    );
  const columns: string[] = [];
  const read = model.inputs.map(({ shape: whole }, k) => {
    const name = inputs[k]?.name ?? model.inputs[k]!.sourceLayer.name;
    const shape = whole.slice(1);
    if (shape.length === 0 || shape.some((size) => size === null))
      throw new ShapeError(
        `fromTfjs: input "${name}" must have a known size, got [${shape.map((size) => size ?? "any").join(", ")}]`,
      );
    const values = sizeOf(shape as number[]);
    const own = inputs[k]?.columns ?? Array.from({ length: values }, (_, j) => partColumn(name, j));
    if (own.length !== values) throw new ShapeError(`fromTfjs: input "${name}" must have ${values} columns, got ${own.length}`);
    const places = Int32Array.from(own, (column) => {
      if (!columns.includes(column)) columns.push(column);
      return columns.indexOf(column);
    });
    return { name, shape: shape as number[], places, center: new Float64Array(0), spread: new Float64Array(0) };
  });
  return { inputs: read, columns };
}

function readOutputs(model: TfjsModel, { outputs }: TfjsOptions): TfjsOutputState[] {
  if (outputs?.length !== model.outputs.length)
    throw new ParamsError(`fromTfjs: outputs must say a task for each of ${namesOf(model.outputs)}, got ${outputs?.length ?? 0}`);
  return model.outputs.map(({ shape }, k) => readOutput(outputs[k]!, model.outputs[k]!.sourceLayer.name, shape));
}

function readOutput(output: TfjsOutput, tfjsName: string, shape: readonly (number | null)[]): TfjsOutputState {
  const { task, name = tfjsName } = output;
  const width = shape[1];
  if (shape.length !== 2 || !width)
    throw new ShapeError(
      `fromTfjs: output "${name}" must be a vector for each row, got [${shape
        .slice(1)
        .map((size) => size ?? "any")
        .join(", ")}]`,
    );
  const common = { name, width, center: 0, spread: 1, isLog: false };
  if (task === "regression") {
    if (width !== 1) throw new ShapeError(`fromTfjs: output "${name}" must have one unit for a number, got ${width}`);
    return { ...common, task, units: 1, classes: null, places: new Int32Array(0), isLogits: false };
  }
  if (task !== "classification")
    throw new ParamsError(
      `fromTfjs: output "${name}" must have the task "classification" or "regression", got ${JSON.stringify(task)}`,
    );
  const units = width === 1 ? 2 : width;
  const labels: readonly Label[] = output.classes ?? Array.from({ length: units }, (_, label) => label);
  if (labels.length !== units || new Set(labels).size !== units)
    throw new ParamsError(`fromTfjs: output "${name}" must have ${units} different classes, got ${JSON.stringify(labels)}`);
  const { values, classes } = readTarget("fromTfjs", task, { name, column: { kind: "array", values: labels } });
  const places = new Int32Array(units);
  for (let unit = 0; unit < units; unit++) places[values[unit]!] = unit; // classes are sorted, units as the model has them
  return { ...common, task, units, classes: classes!, places, isLogits: output.logits ?? false };
}

/** Builds the model once from its data: what another process cannot build is refused here. */
function proveWhole(state: TfjsState, wanted: NonNullable<TfjsOptions["backend"]>): void {
  buildTfjs(openTensorFlow(wanted), state).dispose();
}
