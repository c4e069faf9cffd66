import type { Tensor } from "@tensorflow/tfjs-core";
import { random } from "../../numeric/random.ts";
import type { Layer } from "./layer-schema.ts";
import type { Drawn, Pass } from "./pass.ts";

type Kind = "dropout" | "spatialDropout" | "gaussianDropout" | "alphaDropout" | "gaussianNoise";

/**
 * What a layer changes at random while it is trained; x itself otherwise. Source: Srivastava et al. (2014) for dropout, with 0 or 1 / (1 − rate), and for its
 * normal twin around 1; Tompson et al. (2015) for whole channels; Klambauer et al. (2017) for alpha dropout, which keeps mean and variance.
 */
export function disturb(pass: Pass, name: string, layer: Extract<Layer, { kind: Kind }>, x: Tensor): Tensor {
  const { tf } = pass;
  const strength = layer.kind === "gaussianNoise" ? layer.stddev : layer.rate;
  if (!pass.training || strength === 0) return x;
  const field = (shape: readonly number[], draw: Drawn["draw"]): Tensor => drawn(pass, { name, shape, draw });
  const keep = 1 / (1 - strength);
  switch (layer.kind) {
    case "gaussianNoise":
      return tf.add(
        x,
        field(x.shape, (stream) => strength * stream.normal()),
      );
    case "gaussianDropout":
      return tf.mul(
        x,
        field(x.shape, (stream) => 1 + Math.sqrt(strength * keep) * stream.normal()),
      );
    case "dropout":
      return tf.mul(
        x,
        field(x.shape, (stream) => (stream.float() < strength ? 0 : keep)),
      );
    case "spatialDropout": {
      const channels = x.shape.map((size, axis) => (axis === 0 || axis === x.shape.length - 1 ? size : 1));
      return tf.mul(
        x,
        field(channels, (stream) => (stream.float() < strength ? 0 : keep)),
      );
    }
    case "alphaDropout": {
      const kept = field(x.shape, (stream) => (stream.float() < strength ? 0 : 1));
      const factor = 1 / Math.sqrt((1 - strength) * (1 + strength * lowest * lowest));
      const put = tf.add(tf.mul(x, kept), tf.mul(tf.sub(1, kept), lowest));
      return tf.add(tf.mul(put, factor), -factor * lowest * strength);
    }
  }
}

/** −λα of a scaled exponential unit: what it gives for −∞. */
const lowest = -1.7580993408473766;

function drawn({ tf, training, onDraw }: Pass, field: Drawn): Tensor {
  const values = drawValues(training!, field);
  onDraw?.(field, values);
  return tf.tensor(values, field.shape as number[]);
}

/** A field's numbers in a batch: the same whenever they are drawn. */
export function drawValues({ seed, stream }: NonNullable<Pass["training"]>, { name, shape, draw }: Drawn): Float32Array {
  const source = random(seed, `${stream}/${name}`);
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) values[i] = draw(source);
  return values;
}
