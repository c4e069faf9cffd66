import type { FitContext } from "../../base/contract.ts";
import { DataError, ParamsError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import type { Backend, TensorFlow } from "../tensorflow/backend.ts";
import { firstState, type OptimizerState, stepDown } from "./flat-optimizer.ts";
import { type FlatWeights, firstWeights, layWeights } from "./flat-weights.ts";
import type { Graph } from "./graph.ts";
import { type Learner, openLearner } from "./learn-batch.ts";
import { afterPlateau, rateShare } from "./learning-rate.ts";
import type { NetworkInputState } from "./network-contract.ts";
import type { NetworkParams } from "./network-params.ts";
import { emptyTally, figuresOf, type Target } from "./output-losses.ts";
import { judge } from "./pass-rows.ts";

/** Figures of one epoch, from 1: loss, val_loss, accuracy, …, learning_rate. */
export type EpochFigures = Readonly<Record<string, number>>;

/** All that a training works on. */
export interface Lesson {
  readonly tf: TensorFlow;
  readonly backend: Backend;
  readonly graph: Graph;
  readonly inputs: readonly NetworkInputState[];
  readonly targets: readonly Target[];
  readonly x: Matrix;
  readonly weights: Float64Array | undefined;
  readonly known: Uint32Array;
  readonly held: Uint32Array;
  /** Weights to begin with; undefined for first ones of the seed. */
  readonly begin?: FlatWeights | undefined;
}

/** What a training gives. */
interface Lessons {
  readonly weights: Float32Array;
  readonly history: readonly EpochFigures[];
  readonly bestEpoch: number;
  readonly stopped: "epochs" | "early";
}

/** A training that is not finished, after an epoch. */
interface Unfinished {
  readonly weights: Float32Array;
  readonly optimizer: OptimizerState;
  readonly history: readonly EpochFigures[];
  readonly best: number;
  readonly bestEpoch: number;
  readonly bestWeights: Float32Array | undefined;
  readonly plateau: number;
}

/**
 * Trains by batches: gradients from TensorFlow.js, losses and steps in plain numbers. The best epoch's weights are kept where rows are held back. Throws
 * DataError when the loss is no number any more, or has grown beyond measure.
 */
export function trainNetwork(lesson: Lesson, params: NetworkParams, context: FitContext): Lessons {
  const { graph } = lesson;
  const former = context.snapshots?.from as Unfinished | undefined;
  const flat = former ? layWeights(graph, former.weights.slice()) : (lesson.begin ?? firstWeights(graph, params.seed));
  const learner = openLearner(lesson, flat);
  try {
    return train(lesson, learner, flat, params, context, former);
  } finally {
    learner.close();
  }
}

function train(
  lesson: Lesson,
  learner: Learner,
  flat: FlatWeights,
  params: NetworkParams,
  { checkpoint, snapshots }: FitContext,
  former: Unfinished | undefined,
): Lessons {
  const { held } = lesson;
  let optimizer = former ? copyState(former.optimizer) : firstState(flat.trained, params);
  const history: EpochFigures[] = [...(former?.history ?? [])];
  let { best, bestEpoch, bestWeights, plateau } = former ?? { best: Infinity, bestEpoch: 0, bestWeights: undefined, plateau: 1 };
  let stopped: Lessons["stopped"] = "epochs";
  for (let epoch = history.length; epoch < params.epochs; epoch++) {
    const passed = passOnce(lesson, learner, flat, params, epoch, optimizer, plateau, checkpoint, history[0]?.["loss"]);
    optimizer = passed.optimizer;
    const judged = held.length > 0 ? judge(lesson, flat, checkpoint) : {};
    const figures = { ...passed.figures, ...judged, learning_rate: passed.rate };
    history.push(figures);
    const worth = worthOf(params.monitor, figures, held.length > 0);
    if (worth < best) {
      best = worth;
      bestEpoch = epoch + 1;
      if (held.length > 0) bestWeights = flat.values.slice();
    }
    const idle = epoch + 1 - bestEpoch;
    plateau = afterPlateau(params.schedule, plateau, idle);
    checkpoint(epoch + 1, params.epochs, { epoch: epoch + 1, ...figures });
    snapshots?.keep(
      epoch + 1,
      params.epochs,
      (): Unfinished => ({
        weights: flat.values.slice(),
        optimizer: copyState(optimizer),
        history: [...history],
        best,
        bestEpoch,
        bestWeights,
        plateau,
      }),
    );
    if (params.earlyStopping && idle >= params.patience && epoch + 1 < params.epochs) {
      stopped = "early";
      break;
    }
  }
  return { weights: bestWeights ?? flat.values, history, bestEpoch: bestWeights ? bestEpoch : history.length, stopped };
}

function copyState({ steps, first, second }: OptimizerState): OptimizerState {
  return { steps, first: first.slice(), second: second.slice() };
}

/** What is smaller where an epoch is better. */
function worthOf(monitor: string, figures: EpochFigures, isHeld: boolean): number {
  const name = isHeld ? monitor : monitor.replace(/^val_/, "");
  const value = figures[name];
  if (value === undefined)
    throw new ParamsError(
      `network: monitor must be a figure of the epochs, got "${monitor}"${suggest(name, Object.keys(figures))}`,
    );
  return name.endsWith("accuracy") ? -value : value;
}

/** All rows once, in an order of their own for each epoch. */
function passOnce(
  lesson: Lesson,
  learner: Learner,
  flat: FlatWeights,
  params: NetworkParams,
  epoch: number,
  begin: OptimizerState,
  plateau: number,
  checkpoint: FitContext["checkpoint"],
  firstLoss: number | undefined,
): { readonly optimizer: OptimizerState; readonly figures: EpochFigures; readonly rate: number } {
  const { known, targets } = lesson;
  const order = random(params.seed, `network/order/${epoch}`).permutation(known.length);
  const batches = Math.ceil(known.length / params.batchSize);
  const tallies = targets.map(emptyTally);
  const gradient = new Float32Array(flat.trained);
  let optimizer = begin;
  let rate = 0;
  for (let batch = 0; batch < batches; batch++) {
    checkpoint();
    const rows = Uint32Array.from(order.subarray(batch * params.batchSize, (batch + 1) * params.batchSize), (i) => known[i]!);
    learner.learn(rows, gradient, tallies, { seed: params.seed, stream: `network/${epoch}/${batch}` });
    const loss = tallies.reduce((sum, tally, k) => sum + targets[k]!.output.weight * (tally.loss / tally.rows), 0);
    rate = params.learningRate * rateShare(params.schedule, epoch, batch, batches, params.epochs, plateau);
    if (!Number.isFinite(loss) || !areFinite(gradient)) throw diverged(`became ${loss}`, epoch, batch, rate);
    if (firstLoss !== undefined && loss > 1e4 * Math.max(firstLoss, 1))
      throw diverged(`grew from ${firstLoss.toPrecision(3)} to ${loss.toPrecision(3)}`, epoch, batch, rate);
    if (params.alpha > 0) addPenalty(lesson.graph, flat, gradient, params.alpha);
    optimizer = stepDown(flat.values, gradient, rate, params, optimizer);
  }
  return { optimizer, figures: figuresOf(targets, tallies, ""), rate };
}

/** One pass without a branch: NaN and ±Infinity make NaN. */
function areFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum === 0;
}

function diverged(what: string, epoch: number, batch: number, rate: number): DataError {
  return new DataError(
    `network.fit: the loss ${what} in epoch ${epoch + 1}, batch ${batch + 1}; lower learningRate (${Number(rate.toPrecision(3))}) or set clipNorm`,
  );
}

/** α · w for what multiplies; biases and scales have no penalty. */
function addPenalty({ weights }: Graph, { views, values }: FlatWeights, gradient: Float32Array, alpha: number): void {
  for (const [k, { start }] of weights.entries()) {
    if (start !== "glorot" && start !== "orthogonal" && start !== "uniform") continue;
    const view = views[k]!;
    const at = (view.byteOffset - values.byteOffset) / 4;
    for (let i = 0; i < view.length; i++) gradient[at + i]! += alpha * view[i]!;
  }
}
