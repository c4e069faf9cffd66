import { z } from "zod";

/** What a unit does with its sum. */
const activation = () =>
  z.enum(["linear", "relu", "elu", "selu", "leakyRelu", "gelu", "swish", "softplus", "sigmoid", "tanh"]).default("linear");

const name = () =>
  z.string().min(1).max(100).optional().meta({ title: "Name", description: "For `from` of other layers and outputs." });

/** From where a layer or an output takes its values: inputs and layers by name; default the layer before. */
export const from = () =>
  z
    .union([z.string(), z.array(z.string()).min(1).max(64)])
    .optional()
    .meta({ title: "From", description: "Inputs or layers by name; default the layer before." });

const common = () => ({ name: name(), from: from() });
const size = () => z.int().min(1).max(1_000_000);
const places = () => z.int().min(1).max(100_000);
const pooling = () => ({
  poolSize: places().default(2).meta({ title: "Values in a window" }),
  stride: places().optional().meta({ title: "Step", description: "Default: the size of the window." }),
  padding: z.enum(["valid", "same"]).default("valid").meta({ title: "Padding" }),
});

const both = () => z.union([places(), z.tuple([places(), places()])]);
const pooling2d = () => ({
  poolSize: both().default(2).meta({ title: "Values in a window", description: "One number, or down and along." }),
  stride: both().optional().meta({ title: "Step", description: "Default: the size of the window." }),
  padding: z.enum(["valid", "same"]).default("valid").meta({ title: "Padding" }),
});
const recurrent = () => ({
  units: size().max(65_536),
  returnSequences: z
    .boolean()
    .default(false)
    .meta({ title: "Sequence", description: "All steps' values, else the last step's." }),
  bidirectional: z
    .boolean()
    .default(false)
    .meta({ title: "Both directions", description: "A second layer reads from the end; their values lie beside each other." }),
  ...common(),
});
const rate = () => z.number().min(0).lt(1).default(0.5);

/** One layer as plain data. A vector has the shape units, a sequence length × channels, an image height × width × channels. */
export const layer = () =>
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("dense"),
      units: size().max(65_536),
      activation: activation(),
      useBias: z.boolean().default(true),
      ...common(),
    }),
    z.strictObject({
      kind: z.literal("conv1d"),
      filters: size().max(65_536),
      kernelSize: places().default(3),
      stride: places().default(1),
      padding: z.enum(["valid", "same"]).default("same"),
      activation: activation(),
      useBias: z.boolean().default(true),
      ...common(),
    }),
    z.strictObject({
      kind: z.literal("conv2d"),
      filters: size().max(65_536),
      kernelSize: both().default(3),
      stride: both().default(1),
      padding: z.enum(["valid", "same"]).default("same"),
      activation: activation(),
      useBias: z.boolean().default(true),
      ...common(),
    }),
    z.strictObject({ kind: z.literal("maxPooling1d"), ...pooling(), ...common() }),
    z.strictObject({ kind: z.literal("averagePooling1d"), ...pooling(), ...common() }),
    z.strictObject({ kind: z.literal("globalMaxPooling1d"), ...common() }),
    z.strictObject({ kind: z.literal("globalAveragePooling1d"), ...common() }),
    z.strictObject({ kind: z.literal("maxPooling2d"), ...pooling2d(), ...common() }),
    z.strictObject({ kind: z.literal("averagePooling2d"), ...pooling2d(), ...common() }),
    z.strictObject({ kind: z.literal("globalMaxPooling2d"), ...common() }),
    z.strictObject({ kind: z.literal("globalAveragePooling2d"), ...common() }),
    z.strictObject({
      kind: z.literal("embedding"),
      inputDim: size().meta({ title: "Codes", description: "The input holds whole numbers from 0 to one less." }),
      outputDim: size().max(65_536).meta({ title: "Values of each code" }),
      ...common(),
    }),
    z.strictObject({ kind: z.literal("lstm"), ...recurrent() }),
    z.strictObject({ kind: z.literal("gru"), ...recurrent() }),
    z.strictObject({ kind: z.literal("flatten"), ...common() }),
    z.strictObject({ kind: z.literal("reshape"), shape: z.array(size()).min(1).max(3), ...common() }),
    z.strictObject({ kind: z.literal("activation"), activation: activation(), ...common() }),
    z.strictObject({ kind: z.literal("dropout"), rate: rate(), ...common() }),
    z.strictObject({ kind: z.literal("spatialDropout"), rate: rate(), ...common() }),
    z.strictObject({ kind: z.literal("gaussianDropout"), rate: rate(), ...common() }),
    z.strictObject({ kind: z.literal("alphaDropout"), rate: rate(), ...common() }),
    z.strictObject({ kind: z.literal("gaussianNoise"), stddev: z.number().min(0).max(1e6).default(0.1), ...common() }),
    z.strictObject({
      kind: z.literal("batchNormalization"),
      momentum: z.number().min(0).lt(1).default(0.99),
      epsilon: z.number().gt(0).max(1).default(1e-3),
      ...common(),
    }),
    z.strictObject({ kind: z.literal("layerNormalization"), epsilon: z.number().gt(0).max(1).default(1e-3), ...common() }),
    z.strictObject({ kind: z.literal("concatenate"), ...common() }),
    z.strictObject({ kind: z.literal("add"), ...common() }),
  ]);

/** One layer of a network. */
export type Layer = z.output<ReturnType<typeof layer>>;
/** One layer as it is given: what has a default may be left out. */
export type LayerInput = z.input<ReturnType<typeof layer>>;
/** What a unit does with its sum. */
export type NetworkActivation = z.output<ReturnType<typeof activation>>;
