import type { TableLike } from "../../base/columns.ts";
import type { FitContext, Fitted, MatrixInput, Spec } from "../../base/contract.ts";
import { DataError, ParamsError, StoreError } from "../../base/errors.ts";
import { classifier, regressor } from "../../base/estimator.ts";
import { definitionOf } from "../../base/registry.ts";
import { mostProbable, transformSync } from "../../base/run.ts";
import { type Matrix, sharedFloat64 } from "../../numeric/matrix.ts";
import { chooseBackend, openTensorFlow } from "../tensorflow/backend.ts";
import { answerTfjs } from "../tfjs/tfjs-answers.ts";
import type { TfjsState } from "../tfjs/tfjs-contract.ts";
import { keptWeights, layWeights } from "./flat-weights.ts";
import { buildGraph, type Graph } from "./graph.ts";
import { holdRows } from "./held-rows.ts";
import { checkInputs, checkOutputs, checkWeights } from "./network-check.ts";
import type {
  NetworkInputState,
  NetworkOutputState,
  NetworkParts,
  NetworkState,
  NeuralNetwork,
  OutputPrediction,
} from "./network-contract.ts";
import { networkTargets, readNetworkFit, readNetworkRows } from "./network-inputs.ts";
import { type NetworkInput, type NetworkParams, networkParams, type Output } from "./network-params.ts";
import { checkCodes, placeInputs, scalesOf } from "./network-rows.ts";
import { outputsOf, readTargets, unscaler } from "./network-targets.ts";
import { eachChunk } from "./pass-rows.ts";
import { trainNetwork } from "./train-network.ts";

const common = {
  name: "network",
  params: networkParams,
  check,
  readFit: readNetworkFit,
  readRows: readNetworkRows,
  targets: networkTargets,
};

/**
 * A network whose answer is a class: `neuralNetwork` with classes as its first output, or by itself with one output, the target. Trains on
 * TensorFlow.js: results are the same bits for a seed on WASM, and vary in the last digits on the native backend. Cost: in each epoch one pass of
 * every row through the layers, there and back.
 */
export const networkClassifier = classifier({
  ...common,
  fit: (x, y, params: NetworkParams, context): NetworkState => learn(x, y, params, context, "classification"),
  predictProba: (x, state: NetworkState, params): Matrix => answer(x, state, params)[0]!.probabilities!,
});

/** A network whose answer is a number: as `networkClassifier`, with a number as its first output. Cost as the classifier's. */
export const networkRegressor = regressor({
  ...common,
  fit: (x, y, params: NetworkParams, context): NetworkState => learn(x, y, params, context, "regression"),
  predict: (x, state: NetworkState, params): Float64Array => answer(x, state, params)[0]!.values!,
});

/**
 * A neural network of named inputs, layers as plain data, and named outputs, each with its task, loss and weight; the first output is the model's answer.
 * Every input without channels and every number that is predicted is scaled inside. Minimises Σ weight · loss + α/2 ‖W‖² on batches. `fit` takes a table, or
 * matrices and targets by name; `validation` keeps rows back, whole groups where rows have groups, and the weights of the best epoch on them. Goes on from a
 * snapshot of an epoch; `warmStart` begins with a fitted network's weights and scales. Progress reports the figures of each epoch. Throws ParamsError or ShapeError for layers that do not fit, DataError where the
 * loss diverges. O(n · multiplications of a row) an epoch.
 *
 * @example
 * const network = ml.neuralNetwork({
 *   inputs: { curve: { shape: [2001, 1] }, star: { columns: ["steff", "srad"] } },
 *   layers: [
 *     { kind: "conv1d", filters: 16, kernelSize: 7, activation: "relu", from: "curve" },
 *     { kind: "maxPooling1d", poolSize: 4 },
 *     { kind: "flatten", name: "shape" },
 *     { kind: "concatenate", from: ["shape", "star"] },
 *     { kind: "dense", units: 64, activation: "relu" },
 *   ],
 *   outputs: { label: { task: "classification" }, period: { task: "regression", scale: "log10", loss: "huber", weight: 0.3 } },
 *   epochs: 20,
 * });
 * const model = await network.fit({ curve, star }, { label, period });
 */
export function neuralNetwork(params: NetworkInput): NeuralNetwork<NetworkParams> {
  const outputs = Array.isArray(params?.outputs) ? params.outputs : Object.values(params?.outputs ?? {});
  const task = (outputs[0] as Output | undefined)?.task;
  if (task === undefined)
    throw new ParamsError(`network: outputs must name one at least, got ${JSON.stringify(params?.outputs ?? null)}`);
  return (task === "regression" ? networkRegressor : networkClassifier)(params) as unknown as NeuralNetwork<NetworkParams>;
}

/**
 * What every output of a network predicts, by its name: labels and probabilities, or numbers in the target's own units. Takes a network, a model of
 * `fromTfjs`, or a pipeline that ends in one. Throws DataError for another model, and what `predict` throws.
 */
export function networkOutputs(model: Fitted, data: NetworkParts | TableLike | MatrixInput): Record<string, OutputPrediction> {
  const steps = model?.name === "pipeline" ? (model.state as { readonly steps: readonly Fitted[] }).steps : [model];
  const last = steps.at(-1)!;
  if (last?.name !== "network" && last?.name !== "tfjs")
    throw new DataError(`networkOutputs: needs a model of network or of fromTfjs, got ${last?.name}`);
  const rows = readNetworkRows(`${last.name}.networkOutputs`, model, data);
  const x = steps.slice(0, -1).reduce((at, step) => transformSync(step, at), rows);
  const state = last.state as NetworkState;
  const params = last.params as unknown as NetworkParams;
  const answers = last.name === "tfjs" ? answerTfjs(x, last.state as TfjsState, params.backend) : answer(x, state, params);
  return Object.fromEntries(
    state.outputs.map((output, k) => [output.name, withLabels(output, answers[k]!, k === 0 ? model : undefined)]),
  );
}

