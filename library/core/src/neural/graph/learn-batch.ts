import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { type Program, recordProgram } from "../tensorflow/native-program.ts";
import type { FlatWeights } from "./flat-weights.ts";
import { runGraph } from "./layers.ts";
import { inputValues, tensorShape } from "./network-rows.ts";
import { loseBatch, type Tally } from "./output-losses.ts";
import type { Drawn, Pass } from "./pass.ts";
import { drawValues } from "./random-layers.ts";
import { aimOf, tensorSlopes } from "./tensor-slopes.ts";
import type { Lesson } from "./train-network.ts";

/** Names the random numbers of a batch. */
type Training = NonNullable<Pass["training"]>;

/** Learns batches of one training. */
export interface Learner {
  /** Writes the gradient of a batch, follows its running means, and adds its losses to the tallies. */
  learn(rows: Uint32Array, gradient: Float32Array, tallies: readonly Tally[], training: Training): void;
  /** Frees what the backend keeps for it. */
  close(): void;
}

/** A learner on a lesson's backend, of weights that may change between its batches. */
export function openLearner(lesson: Lesson, flat: FlatWeights): Learner {
  if (lesson.backend === "native") return programLearner(lesson, flat);
  return { learn: (...given) => learnBatch(lesson, flat, ...given), close: () => {} };
}

/**
 * One batch: writes the gradient and adds to the tallies. The heads' sums are read in the middle of the pass, their losses and derivatives are taken in
 * plain numbers, and the tape goes back from those.
 */
export function learnBatch(
  lesson: Lesson,
  flat: FlatWeights,
  ...[rows, gradient, tallies, training]: Parameters<Learner["learn"]>
): void {
  const { tf } = lesson;
  tf.tidy(() => {
    const batch = batchOf(lesson, flat, rows);
    const slopes = (sums: Tensor2D): Tensor2D => {
      const made = loseAll(lesson, rows, sums.dataSync() as Float32Array, tallies);
      return tf.tensor2d(made, sums.shape);
    };
    const { gradients, updates } = goBack(lesson, tensorsOf(lesson, batch), { training }, slopes);
    const answers = [...gradients, ...updates.values()].map((each) => each.dataSync() as Float32Array);
    enter(lesson, flat, gradient, answers, [...updates.keys()]);
    tf.dispose([...updates.values()]);
  });
}

/** TensorFlow itself gets a batch in one call: the first of each size is recorded, losses and all, and the later ones run as a graph. */
function programLearner(lesson: Lesson, flat: FlatWeights): Learner {
  const { tf, targets } = lesson;
  const kept = new Map<number, Recorded>();
  const record = (rows: Uint32Array, training: Training): { readonly recorded: Recorded; readonly answers: Float32Array[] } => {
    const batch = batchOf(lesson, flat, rows);
    const given = batch.map(({ values }) => values);
    const fields: Drawn[] = [];
    let places: readonly number[] = [];
    let stay: readonly Tensor[] = [];
    const { answers, program } = recordProgram(tf, given, () => {
      const tensors = tensorsOf(lesson, batch);
      const aims = targets.map((_, k) => ({ wanted: tensors.aims[2 * k]!, share: tensors.aims[2 * k + 1]! }));
      let sums: Tensor2D | undefined;
      const slopes = (heads: Tensor2D): Tensor2D => {
        sums = tf.keep(tf.clone(heads));
        return tensorSlopes(tf, targets, heads, aims as never);
      };
      const onDraw: Pass["onDraw"] = (field, values) => {
        fields.push(field);
        given.push(values);
      };
      const { gradients, updates } = goBack(lesson, tensors, { training, onDraw }, slopes);
      places = [...updates.keys()];
      stay = [sums!, ...updates.values()];
      return [sums!, ...gradients, ...updates.values()];
    });
    for (const tensor of stay) tensor.dispose();
    return { recorded: { program, fields, places }, answers };
  };
  return {
    learn(rows, gradient, tallies, training) {
      const former = kept.get(rows.length);
      const { recorded, answers } = former?.program
        ? { recorded: former, answers: again(former, rows, training) }
        : record(rows, training);
      kept.set(rows.length, recorded);
      const [sums, ...rest] = answers as [Float32Array, ...Float32Array[]];
      loseAll(lesson, rows, sums, tallies);
      enter(lesson, flat, gradient, rest, recorded.places);
    },
    close() {
      for (const { program } of kept.values()) program?.close();
      kept.clear();
    },
  };

  function again({ program, fields }: Recorded, rows: Uint32Array, training: Training): Float32Array[] {
    const drawn = fields.map((field) => drawValues(training, field));
    return program!.run([...batchOf(lesson, flat, rows).map(({ values }) => values), ...drawn]);
  }
}

