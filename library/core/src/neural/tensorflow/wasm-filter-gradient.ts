import type { KernelFunc, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./backend.ts";
import type { ConvolutionAttributes } from "./fused-convolution.ts";

/**
 * The gradient of a convolution's filter as a convolution itself, for the backend that has no kernel of it: rows and channels of x change places, the
 * gradient of the outputs is the filter, and its steps are the strides.
 */
export function dilatedFilterGradient(tf: TensorFlow, { inputs, attrs }: Parameters<KernelFunc>[0]): TensorInfo {
  const { x, dy } = inputs as unknown as Record<"x" | "dy", Tensor4D>;
  const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as FilterAttributes;
  const plan = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { top, left } = plan.padInfo;
  const high = (plan.outHeight - 1) * plan.strideHeight + plan.filterHeight;
  const wide = (plan.outWidth - 1) * plan.strideWidth + plan.filterWidth;
  return tf.tidy(() => {
    const [below, behind] = [Math.max(0, high - plan.inHeight - top), Math.max(0, wide - plan.inWidth - left)];
    const padded = tf.pad(x, [[0, 0], [top, below], [left, behind], [0, 0]]); // biome-ignore format: one axis after the other
    const used = tf.slice(padded, [0, 0, 0, 0], [x.shape[0], high, wide, x.shape[3]]);
    const turned = tf.conv2d(tf.transpose(used, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, "valid", "NHWC", [
      plan.strideHeight,
      plan.strideWidth,
    ]);
    return tf.transpose(turned, [1, 2, 0, 3]);
  });
}

interface FilterAttributes extends Omit<ConvolutionAttributes, "dilations" | "activation"> {
  readonly filterShape: [number, number, number, number];
}
