import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./backend.ts";

/** Attributes of a convolution and its activation in one kernel, channels last. */
export interface ConvolutionAttributes {
  readonly strides: [number, number];
  readonly pad: "same" | "valid";
  readonly dataFormat: "NHWC";
  readonly dilations: [number, number];
  readonly dimRoundingMode: undefined;
  readonly activation: "linear" | "relu";
  /** Whether nothing that is trained lies before it: no gradient by x is wanted. */
  readonly isFirst?: boolean;
}

/** Calls a kernel of the backend. */
export function runKernel(tf: TensorFlow, name: string, inputs: object, attributes: object = {}): Tensor {
  return tf.engine().runKernel(name, inputs as NamedTensorMap, attributes as never) as Tensor;
}

/**
 * Gives the kernels "FusedConv2D" and "_FusedMatMul" (product, bias and activation at once) gradients of their own, so that a layer is one step of
 * the tape: the kernel of the slope runs once, and no gradient is taken by an input that nobody asks for.
 */
export function registerConvolutionGradient(tf: TensorFlow): void {
  if (tf.getGradient("FusedConv2D")) return;
  tf.registerGradient({
    kernelName: "FusedConv2D",
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [x, filter, y] = saved as [Tensor, Tensor, Tensor];
      if (tf.getKernel("FusedConv2DGrad", tf.getBackend())) return wholeGradient(tf, dy as Tensor, [x, filter, y], attributes);
      const { strides, pad, dataFormat, dimRoundingMode, activation } = attributes as unknown as ConvolutionAttributes;
      const slope = slopeOf(tf, dy as Tensor, y, activation);
      const common = { strides, pad, dataFormat, dimRoundingMode };
      return {
        x: () => runKernel(tf, "Conv2DBackpropInput", { dy: slope, filter }, { ...common, inputShape: x.shape }),
        filter: () => runKernel(tf, "Conv2DBackpropFilter", { x, dy: slope }, { ...common, filterShape: filter.shape }),
        bias: () => tf.sum(slope, [0, 1, 2]),
      };
    },
  });
  tf.registerGradient({
    kernelName: "_FusedMatMul",
    inputsToSave: ["a", "b"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [a, b, y] = saved as [Tensor, Tensor, Tensor];
      const slope = slopeOf(tf, dy as Tensor, y, (attributes as unknown as ConvolutionAttributes).activation);
      return {
        a: () => tf.matMul(slope, b, false, true),
        b: () => tf.matMul(a, slope, true, false),
        bias: () => tf.sum(slope, 0),
      };
    },
  });
}

/** All gradients by one kernel, where the backend has one. */
function wholeGradient(tf: TensorFlow, dy: Tensor, [x, filter, y]: [Tensor, Tensor, Tensor], attributes: object) {
  const answers = runKernel(tf, "FusedConv2DGrad", { dy, x, filter, y }, attributes) as unknown as Tensor[];
  const [byFilter, byBias, byInput] = answers as [Tensor, Tensor, Tensor?];
  return { x: () => byInput ?? tf.zerosLike(x), filter: () => byFilter, bias: () => byBias };
}

function slopeOf(tf: TensorFlow, dy: Tensor, y: Tensor, activation: ConvolutionAttributes["activation"]): Tensor {
  return activation === "relu" ? runKernel(tf, "ReluGrad", { dy, y }) : dy;
}

/** Makes the gradient of a rectifier one kernel, "ReluGrad", in place of a comparison and a product. */
export function registerReluGradient(tf: TensorFlow): void {
  tf.unregisterGradient("Relu");
  tf.registerGradient({
    kernelName: "Relu",
    inputsToSave: [],
    outputsToSave: [true],
    gradFunc: (dy, saved) => ({
      x: () => runKernel(tf, "ReluGrad", { dy: dy as Tensor, y: (saved as Tensor[])[0]! }),
    }),
  });
}
