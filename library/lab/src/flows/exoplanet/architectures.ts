import type { NetworkInput } from "assay";
import type { Architecture } from "../../contract/exoplanet.ts";

type Layer = NonNullable<NetworkInput["layers"]>[number];

/** A convolution with normalisation, as one step of a stack. */
function convolution(filters: number, kernelSize: number): readonly Layer[] {
  return [
    { kind: "conv1d", filters, kernelSize, padding: "same", activation: "linear" },
    { kind: "batchNormalization", momentum: 0.9 },
    { kind: "activation", activation: "relu" },
    { kind: "maxPooling1d", poolSize: 4 },
  ];
}

/** The convolutions of each: how many points the stem averages, then filters and kernel sizes. */
const stacks: Readonly<
  Record<Architecture, { readonly stem: number; readonly convolutions: readonly (readonly [number, number])[] }>
> = {
  "wide-stem": {
    stem: 8,
    convolutions: [
      [16, 7],
      [32, 5],
    ],
  },
  "fine-stem": {
    stem: 4,
    convolutions: [
      [16, 7],
      [32, 5],
      [64, 5],
    ],
  },
  balanced: {
    stem: 8,
    convolutions: [
      [16, 7],
      [32, 5],
    ],
  },
};

/** What of a network is chosen. */
interface NetworkChoice {
  readonly architecture: Architecture;
  readonly epochs: number;
  /** The highest of the schedule. */
  readonly learningRate: number;
  readonly seed: number;
}

/**
 * A network's layers, outputs and schedule, as `ml.neuralNetwork` takes them: two inputs (`curve_input`, `feat_input`), three outputs (`label`,
 * `period_out`, `depth_out`). All end in the same head: the two branches side by side, dropout, a dense layer, dropout. "balanced" weighs the labels by
 * how rare they are. Figures of each stand in docs/benchmarks.md.
 */
export function networkParams({ architecture, epochs, learningRate, seed }: NetworkChoice): NetworkInput {
  const { stem, convolutions } = stacks[architecture];
  const curve: readonly Layer[] = [
    { kind: "averagePooling1d", poolSize: stem, from: "curve_input" },
    { kind: "gaussianNoise", stddev: 0.02 },
    ...convolutions.flatMap(([filters, kernel]) => convolution(filters, kernel)),
    // no pooling over the whole axis: where along the axis the curve falls says how long the transit takes
    { kind: "flatten" },
    { kind: "dense", units: 64, activation: "relu", name: "shape" },
  ];
  const stars: readonly Layer[] = [
    { kind: "dense", units: 64, activation: "relu", from: "feat_input" },
    { kind: "dense", units: 64, activation: "relu", name: "star" },
  ];
  const head: readonly Layer[] = [
    { kind: "concatenate", from: ["shape", "star"] },
    { kind: "dropout", rate: 0.3 },
    { kind: "dense", units: 64, activation: "relu" },
    { kind: "dropout", rate: 0.3 },
  ];
  const regression = { task: "regression", scale: "log10", loss: "huber", weight: 0.3 } as const;
  return {
    inputs: { curve_input: { shape: [2001, 1] }, feat_input: { scale: "standard" } },
    layers: [...curve, ...stars, ...head],
    outputs: {
      label: { task: "classification", column: "label", ...(architecture === "balanced" && { classWeight: "balanced" }) },
      period_out: { ...regression, column: "period" },
      depth_out: { ...regression, column: "depth" },
    },
    epochs,
    batchSize: 64,
    optimizer: "adam",
    learningRate,
    schedule: { kind: "onecycle", warmUp: 0.15 },
    validation: 0.1,
    monitor: "val_label_loss",
    earlyStopping: true,
    patience: 6,
    seed,
  };
}
