import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tensorflow/backend.ts";
import { runKernel } from "../tensorflow/fused-convolution.ts";
import type { Layer } from "./layer-schema.ts";

type Recurrent = Extract<Layer, { kind: "lstm" | "gru" }>;
/** Kernel, recurrent kernel, bias, and a GRU's recurrent bias. */
type Own = readonly [Tensor2D, Tensor2D, Tensor1D, Tensor1D?];

/** A sequence read step by step (rows × 1 × length × channels): the values after every step, as a sequence, or after the last. */
export function recur(tf: TensorFlow, layer: Recurrent, x: Tensor4D, weights: readonly Tensor[]): Tensor {
  const each = layer.bidirectional ? weights.length / 2 : weights.length;
  const forward = read(tf, layer, x, weights.slice(0, each) as unknown as Own, false);
  if (!layer.bidirectional) return forward;
  const backward = read(tf, layer, x, weights.slice(each) as unknown as Own, true);
  return tf.concat([forward, backward], forward.shape.length - 1);
}

/** The values after each step, as a sequence, or after the last one that is read; what the inputs add is one product for all steps. */
function read(tf: TensorFlow, layer: Recurrent, x: Tensor4D, own: Own, isBackward: boolean): Tensor {
  const [rows, , length, channels] = x.shape;
  const [kernel, recurrent, bias, recurrentBias] = own;
  const { units, returnSequences } = layer;
  const product = affine(tf, tf.reshape(x, [rows * length, channels]), kernel, bias);
  const entries = tf.reshape(product, [rows, length, product.shape[1]!]) as Tensor3D;
  if (tf.getKernel("RecurrentScan", tf.getBackend())) {
    const values = scan(tf, entries, recurrent, recurrentBias ?? bias, isBackward);
    if (returnSequences) return tf.reshape(values, [rows, 1, length, units]);
    return tf.reshape(tf.slice(values, [0, isBackward ? 0 : length - 1, 0], [rows, 1, units]), [rows, units]);
  }
  const values = unrolled(tf, layer, entries, recurrent, recurrentBias, isBackward);
  if (returnSequences) return tf.reshape(tf.stack(values, 1), [rows, 1, length, units]);
  return values[isBackward ? 0 : length - 1]!;
}

/** All steps as one step of the tape, where the backend has a kernel of them. */
function scan(tf: TensorFlow, entries: Tensor3D, recurrent: Tensor2D, bias: Tensor1D, isBackward: boolean): Tensor {
  const steps = tf.customGrad((...given: unknown[]) => {
    const [added, kernel, shift, save] = given as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const inputs = { entries: added, recurrent: kernel, bias: shift };
    const [values, kept, cells] = runKernel(tf, "RecurrentScan", inputs, { isBackward }) as unknown as [Tensor, Tensor, Tensor];
    save([added, kernel, values, kept, cells]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [entries, recurrent, values, kept, cells] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const all = { dy, entries, recurrent, values, kept, cells };
      return runKernel(tf, "RecurrentScanGrad", all, { isBackward }) as unknown as Tensor[];
    };
    return { value: values, gradFunc };
  });
  return steps(entries, recurrent, bias);
}

/** The values after each step, by its place, from operations of the backend. */
function unrolled(
  tf: TensorFlow,
  { kind, units }: Recurrent,
  entries: Tensor3D,
  recurrent: Tensor2D,
  bias: Tensor1D | undefined,
  isBackward: boolean,
): Tensor2D[] {
  const steps = tf.unstack(entries, 1) as Tensor2D[];
  const values = new Array<Tensor2D>(steps.length);
  let state: readonly Tensor2D[] = [];
  for (let k = 0; k < steps.length; k++) {
    const step = isBackward ? steps.length - 1 - k : k;
    state =
      kind === "lstm" ? lstmStep(tf, steps[step]!, state, recurrent) : gruStep(tf, units, steps[step]!, state, recurrent, bias!);
    values[step] = state[0]!;
  }
  return values;
}

/** x · w + bias as one step of the tape. */
function affine(tf: TensorFlow, x: Tensor2D, w: Tensor2D, bias: Tensor1D): Tensor2D {
  const plain = { transposeA: false, transposeB: false, activation: "linear" };
  return runKernel(tf, "_FusedMatMul", { a: x, b: w, bias }, plain) as Tensor2D;
}

/** Value and cell after a step; both are 0 before the first. Source: Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000). */
function lstmStep(tf: TensorFlow, entry: Tensor2D, [value, cell]: readonly Tensor2D[], recurrent: Tensor2D): readonly Tensor2D[] {
  const sums = value ? tf.add(entry, tf.matMul(value, recurrent)) : entry;
  const [enter, keep, news, leave] = tf.split(sums as Tensor2D, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  const added = tf.mul(tf.sigmoid(enter), tf.tanh(news)) as Tensor2D;
  const now = cell ? (tf.add(tf.mul(tf.sigmoid(keep), cell), added) as Tensor2D) : added;
  return [tf.mul(tf.sigmoid(leave), tf.tanh(now)) as Tensor2D, now];
}

/** The value after a step; 0 before the first. The reset gate acts on the product, as in cuDNN. Source: Cho et al. (2014). */
function gruStep(
  tf: TensorFlow,
  units: number,
  entry: Tensor2D,
  [value]: readonly Tensor2D[],
  recurrent: Tensor2D,
  bias: Tensor1D,
): readonly Tensor2D[] {
  const before = value ?? tf.zeros([entry.shape[0], units]);
  const [keepIn, resetIn, newsIn] = tf.split(entry, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const [keepOn, resetOn, newsOn] = tf.split(affine(tf, before, recurrent, bias), 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const keep = tf.sigmoid(tf.add(keepIn, keepOn));
  const reset = tf.sigmoid(tf.add(resetIn, resetOn));
  const news = tf.tanh(tf.add(newsIn, tf.mul(reset, newsOn)));
  return [tf.add(news, tf.mul(keep, tf.sub(before, news))) as Tensor2D];
}
