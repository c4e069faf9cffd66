import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tensorflow/backend.ts";
import { runKernel } from "../tensorflow/fused-convolution.ts";
import type { Graph, GraphNode } from "./graph.ts";
import type { Layer, NetworkActivation } from "./layer-schema.ts";
import { pair } from "./layer-shapes.ts";
import { tensorShape } from "./network-rows.ts";
import { batchNormalization, layerNormalization } from "./normalization-layers.ts";
import type { Pass } from "./pass.ts";
import { disturb } from "./random-layers.ts";
import { recur } from "./recurrent-layers.ts";

/** The sums at every head (rows × units), side by side in one tensor. Sequences lie as rows × 1 × length × channels, images as rows × height × width × channels. */
export function runGraph(pass: Pass, { inputs, nodes, heads }: Graph, given: readonly Tensor[]): Tensor2D {
  const values = new Map(inputs.map(({ name }, k) => [name, given[k]!]));
  for (const node of nodes)
    values.set(
      node.name,
      apply(
        pass,
        node,
        node.from.map((name) => values.get(name)!),
      ),
    );
  const ends = heads.map(
    (head) =>
      apply(
        pass,
        head,
        head.from.map((name) => values.get(name)!),
      ) as Tensor2D,
  );
  return ends.length === 1 ? ends[0]! : pass.tf.concat(ends, 1);
}

function apply(pass: Pass, { name, layer, shape, shapeIn, weights, isFirst }: GraphNode, [x, ...others]: Tensor[]): Tensor {
  const { tf } = pass;
  const own = weights.map((place) => pass.weights[place]!);
  const rows = x!.shape[0]!;
  switch (layer.kind) {
    case "dense":
      return dense(tf, layer, x as Tensor2D, own as [Tensor2D, Tensor1D?]);
    case "conv1d":
      return convolution(tf, layer, x as Tensor4D, own as [Tensor4D, Tensor1D?], isFirst);
    case "conv2d":
      return convolution(tf, layer, x as Tensor4D, own as [Tensor4D, Tensor1D?], isFirst);
    case "maxPooling1d":
      return tf.maxPool(x as Tensor4D, [1, layer.poolSize], [1, layer.stride ?? layer.poolSize], layer.padding);
    case "averagePooling1d":
      return tf.avgPool(x as Tensor4D, [1, layer.poolSize], [1, layer.stride ?? layer.poolSize], layer.padding);
    case "maxPooling2d":
      return tf.maxPool(x as Tensor4D, [...pair(layer.poolSize)], [...pair(layer.stride ?? layer.poolSize)], layer.padding);
    case "averagePooling2d":
      return tf.avgPool(x as Tensor4D, [...pair(layer.poolSize)], [...pair(layer.stride ?? layer.poolSize)], layer.padding);
    case "globalMaxPooling1d":
    case "globalMaxPooling2d":
      return tf.max(x!, [1, 2]);
    case "globalAveragePooling1d":
    case "globalAveragePooling2d":
      return tf.mean(x!, [1, 2]);
    case "embedding":
      return embed(tf, x as Tensor2D, own[0] as Tensor2D);
    case "lstm":
    case "gru":
      return recur(tf, layer, x as Tensor4D, own);
    case "flatten":
    case "reshape":
      return tf.reshape(x!, tensorShape(rows, shape));
    case "activation":
      return activate(tf, layer.activation, x!);
    case "dropout":
    case "spatialDropout":
    case "gaussianDropout":
    case "alphaDropout":
    case "gaussianNoise":
      return disturb(pass, name, layer, x!);
    case "batchNormalization":
      return batchNormalization(pass, layer, x!, weights);
    case "layerNormalization":
      return layerNormalization(tf, layer, x!, own as [Tensor, Tensor]);
    case "concatenate":
      return tf.concat([x!, ...others], shapeIn.length === 1 ? 1 : 3);
    case "add":
      return tf.addN([x!, ...others]);
  }
}

function dense(
  tf: TensorFlow,
  layer: Extract<Layer, { kind: "dense" }>,
  x: Tensor2D,
  [kernel, bias]: [Tensor2D, Tensor1D?],
): Tensor {
  if (!bias) return activate(tf, layer.activation, tf.matMul(x, kernel));
  const fused = layer.activation === "relu" ? "relu" : "linear";
  const sums = runKernel(
    tf,
    "_FusedMatMul",
    { a: x, b: kernel, bias },
    { transposeA: false, transposeB: false, activation: fused },
  );
  return fused === "relu" ? sums : activate(tf, layer.activation, sums);
}

function convolution(
  tf: TensorFlow,
  layer: Extract<Layer, { kind: "conv1d" | "conv2d" }>,
  x: Tensor4D,
  [kernel, bias]: [Tensor4D, Tensor1D?],
  isFirst: boolean,
): Tensor {
  const strides: [number, number] = layer.kind === "conv1d" ? [1, layer.stride] : [...pair(layer.stride)];
  if (!bias) return activate(tf, layer.activation, tf.conv2d(x, kernel, strides, layer.padding));
  const fused = layer.activation === "relu" ? "relu" : "linear";
  const attributes = { strides, pad: layer.padding, dataFormat: "NHWC", dilations: [1, 1], activation: fused, isFirst };
  const sums = runKernel(tf, "FusedConv2D", { x, filter: kernel, bias }, attributes);
  return fused === "relu" ? sums : activate(tf, layer.activation, sums);
}

/** The row of the table for each code; the gradient is added up over the places of each. */
function embed(tf: TensorFlow, x: Tensor2D, table: Tensor2D): Tensor {
  const [codes, dimension] = table.shape;
  const lookUp = tf.customGrad((...given: unknown[]) => {
    const [values, places, save] = given as [Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    save([places]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => [
      tf.unsortedSegmentSum(dy, saved[0] as Tensor1D, codes),
      saved[0]!,
    ];
    return { value: tf.gather(values, places), gradFunc };
  });
  const found = lookUp(table, tf.cast(tf.reshape(x, [x.size]), "int32"));
  return tf.reshape(found, [x.shape[0], 1, x.shape[1], dimension]);
}

function activate(tf: TensorFlow, kind: NetworkActivation, x: Tensor): Tensor {
  switch (kind) {
    case "linear":
      return x;
    case "gelu": // by tanh: Hendrycks & Gimpel (2016)
      return tf.mul(
        tf.mul(x, 0.5),
        tf.add(tf.tanh(tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), 0.7978845608)), 1),
      );
    case "swish":
      return tf.mul(x, tf.sigmoid(x));
    default:
      return tf[kind](x);
  }
}
