import type { TableLike } from "../../base/columns.ts";
import type {
  ArrayOptions,
  ClassifierModel,
  Label,
  MatrixInput,
  RegressorModel,
  Spec,
  TableOptions,
} from "../../base/contract.ts";
import type { Matrix } from "../../numeric/matrix.ts";

/** What a network learns. */
export interface NetworkState {
  /** What computed: TensorFlow itself, WebAssembly or plain JavaScript. */
  readonly backend: "native" | "wasm" | "cpu";
  readonly inputs: readonly NetworkInputState[];
  readonly outputs: readonly NetworkOutputState[];
  /** All weights, in the order of the layers. */
  readonly weights: readonly NetworkWeight[];
  /** Figures of each epoch: loss, accuracy or mae, the same of the rows held back as val_…, learning_rate. */
  readonly history: readonly Readonly<Record<string, number>>[];
  /** The epoch, from 1, whose weights these are. */
  readonly bestEpoch: number;
  /** Whether all epochs were done, or nothing improved for too long. */
  readonly stopped: "epochs" | "early";
}

/** An input as the network was fitted on it. */
export interface NetworkInputState {
  readonly name: string;
  /** Of one row: [units], [length, channels], or [height, width, channels]. */
  readonly shape: readonly number[];
  /** Which columns of x it has, in order. */
  readonly places: Int32Array;
  /** Taken off each column, which is then divided by `spread`; empty where the input is fed as it is. */
  readonly center: Float64Array;
  readonly spread: Float64Array;
}

/** An output as the network was fitted on it. */
export interface NetworkOutputState {
  readonly name: string;
  readonly task: "classification" | "regression";
  /** Sums at its head: classes, or 1. */
  readonly units: number;
  /** Labels in sorted order, where they are known. */
  readonly classes: readonly Label[] | null;
  /** A number is unscaled as center + spread · sum, and is then a logarithm to base 10 where `isLog`. */
  readonly center: number;
  readonly spread: number;
  readonly isLog: boolean;
}

/** One array of weights. */
export interface NetworkWeight {
  /** Layer and weight, as "conv1d_1/kernel". */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Rows by the name of the input, each a matrix, rows of numbers, or a table that holds the input's columns. */
export type NetworkParts = Readonly<Record<string, MatrixInput | TableLike>>;

/** Targets by the name of the output (n each). */
export type NetworkTargets = Readonly<Record<string, ArrayLike<Label>>>;

/** What one output predicts. */
export interface OutputPrediction {
  /** Labels in place of numbers, for classes (n). */
  readonly labels?: readonly Label[];
  /** Probability of each class (n × k), columns named by the classes. */
  readonly probabilities?: Matrix;
  /** Predicted numbers in the target's own units (n). */
  readonly values?: Float64Array;
}

/** A fitted network. Its first output is what `predict` answers; `networkOutputs` gives all. */
export type NetworkModel<P = unknown> = (ClassifierModel<P, NetworkState> | RegressorModel<P, NetworkState>) & {
  readonly state: NetworkState;
  predict(parts: NetworkParts): readonly Label[] | Float64Array;
  /** Probability of each class of the first output. */
  predictProba(parts: NetworkParts | TableLike | MatrixInput): Matrix;
};

/** Options of a fit on named parts. */
export interface NetworkOptions extends Omit<ArrayOptions, "columns"> {
  /** Which rows stay together when some are held back (n). */
  readonly groups?: ArrayLike<Label>;
}

/** An immutable specification of a network; `fit` gives a model. */
export interface NeuralNetwork<P = unknown> extends Spec {
  readonly task: "classification" | "regression";
  readonly params: Readonly<P & Record<string, unknown>>;
  /** On a table: inputs and outputs by their columns; `target` stands for the first output's, `group` keeps rows together that are held back. */
  fit(table: TableLike, options?: Partial<TableOptions>): Promise<NetworkModel<P>>;
  /** On named parts: a matrix or table for each input, an array for each output. */
  fit(parts: NetworkParts, targets: NetworkTargets, options?: NetworkOptions): Promise<NetworkModel<P>>;
  /** On a matrix, for networks of one input and one output. */
  fit(x: MatrixInput, y: ArrayLike<Label>, options?: NetworkOptions): Promise<NetworkModel<P>>;
}
