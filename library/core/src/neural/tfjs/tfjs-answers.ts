import type { Tensor } from "@tensorflow/tfjs-core";
import { DataError, StoreError } from "../../base/errors.ts";
import { type Matrix, sharedFloat64 } from "../../numeric/matrix.ts";
import type { OutputPrediction } from "../graph/network-contract.ts";
import {
  type Backend,
  chooseBackend,
  type Layers,
  type OpenBackend,
  openLayers,
  openTensorFlow,
  type TensorFlow,
} from "../tensorflow/backend.ts";
import type { TfjsOutputState, TfjsState } from "./tfjs-contract.ts";

/** Rows that pass at once. */
const chunk = 256;

/** A model as TensorFlow.js's own class, built from its data. */
type LayersModel = InstanceType<Layers["LayersModel"]>;

let latest: { readonly state: TfjsState; readonly backend: Backend; readonly model: LayersModel } | undefined;

/** What each output predicts for every row. Throws DataError where an output is no probability or the backend lacks a kernel. */
export function answerTfjs(x: Matrix, state: TfjsState, wanted: Backend | "auto"): OutputPrediction[] {
  const isLacking = wanted === "native" && chooseBackend() !== "native";
  const open = openTensorFlow(isLacking ? "auto" : wanted);
  const { tf, backend } = open;
  const model = modelOn(open, state);
  const made = state.outputs.map(({ units }) => sharedFloat64(x.rows * units));
  for (let from = 0; from < x.rows; from += chunk) {
    const count = Math.min(chunk, x.rows - from);
    tf.tidy(() => {
      const answers = predict(model, feed(tf, x, from, count, state), backend);
      for (const [k, output] of state.outputs.entries())
        writeOutput(output, answers[k]!.dataSync() as Float32Array, made[k]!, from, count);
    });
  }
  return state.outputs.map(({ task, units }, k) =>
    task === "regression" ? { values: made[k]! } : { probabilities: { rows: x.rows, columns: units, data: made[k]! } },
  );
}

/** The model of a state; the last one is kept, for predictions come in rows. */
function modelOn(open: OpenBackend, state: TfjsState): LayersModel {
  if (latest?.state === state && latest.backend === open.backend) return latest.model;
  latest?.model.dispose();
  latest = undefined;
  const model = buildTfjs(open, state);
  latest = { state, backend: open.backend, model };
  return model;
}

/** Builds a model and sets its weights. Throws StoreError where topology and weights do not make one. */
export function buildTfjs(open: OpenBackend, { kind, topology, weights }: TfjsState): LayersModel {
  const { tf } = open;
  const layers = openLayers(open);
  const make = kind === "Sequential" ? layers.Sequential : layers.LayersModel;
  // TensorFlow.js marks its own use of the last argument: weights begin at 0, for they are set at once
  const fromConfig = make.fromConfig as (kind: unknown, config: object, own: object, isFast: boolean) => LayersModel;
  try {
    const model = fromConfig.call(make, make, withoutStart(topology, "className"), {}, true);
    const tensors = weights.map(({ values, shape }) => tf.tensor(values, shape as number[]));
    model.setWeights(tensors);
    tf.dispose(tensors);
    return model;
  } catch (error) {
    const { message } = error as Error;
    throw new StoreError(`tfjs: the layers must be TensorFlow.js's own, with weights of their shapes: ${message}`, {
      cause: error,
    });
  }
}

/** A topology whose weights begin at 0: they are set at once, and some beginnings are costly. `kind` is how it spells the class of a part. */
export function withoutStart(topology: string, kind: "className" | "class_name"): object {
  return JSON.parse(topology, (key, value: unknown) => {
    const isStart = /initializer$/i.test(key) && typeof value === "object" && value !== null;
    return isStart ? { [kind]: "Zeros", config: {} } : value;
  });
}

function feed(tf: TensorFlow, x: Matrix, from: number, count: number, { inputs }: TfjsState): Tensor[] {
  return inputs.map(({ shape, places }) => {
    const values = new Float32Array(count * places.length);
    for (let i = 0, to = 0; i < count; i++)
      for (let j = 0; j < places.length; j++) values[to++] = x.data[(from + i) * x.columns + places[j]!]!;
    return tf.tensor(values, [count, ...shape]);
  });
}

function predict(model: LayersModel, fed: readonly Tensor[], backend: Backend): Tensor[] {
  try {
    return [model.predict((fed.length === 1 ? fed[0]! : fed) as Tensor, { batchSize: chunk })].flat();
  } catch (error) {
    const remedy = backend === "wasm" ? `; { backend: "cpu" } has every kernel` : "";
    throw new DataError(`tfjs.predict: TensorFlow.js on ${backend}: ${(error as Error).message}${remedy}`, { cause: error });
  }
}

function writeOutput(output: TfjsOutputState, given: Float32Array, out: Float64Array, from: number, count: number): void {
  const { task, units, width, places } = output;
  const shares = new Float64Array(units);
  for (let i = 0; i < count; i++) {
    const own = given.subarray(i * width, (i + 1) * width);
    const to = (from + i) * units;
    if (task === "regression") {
      out[to] = own[0]!;
      continue;
    }
    if (width === 1) sharePair(output, own[0]!, shares, from + i);
    else shareUnits(output, own, shares, from + i);
    for (let k = 0; k < units; k++) out[to + k] = shares[places[k]!]!;
  }
}

function sharePair({ name, isLogits }: TfjsOutputState, given: number, shares: Float64Array, row: number): void {
  const share = isLogits ? 1 / (1 + Math.exp(-given)) : given;
  if (!(share >= 0 && share <= 1)) throw noShare(name, `between 0 and 1, got ${share}`, row);
  shares[0] = 1 - share;
  shares[1] = share;
}

function shareUnits({ name, isLogits }: TfjsOutputState, given: Float32Array, shares: Float64Array, row: number): void {
  const top = isLogits ? given.reduce((a, b) => Math.max(a, b), -Infinity) : 0;
  let total = 0;
  for (let k = 0; k < given.length; k++) {
    const share = isLogits ? Math.exp(given[k]! - top) : given[k]!;
    if (!(share >= 0)) throw noShare(name, `≥ 0, got ${share}`, row);
    shares[k] = share;
    total += share;
  }
  if (!isLogits && !(Math.abs(total - 1) < 1e-3)) throw noShare(name, `of sum 1, got the sum ${total}`, row);
  for (let k = 0; k < given.length; k++) shares[k]! /= total;
}

function noShare(name: string, what: string, row: number): DataError {
  return new DataError(
    `tfjs.predict: output "${name}" must give probabilities ${what} in row ${row}; say { logits: true } for sums before the softmax`,
  );
}