/** A batch's work as TensorFlow keeps it. */
interface Recorded {
  readonly program: Program | undefined;
  readonly fields: readonly Drawn[];
  /** Weights that follow the batches: running means. */
  readonly places: readonly number[];
}

/** Numbers that a batch brings: inputs, weights, and what each output is compared with. */
interface Given {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

function batchOf({ graph, inputs, targets, x, weights }: Lesson, flat: FlatWeights, rows: Uint32Array): Given[] {
  return [
    ...inputs.map((input) => ({ values: inputValues(x, rows, input), shape: tensorShape(rows.length, input.shape) })),
    ...graph.weights.map(({ shape }, k) => ({ values: flat.views[k]!.slice(), shape })),
    ...targets.flatMap((target) => {
      const { wanted, share } = aimOf(target, rows, weights);
      return [
        { values: wanted, shape: [rows.length, target.units] },
        { values: share, shape: [rows.length, 1] },
      ];
    }),
  ];
}

interface BatchTensors {
  readonly fed: readonly Tensor[];
  readonly weights: readonly Tensor[];
  readonly aims: readonly Tensor[];
}

function tensorsOf({ tf, inputs, graph }: Lesson, batch: readonly Given[]): BatchTensors {
  const tensors = batch.map(({ values, shape }) => tf.tensor(values, shape as number[]));
  const first = inputs.length + graph.weights.length;
  return { fed: tensors.slice(0, inputs.length), weights: tensors.slice(inputs.length, first), aims: tensors.slice(first) };
}

/** The gradients by all that is trained, for the derivatives by the heads' sums that `slopes` tells, and the new running means by their places. */
function goBack(
  { tf, graph }: Lesson,
  { fed, weights }: BatchTensors,
  way: Pick<Pass, "training" | "onDraw">,
  slopes: (sums: Tensor2D) => Tensor2D,
): { readonly gradients: readonly Tensor[]; readonly updates: ReadonlyMap<number, Tensor> } {
  const trained = graph.weights.flatMap((weight, k) => (weight.trained ? [k] : []));
  const updates = new Map<number, Tensor>();
  const losing = tf.customGrad((sums, save) => {
    (save as (tensors: Tensor[]) => void)([sums as Tensor]);
    const gradFunc = (_: Tensor, saved: Tensor[]): Tensor => slopes(saved[0] as Tensor2D);
    return { value: tf.scalar(0), gradFunc };
  });
  const derive = tf.grads((...own: Tensor[]) => {
    const all = weights.slice();
    for (const [i, k] of trained.entries()) all[k] = own[i]!;
    return losing(runGraph({ tf, weights: all, ...way, update: (place, value) => updates.set(place, value) }, graph, fed));
  });
  const gradients = derive(trained.map((k) => weights[k]!));
  return { gradients, updates };
}

/** Losses of all outputs into their tallies; gives the derivatives by the sums. */
function loseAll({ targets, weights }: Lesson, rows: Uint32Array, sums: Float32Array, tallies: readonly Tally[]): Float32Array {
  const slopes = new Float32Array(sums.length);
  const stride = sums.length / rows.length;
  let at = 0;
  for (const [k, target] of targets.entries()) {
    loseBatch(target, rows, weights, sums, slopes, stride, at, tallies[k]!);
    at += target.units;
  }
  return slopes;
}

/** Puts gradients behind each other, and running means in their places. */
function enter(
  { graph }: Lesson,
  flat: FlatWeights,
  gradient: Float32Array,
  answers: readonly Float32Array[],
  places: readonly number[],
): void {
  const trained = graph.weights.filter((weight) => weight.trained).length;
  let at = 0;
  for (const values of answers.slice(0, trained)) {
    gradient.set(values, at);
    at += values.length;
  }
  for (const [k, place] of places.entries()) flat.views[place]!.set(answers[trained + k]!);
}
