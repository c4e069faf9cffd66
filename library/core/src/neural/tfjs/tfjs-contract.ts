import type { Label } from "../../base/contract.ts";
import type { NetworkInputState, NetworkOutputState, NetworkWeight } from "../graph/network-contract.ts";

/** As much of a TensorFlow.js tensor as is read. */
export interface TfjsTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number | string>;
}

/** As much of an input or output of a TensorFlow.js model as is read. */
export interface TfjsPlace {
  readonly shape: readonly (number | null)[];
  readonly sourceLayer: { readonly name: string };
}

/** As much of a TensorFlow.js `LayersModel` (or `Sequential`) as is read; it may come from any copy of TensorFlow.js. */
export interface TfjsModel {
  readonly inputs: readonly TfjsPlace[];
  readonly outputs: readonly TfjsPlace[];
  getClassName(): string;
  getConfig(): unknown;
  getWeights(): readonly TfjsTensor[];
}

/** A model as TensorFlow.js saves it: the parts of `model.json`, and the weights behind each other as their list says. */
export interface TfjsFiles {
  readonly modelTopology: object;
  readonly weightSpecs: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
  readonly weightData: ArrayBuffer;
}

/** What an output answers. */
export type TfjsOutput =
  | {
      readonly task: "classification";
      /** Name outward; default the layer's. */
      readonly name?: string;
      /** Labels in the order of the units; default 0, 1, …; two for a single unit, which is the probability of the second. */
      readonly classes?: readonly Label[];
      /** Whether the units are sums before the softmax (or, for a single unit, the logistic function); default false. */
      readonly logits?: boolean;
    }
  | { readonly task: "regression"; readonly name?: string };

/** How a model's inputs and outputs are called. */
export interface TfjsOptions {
  /** In the model's order: a name outward, and the columns of a table that hold its values; default the layer's name. */
  readonly inputs?: readonly { readonly name?: string; readonly columns?: readonly string[] }[];
  /** In the model's order; the first is the model's answer. */
  readonly outputs: readonly TfjsOutput[];
  /** What computes; default the native addon where it is built, else WASM. */
  readonly backend?: "auto" | "native" | "wasm" | "cpu";
}

/** A wrapped output: its units in TensorFlow.js beside what they answer. */
export interface TfjsOutputState extends NetworkOutputState {
  /** Units of the wrapped model: as many as classes, or 1. */
  readonly width: number;
  /** The unit of each class, in the order of the classes; of a pair on one unit, 0 is the rest to 1. */
  readonly places: Int32Array;
  readonly isLogits: boolean;
}

/** A wrapped model as plain data. */
export interface TfjsState {
  /** TensorFlow.js's class of the model: Functional, Model or Sequential. */
  readonly kind: string;
  /** Its layers, as the JSON of TensorFlow.js's configuration. */
  readonly topology: string;
  /** Weights in TensorFlow.js's order. */
  readonly weights: readonly NetworkWeight[];
  readonly inputs: readonly NetworkInputState[];
  readonly outputs: readonly TfjsOutputState[];
}