/** Columns that a specification predicts, the first being `target`: several for networks of several outputs, and pipelines that end in one. */
export function targetColumns(spec: Spec, target: string): string[] {
  return (
    definitionOf(spec)
      .targets?.(spec, target)
      ?.map(({ column }) => column) ?? [target]
  );
}

function withLabels({ task, classes }: NetworkOutputState, given: OutputPrediction, first: Fitted | undefined): OutputPrediction {
  if (task === "regression") return given;
  const labels = first?.classes ?? classes!;
  const probabilities = { ...given.probabilities!, names: labels.map(String) };
  return { labels: Array.from(mostProbable(probabilities), (code) => labels[code]!), probabilities };
}

function learn(x: Matrix, y: Float64Array, params: NetworkParams, context: FitContext, task: Output["task"]): NetworkState {
  const outputs = outputsOf(params, task);
  const share = params.validation > 0 || !params.earlyStopping ? params.validation : 0.1;
  const codes = task === "classification" ? y : undefined;
  const weighty = Uint32Array.from({ length: x.rows }, (_, i) => i).filter((i) => context.weights?.[i] !== 0);
  const { known, held } = holdRows(weighty, share, params.seed, context.groups, codes);
  const placed = placeInputs(params, x.names!);
  const former = context.warmStart?.state as NetworkState | undefined;
  const { targets, states } = readTargets(outputs, y, context, known, former?.outputs);
  const graph = graphOf(params, placed, states);
  const begin = former && keptWeights(graph, former.weights);
  if (former && !begin)
    throw new ParamsError("network.fit: warmStart must be a network of the same layers, got weights of other shapes");
  const { tf, backend } = openTensorFlow(params.backend);
  const nothing = { center: new Float64Array(0), spread: new Float64Array(0) };
  const inputs = placed.map(({ name, shape, places, isScaled }, k) => ({
    name,
    shape,
    places,
    ...(isScaled ? (former ? scaleOf(former.inputs[k]!) : scalesOf(x, known, places)) : nothing),
  }));
  checkCodes(x, graph, inputs);
  const lesson = { tf, backend, graph, inputs, targets, x, weights: context.weights, known, held, begin };
  const { weights, history, bestEpoch, stopped } = trainNetwork(lesson, params, context);
  const { views } = layWeights(graph, weights);
  return {
    backend,
    inputs,
    outputs: states,
    weights: graph.weights.map(({ name, shape }, k) => ({ name, shape, values: views[k]!.slice() })),
    history,
    bestEpoch,
    stopped,
  };
}

/** The scales that the weights to go on from were learnt with. */
function scaleOf({ center, spread, name }: NetworkInputState): Pick<NetworkInputState, "center" | "spread"> {
  if (center.length === 0)
    throw new ParamsError(`network.fit: warmStart must have scaled the input "${name}" as this network does`);
  return { center, spread };
}

function graphOf(
  params: NetworkParams,
  inputs: Graph["inputs"],
  outputs: readonly Pick<NetworkOutputState, "name" | "units">[],
): Graph {
  const heads = outputs.map(({ name, units }, k) => ({ name, units, from: params.outputs[k]?.from }));
  return buildGraph(inputs, params.layers, heads);
}

/** What each output predicts for every row. */
function answer(x: Matrix, state: NetworkState, params: NetworkParams): OutputPrediction[] {
  const { outputs, inputs } = state;
  const graph = graphOf(params, inputs, outputs);
  const flat = keptWeights(graph, state.weights);
  if (!flat) throw new StoreError("loadModel: network's weights must have the shapes of its layers");
  checkCodes(x, graph, inputs);
  const isLacking = params.backend === "native" && chooseBackend() !== "native";
  const { tf } = openTensorFlow(isLacking ? "auto" : params.backend);
  const all = Uint32Array.from({ length: x.rows }, (_, i) => i);
  const made = outputs.map(({ units }) => sharedFloat64(x.rows * units));
  eachChunk({ tf, graph, inputs, x }, flat, all, (rows, sums, stride) => {
    let at = 0;
    for (const [k, output] of outputs.entries()) {
      for (const [i, row] of rows.entries()) write(output, sums, i * stride + at, made[k]!, row * output.units);
      at += output.units;
    }
  });
  return outputs.map(({ task, units }, k) =>
    task === "regression" ? { values: made[k]! } : { probabilities: { rows: x.rows, columns: units, data: made[k]! } },
  );
}

/** A head's sums as probabilities, or as a number in its own units. */
function write(output: NetworkOutputState, sums: Float32Array, from: number, out: Float64Array, to: number): void {
  if (output.task === "regression") {
    out[to] = unscaler(output)(sums[from]!);
    return;
  }
  let top = -Infinity;
  for (let k = 0; k < output.units; k++) top = Math.max(top, sums[from + k]!);
  let total = 0;
  for (let k = 0; k < output.units; k++) total += Math.exp(sums[from + k]! - top);
  for (let k = 0; k < output.units; k++) out[to + k] = Math.exp(sums[from + k]! - top) / total;
}

/** Throws StoreError for a state that cannot be a network of so many columns. */
function check({ inputs, outputs, weights }: NetworkState, columns: number, classes?: number): void {
  checkInputs("network", inputs, columns);
  checkOutputs("network", outputs, classes);
  checkWeights("network", weights);
}
