import type { Tensor } from "@tensorflow/tfjs-core";
import type { FitContext } from "../../base/contract.ts";
import type { TensorFlow } from "../tensorflow/backend.ts";
import type { FlatWeights } from "./flat-weights.ts";
import type { Graph } from "./graph.ts";
import { runGraph } from "./layers.ts";
import { feed } from "./network-rows.ts";
import { emptyTally, figuresOf, loseBatch } from "./output-losses.ts";
import type { EpochFigures, Lesson } from "./train-network.ts";

/** Rows that pass at once. */
const chunk = 256;

/** Weights as tensors; to be disposed by the caller. */
function weightTensors(tf: TensorFlow, { weights }: Graph, { views }: FlatWeights): Tensor[] {
  return weights.map(({ shape }, k) => tf.tensor(views[k]!.slice(), shape as number[]));
}

/** Figures of the rows held back. */
export function judge(lesson: Lesson, flat: FlatWeights, checkpoint: FitContext["checkpoint"]): EpochFigures {
  const { targets, held, weights } = lesson;
  const tallies = targets.map(emptyTally);
  eachChunk(lesson, flat, held, (rows, sums, stride) => {
    checkpoint();
    let at = 0;
    const unused = new Float32Array(sums.length);
    for (const [k, target] of targets.entries()) {
      loseBatch(target, rows, weights, sums, unused, stride, at, tallies[k]!);
      at += target.units;
    }
  });
  return figuresOf(targets, tallies, "val_");
}

/** Calls with the heads' sums of some rows, so many at a time. */
export function eachChunk(
  { tf, graph, inputs, x }: Pick<Lesson, "tf" | "graph" | "inputs" | "x">,
  flat: FlatWeights,
  rows: Uint32Array,
  visit: (rows: Uint32Array, sums: Float32Array, stride: number) => void,
): void {
  tf.tidy(() => {
    const weights = weightTensors(tf, graph, flat);
    for (let from = 0; from < rows.length; from += chunk) {
      const part = rows.subarray(from, from + chunk);
      const sums = tf.tidy(() => runGraph({ tf, weights }, graph, feed(tf, x, part, inputs)).dataSync()) as Float32Array;
      visit(part, sums, sums.length / part.length);
    }
  });
}
