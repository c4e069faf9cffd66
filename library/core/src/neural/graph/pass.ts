import type { Tensor } from "@tensorflow/tfjs-core";
import type { Random } from "../../numeric/random.ts";
import type { TensorFlow } from "../tensorflow/backend.ts";

/** A pass of rows through a network. */
export interface Pass {
  readonly tf: TensorFlow;
  /** All weights, in the graph's order. */
  readonly weights: readonly Tensor[];
  /** Names the random numbers of this batch; undefined when predicting. */
  readonly training?: { readonly seed: number; readonly stream: string } | undefined;
  /** Is given the new value of a running mean, by its place in the weights; to be disposed by whoever takes it. */
  readonly update?: (place: number, value: Tensor) => void;
  /** Hears of each field of random numbers that a layer draws. */
  readonly onDraw?: (field: Drawn, values: Float32Array) => void;
}

/** Random numbers that a layer draws for each batch. */
export interface Drawn {
  /** The layer's name. */
  readonly name: string;
  readonly shape: readonly number[];
  /** One number from the layer's stream. */
  readonly draw: (stream: Random) => number;
}
