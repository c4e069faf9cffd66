import { ParamsError, ShapeError } from "../../base/errors.ts";
import type { Layer } from "./layer-schema.ts";
import { type RowShape, sizeOf, type Weight } from "./row-shape.ts";

type Of<K extends Layer["kind"]> = Extract<Layer, { kind: K }>;
type Measured = [RowShape, readonly Weight[]];

function weight(name: string, shape: readonly number[], start: Weight["start"], trained = true): Weight {
  return { name, shape, start, trained };
}

/** The shape behind a layer, and its weights, named without the layer. Throws ShapeError and ParamsError with the layer's place. */
export function measure(place: string, layer: Layer, given: readonly RowShape[]): Measured {
  const shape = given[0]!;
  const several = layer.kind === "concatenate" || layer.kind === "add";
  if (given.length > 1 && !several)
    throw new ParamsError(`network: ${place} takes one place, got ${given.length}; put { kind: "concatenate" } before it`);
  switch (layer.kind) {
    case "dense": {
      const [length] = vector(place, shape);
      const bias = layer.useBias ? [weight("bias", [layer.units], "zeros")] : [];
      return [[layer.units], [weight("kernel", [length, layer.units], "glorot"), ...bias]];
    }
    case "embedding":
      return [[...vector(place, shape), layer.outputDim], [weight("embeddings", [layer.inputDim, layer.outputDim], "uniform")]];
    case "conv1d":
      return conv1d(place, layer, sequence(place, shape));
    case "conv2d":
      return conv2d(place, layer, image(place, shape));
    case "lstm":
    case "gru":
      return recurrent(layer, sequence(place, shape));
    case "maxPooling1d":
    case "averagePooling1d": {
      const [length, channels] = sequence(place, shape);
      return [[outLength(place, length, layer.poolSize, layer.stride ?? layer.poolSize, layer.padding), channels], []];
    }
    case "maxPooling2d":
    case "averagePooling2d": {
      const [height, width, channels] = image(place, shape);
      const [high, wide] = pair(layer.poolSize);
      const [down, along] = pair(layer.stride ?? layer.poolSize);
      return [
        [outLength(place, height, high, down, layer.padding), outLength(place, width, wide, along, layer.padding), channels],
        [],
      ];
    }
    case "globalMaxPooling1d":
    case "globalAveragePooling1d":
      return [[sequence(place, shape)[1]], []];
    case "globalMaxPooling2d":
    case "globalAveragePooling2d":
      return [[image(place, shape)[2]], []];
    case "flatten":
      return [[sizeOf(shape)], []];
    case "reshape":
      if (sizeOf(layer.shape) !== sizeOf(shape))
        throw new ShapeError(`network: ${place} must keep ${sizeOf(shape)} values, got the shape [${layer.shape}]`);
      return [layer.shape, []];
    case "batchNormalization": {
      const size = [shape.at(-1)!];
      const running = [weight("movingMean", size, "zeros", false), weight("movingVariance", size, "ones", false)];
      return [shape, [weight("gamma", size, "ones"), weight("beta", size, "zeros"), ...running]];
    }
    case "layerNormalization":
      return [shape, [weight("gamma", [shape.at(-1)!], "ones"), weight("beta", [shape.at(-1)!], "zeros")]];
    case "concatenate":
      return [joined(place, given), []];
    case "add":
      for (const other of given)
        if (`${other}` !== `${shape}`)
          throw new ShapeError(`network: ${place} must add equal shapes, got ${given.map((each) => `[${each}]`).join(" and ")}`);
      return [shape, []];
    default:
      return [shape, []];
  }
}

function vector(place: string, shape: RowShape): readonly [number] {
  if (shape.length !== 1)
    throw new ShapeError(`network: ${place} needs a vector, got [${shape}]; put { kind: "flatten" } before it`);
  return shape as readonly [number];
}

function sequence(place: string, shape: RowShape): readonly [number, number] {
  if (shape.length !== 2) throw new ShapeError(`network: ${place} needs a sequence [length, channels], got [${shape}]`);
  return shape as readonly [number, number];
}

function image(place: string, shape: RowShape): readonly [number, number, number] {
  if (shape.length !== 3) throw new ShapeError(`network: ${place} needs an image [height, width, channels], got [${shape}]`);
  return shape as readonly [number, number, number];
}

/** Down and along, where one number stands for both. */
export function pair(size: number | readonly number[]): readonly [number, number] {
  return typeof size === "number" ? [size, size] : (size as readonly [number, number]);
}

function conv1d(place: string, layer: Of<"conv1d">, [length, channels]: readonly [number, number]): Measured {
  const out = outLength(place, length, layer.kernelSize, layer.stride, layer.padding);
  const bias = layer.useBias ? [weight("bias", [layer.filters], "zeros")] : [];
  return [
    [out, layer.filters],
    [weight("kernel", [1, layer.kernelSize, channels, layer.filters], "glorot"), ...bias],
  ];
}

function conv2d(place: string, layer: Of<"conv2d">, [height, width, channels]: readonly [number, number, number]): Measured {
  const [high, wide] = pair(layer.kernelSize);
  const [down, along] = pair(layer.stride);
  const bias = layer.useBias ? [weight("bias", [layer.filters], "zeros")] : [];
  return [
    [outLength(place, height, high, down, layer.padding), outLength(place, width, wide, along, layer.padding), layer.filters],
    [weight("kernel", [high, wide, channels, layer.filters], "glorot"), ...bias],
  ];
}

/** Each direction has its weights, the backward ones behind the forward ones. */
function recurrent(
  { kind, units, returnSequences, bidirectional }: Of<"lstm"> | Of<"gru">,
  [length, channels]: readonly [number, number],
): Measured {
  const gates = kind === "lstm" ? 4 : 3;
  const wide = gates * units;
  const own = [
    weight("kernel", [channels, wide], "glorot"),
    weight("recurrentKernel", [units, wide], "orthogonal"),
    weight("bias", [wide], kind === "lstm" ? "forget" : "zeros"),
    ...(kind === "gru" ? [weight("recurrentBias", [wide], "zeros")] : []),
  ];
  const backward = own.map((each) => ({ ...each, name: `backward/${each.name}` }));
  const out = bidirectional ? 2 * units : units;
  return [returnSequences ? [length, out] : [out], bidirectional ? [...own, ...backward] : own];
}

function joined(place: string, given: readonly RowShape[]): RowShape {
  const front = given[0]!.slice(0, -1);
  for (const other of given)
    if (`${other.slice(0, -1)}` !== `${front}` || other.length !== given[0]!.length)
      throw new ShapeError(
        `network: ${place} must join shapes of one length, got ${given.map((each) => `[${each}]`).join(" and ")}`,
      );
  return [...front, given.reduce((sum, shape) => sum + shape.at(-1)!, 0)];
}

function outLength(place: string, length: number, window: number, stride: number, padding: "same" | "valid"): number {
  const out = padding === "same" ? Math.ceil(length / stride) : Math.floor((length - window) / stride) + 1;
  if (out < 1) throw new ShapeError(`network: ${place} must have a window of at most ${length} places, got ${window}`);
  return out;
}
