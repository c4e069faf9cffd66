import { z } from "zod";
import { ParamsError, StoreError } from "../../base/errors.ts";
import { classifier, regressor } from "../../base/estimator.ts";
import { once } from "../../base/once.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { checkInputs, checkWeights } from "../graph/network-check.ts";
import { readNetworkRows } from "../graph/network-inputs.ts";
import { sizeOf } from "../graph/row-shape.ts";
import { answerTfjs } from "./tfjs-answers.ts";
import type { TfjsState } from "./tfjs-contract.ts";

const size = () => z.int().min(1).max(100_000_000);

/** Parameters of a wrapped model: what its inputs are called. */
const tfjsParams = once(() =>
  z.strictObject({
    inputs: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200),
          columns: z.array(z.string()).min(1).optional(),
          shape: z.array(size()).min(1).max(6).optional(),
        }),
      )
      .max(64)
      .default([])
      .meta({ title: "Inputs" }),
    backend: z.enum(["auto", "native", "wasm", "cpu"]).default("auto").meta({ title: "Backend" }),
  }),
);

/** Parameters of a wrapped model. */
export type TfjsParams = z.output<ReturnType<typeof tfjsParams>>;

const common = { name: "tfjs", params: tfjsParams, fit: refuse, check, readFit: refuse, readRows: readNetworkRows };

/** A model of TensorFlow.js whose answer is a class; made by `fromTfjs` alone. */
export const tfjsClassifier = classifier({
  ...common,
  predictProba: (x, state: TfjsState, { backend }: TfjsParams): Matrix => answerTfjs(x, state, backend)[0]!.probabilities!,
});

/** A model of TensorFlow.js whose answer is a number; made by `fromTfjs` alone. */
export const tfjsRegressor = regressor({
  ...common,
  predict: (x, state: TfjsState, { backend }: TfjsParams): Float64Array => answerTfjs(x, state, backend)[0]!.values!,
});

function refuse(): never {
  throw new ParamsError(
    "tfjs.fit: a wrapped model is trained by TensorFlow.js; networks to fit here are described by neuralNetwork",
  );
}

const kinds = ["Functional", "Model", "Sequential"];

/** Throws StoreError for a state that cannot be a wrapped model of so many columns. */
function check({ kind, topology, weights, inputs, outputs }: TfjsState, columns: number, classes?: number): void {
  const fail = (what: string): never => {
    throw new StoreError(`loadModel: tfjs' ${what}`);
  };
  if (!kinds.includes(kind) || typeof topology !== "string" || topology.length > 16 << 20)
    fail("layers must be a text of at most 16 MB, of a model of TensorFlow.js");
  checkInputs("tfjs", inputs, columns);
  checkWeights("tfjs", weights);
  const isKnown = Array.isArray(outputs) && outputs.length > 0 && outputs.every(isOutput);
  if (!isKnown || (classes && outputs[0]!.units !== classes)) fail("outputs must have a unit for each class");
  checkSizes(
    topology,
    weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    columns,
    fail,
  );
}

function isOutput({ task, units, width, classes, places }: TfjsState["outputs"][number]): boolean {
  if (task === "regression") return units === 1 && width === 1;
  const isPlaced =
    places instanceof Int32Array && places.length === units && places.every((place) => place >= 0 && place < units);
  const isSized = width === units || (width === 1 && units === 2);
  return task === "classification" && Array.isArray(classes) && classes.length === units && isPlaced && isSized;
}

/** No number in the layers may be larger than what weights and inputs can be the cause of: memory is laid out by them. */
function checkSizes(topology: string, weights: number, columns: number, fail: (what: string) => never): void {
  const most = Math.max(weights, columns, 100_000);
  try {
    JSON.parse(topology, (key, value: unknown) =>
      typeof value === "number" && Math.abs(value) > most && !/seed|value|threshold/i.test(key)
        ? fail(`layers must have sizes of at most ${most}, got ${key} ${value}`)
        : value,
    );
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError("loadModel: tfjs' layers must be JSON", { cause: error });
  }
}
