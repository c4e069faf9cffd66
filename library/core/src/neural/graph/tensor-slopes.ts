import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tensorflow/backend.ts";
import type { Target } from "./output-losses.ts";

/** What a batch is compared with at one output: the sums' aim (rows × units) and each row's share of the loss (rows × 1). */
interface Aim {
  readonly wanted: Float32Array;
  readonly share: Float32Array;
}

/** The aim of a batch at an output: 1 at the right class, or the scaled number. */
export function aimOf(
  { output, units, values, classWeights }: Target,
  rows: Uint32Array,
  weights: Float64Array | undefined,
): Aim {
  const wanted = new Float32Array(rows.length * units);
  const share = new Float32Array(rows.length);
  for (const [i, row] of rows.entries()) {
    const value = values[row]!;
    if (output.task === "classification") wanted[i * units + value] = 1;
    else wanted[i] = value;
    share[i] = (output.weight * (weights?.[row] ?? 1) * (classWeights?.[value] ?? 1)) / rows.length;
  }
  return { wanted, share };
}

/** The losses' derivatives by all sums, as `loseBatch` writes them, in operations of the backend. */
export function tensorSlopes(
  tf: TensorFlow,
  targets: readonly Target[],
  sums: Tensor2D,
  aims: readonly { readonly wanted: Tensor2D; readonly share: Tensor2D }[],
): Tensor2D {
  const parts =
    targets.length === 1
      ? [sums]
      : tf.split(
          sums,
          targets.map(({ units }) => units),
          1,
        );
  const slopes = targets.map(({ output }, k) => {
    const { wanted, share } = aims[k]!;
    const given = output.task === "classification" ? tf.softmax(parts[k]!) : parts[k]!;
    const off = tf.sub(given, wanted) as Tensor2D;
    return tf.mul(output.task === "classification" ? off : slopeOf(tf, output, off), share) as Tensor2D;
  });
  return slopes.length === 1 ? slopes[0]! : tf.concat2d(slopes, 1);
}

function slopeOf(tf: TensorFlow, output: Extract<Target["output"], { task: "regression" }>, off: Tensor2D): Tensor2D {
  if (output.loss === "mse") return tf.mul(off, 2);
  return output.loss === "mae" ? tf.sign(off) : tf.clipByValue(off, -output.delta, output.delta);
}
