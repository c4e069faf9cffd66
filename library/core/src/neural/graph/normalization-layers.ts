import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tensorflow/backend.ts";
import type { Layer } from "./layer-schema.ts";
import type { Pass } from "./pass.ts";

/**
 * Each channel brought to mean 0 and variance 1, over the batch in training and by the running means else; its gradient in closed form.
 * Source: Ioffe & Szegedy (2015), section 3.
 */
export function batchNormalization(
  pass: Pass,
  { momentum, epsilon }: Extract<Layer, { kind: "batchNormalization" }>,
  x: Tensor,
  places: readonly number[],
): Tensor {
  const { tf, training, update } = pass;
  const [gamma, beta, runningMean, runningVariance] = places.map((place) => pass.weights[place]!) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  if (!training) {
    const factor = tf.mul(gamma, tf.rsqrt(tf.add(runningVariance, epsilon)));
    return tf.add(tf.mul(x, factor), tf.sub(beta, tf.mul(runningMean, factor)));
  }
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const count = x.size / x.shape.at(-1)!;
  const { mean, variance } = tf.moments(x, axes);
  const follow = (running: Tensor, now: Tensor): Tensor => tf.keep(tf.add(tf.mul(running, momentum), tf.mul(now, 1 - momentum)));
  update?.(places[2]!, follow(runningMean, mean));
  update?.(places[3]!, follow(runningVariance, variance));
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normalise = tf.customGrad((...given: unknown[]) => {
    const [values, scale, shift, save] = given as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const even = tf.mul(tf.sub(values, mean), inverse);
    save([even, inverse, scale]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [kept, steep, factor] = saved as [Tensor, Tensor, Tensor];
      const sum = tf.sum(dy, axes);
      const product = tf.sum(tf.mul(dy, kept), axes);
      const straight = tf.sub(dy, tf.add(tf.div(sum, count), tf.mul(kept, tf.div(product, count))));
      return [tf.mul(straight, tf.mul(factor, steep)), product, sum];
    };
    return { value: tf.add(tf.mul(even, scale), shift), gradFunc };
  });
  return normalise(x, gamma, beta);
}

/** The channels of each place brought to mean 0 and variance 1. Source: Ba, Kiros & Hinton (2016). */
export function layerNormalization(
  tf: TensorFlow,
  { epsilon }: Extract<Layer, { kind: "layerNormalization" }>,
  x: Tensor,
  [gamma, beta]: readonly [Tensor, Tensor],
): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const even = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(even, gamma), beta);
}
