/** Sizes of what one row is at a place of the network: [units], [length, channels], or [height, width, channels]. */
export type RowShape = readonly number[];

/** An array of weights that a layer has. */
export interface Weight {
  /** The layer's name and the weight's own, as "conv1d_1/kernel". */
  readonly name: string;
  readonly shape: readonly number[];
  /** How it begins; "forget" is 1 for an LSTM's forget gate and 0 for its others. */
  readonly start: "glorot" | "orthogonal" | "uniform" | "zeros" | "ones" | "forget";
  /** Whether gradients change it; the others are running means. */
  readonly trained: boolean;
}

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
