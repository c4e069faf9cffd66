import { z } from "zod";
import { once } from "../../base/once.ts";
import { from, layer } from "./layer-schema.ts";

const name = () => z.string().min(1).max(100);

const inputParts = () => ({
  columns: z.array(z.string()).min(1).optional().meta({ title: "Columns", description: "Of the table; default all features." }),
  shape: z.array(z.int().min(1).max(1_000_000)).min(1).max(3).optional().meta({
    title: "Shape",
    description:
      "Of one row: [units], [length, channels] of a sequence, or [height, width, channels] of an image; default the number of columns.",
  }),
  scale: z.enum(["standard", "none"]).optional().meta({
    title: "Scaling",
    description:
      "By mean and deviation of the training rows; default standard; none for sequences, images and codes of an embedding.",
  }),
});
const input = () => z.strictObject({ name: name(), ...inputParts() });

const classification = () => ({
  task: z.literal("classification"),
  column: z.string().optional(),
  weight: z.number().min(0).max(1e6).default(1),
  classWeight: z.union([z.enum(["none", "balanced"]), z.record(z.string(), z.number().min(0).max(1e6))]).default("none"),
  from: from(),
});
const regression = () => ({
  task: z.literal("regression"),
  column: z.string().optional(),
  weight: z.number().min(0).max(1e6).default(1),
  loss: z.enum(["mse", "mae", "huber"]).default("mse"),
  delta: z.number().gt(0).max(1e6).default(1).meta({ title: "Huber's δ", description: "In units of the scaled target." }),
  scale: z
    .enum(["standard", "log10", "none"])
    .default("standard")
    .meta({ title: "Scaling of the target", description: "log10: of its logarithm, standardised." }),
  from: from(),
});
const output = () =>
  z.discriminatedUnion("task", [
    z.strictObject({ name: name(), ...classification() }),
    z.strictObject({ name: name(), ...regression() }),
  ]);
const unnamedOutput = () => z.discriminatedUnion("task", [z.strictObject(classification()), z.strictObject(regression())]);

/** A list of named parts, or a record of them by name: the list keeps its order in JSON that is stored. */
function named<T>(parts: Readonly<Record<string, T>> | readonly ({ readonly name: string } & T)[]) {
  if (Array.isArray(parts)) return parts as ({ readonly name: string } & T)[];
  return Object.entries(parts as Readonly<Record<string, T>>).map(([key, part]) => ({ name: key, ...part }));
}

const schedule = () =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("constant") }),
    z.strictObject({
      kind: z.literal("step"),
      every: z.int().min(1).default(10).meta({ title: "Epochs between steps" }),
      factor: z.number().gt(0).max(1).default(0.5),
    }),
    z.strictObject({
      kind: z.literal("cosine"),
      warmUp: z.number().min(0).lt(1).default(0),
      final: z.number().min(0).max(1).default(0),
    }),
    z.strictObject({
      kind: z.literal("onecycle"),
      warmUp: z.number().gt(0).lt(1).default(0.3),
      final: z.number().gt(0).max(1).default(1e-4),
    }),
    z.strictObject({
      kind: z.literal("plateau"),
      factor: z.number().gt(0).lt(1).default(0.5),
      patience: z.int().min(0).max(10_000).default(3),
    }),
  ]);

/** How the learning rate goes: over epochs (step, plateau) or over batches (cosine, onecycle). */
export type Schedule = z.output<ReturnType<typeof schedule>>;

/** Parameters of a network. */
export const networkParams = once(() =>
  z.strictObject({
    inputs: z
      .union([z.array(input()).max(64), z.record(name(), z.strictObject(inputParts()))])
      .default([])
      .transform(named)
      .meta({ title: "Inputs", description: "Default: one, of all features." }),
    layers: z
      .array(layer())
      .max(1000)
      .default(() => [
        { kind: "dense" as const, units: 64, activation: "relu" as const, useBias: true },
        { kind: "dense" as const, units: 64, activation: "relu" as const, useBias: true },
      ])
      .meta({ title: "Layers" }),
    outputs: z
      .union([z.array(output()).max(64), z.record(name(), unnamedOutput())])
      .default([])
      .transform(named)
      .meta({ title: "Outputs", description: "The first is the model's answer. Default: one, of the target." }),
    epochs: z.int().min(1).max(1_000_000).default(50).meta({ title: "Passes at most", search: "log" }),
    batchSize: z.int().min(1).max(1_000_000).default(32).meta({ title: "Batch size", search: "log" }),
    optimizer: z.enum(["adam", "sgd", "rmsprop"]).default("adam").meta({ title: "Optimizer" }),
    learningRate: z.number().gt(0).max(1e3).default(1e-3).meta({ title: "Learning rate", search: "log" }),
    momentum: z.number().min(0).lt(1).default(0.9).meta({ title: "Momentum", description: "For sgd." }),
    schedule: schedule().default({ kind: "constant" }).meta({ title: "Learning rate schedule", type: "object" }),
    alpha: z.number().min(0).max(1e3).default(0).meta({ title: "L2 penalty α", search: "log" }),
    clipNorm: z
      .number()
      .min(0)
      .default(0)
      .meta({ title: "Longest gradient", description: "Longer ones are shortened to it; 0 leaves them." }),
    validation: z.number().min(0).lt(1).default(0).meta({
      title: "Share of rows kept back",
      description: "By group where the rows have groups; the best epoch on them is kept.",
    }),
    earlyStopping: z
      .boolean()
      .default(false)
      .meta({ title: "Early stopping", description: "Keeps a tenth of the rows back unless `validation` says how many." }),
    patience: z.int().min(1).max(1_000_000).default(10).meta({ title: "Idle passes before it stops" }),
    monitor: z
      .string()
      .default("val_loss")
      .meta({ title: "Figure to judge epochs by", description: "val_loss, val_accuracy, …" }),
    seed: z.int().min(0).default(42).meta({ title: "Seed" }),
    backend: z.enum(["auto", "native", "wasm", "cpu"]).default("auto").meta({
      title: "Backend",
      description: "auto: TensorFlow itself where its addon is built, which is the fastest, else WASM.",
    }),
  }),
);

/** Parameters of a network, checked. */
export type NetworkParams = z.output<ReturnType<typeof networkParams>>;
/** Parameters of a network as they are given. */
export type NetworkInput = z.input<ReturnType<typeof networkParams>>;
/** An output of a network. */
export type Output = NetworkParams["outputs"][number];
/** An output that predicts numbers. */
export type RegressionOutput = Extract<Output, { task: "regression" }>;
