import { random } from "../numeric/random.ts";
import { getWeights, type Network, squaredWeights, type Weights } from "./network.ts";
import { copyRuns, optimiser } from "./optimiser.ts";
import { diverged, learn, type Trained, type TrainingContext, type TrainingData, type TrainingParams } from "./training.ts";
import { score, shuffleRows, splitRows } from "./validation.ts";

/** A training that is not finished, after a pass. */
interface Unfinished {
  readonly epochs: number;
  /** Weights and moments. */
  readonly runs: readonly Uint8Array[];
  readonly optimiser: readonly number[];
  readonly curve: Float64Array;
  readonly scores: Float64Array;
  readonly best: number;
  readonly bestWeights: Weights | undefined;
  readonly idle: number;
}

/** Trains by Adam or gradient descent on batches of shuffled rows. O(n · weights) a pass. */
export function byBatches(
  network: Network,
  data: TrainingData,
  params: TrainingParams,
  { checkpoint, snapshots }: TrainingContext,
): Trained {
  const { alpha, maxIter, tol, nIterNoChange, earlyStopping, shuffle, seed } = params;
  const stream = random(seed, "neural/batches");
  const { known, held } = splitRows(data, params, stream);
  const all = new Uint32Array(network.buffer, network.order, network.n);
  all.set(known);
  all.set(held, known.length);
  const order = all.subarray(0, known.length);
  const batch = Math.min(params.batchSize === "auto" ? 200 : params.batchSize, known.length);
  const step = optimiser(network, params);
  const former = snapshots?.from as Unfinished | undefined;
  if (former) {
    copyRuns(network, former.runs);
    step.goOn(former.optimiser);
    if (shuffle) for (let epoch = 0; epoch < former.epochs; epoch++) shuffleRows(order, stream);
  }
  const curve: number[] = Array.from(former?.curve ?? []);
  const scores: number[] = Array.from(former?.scores ?? []);
  let { best, bestWeights, idle } = former ?? { best: Infinity, bestWeights: undefined, idle: 0 };
  let converged = false;
  for (let epoch = 1 + (former?.epochs ?? 0); epoch <= maxIter && !converged; epoch++) {
    if (shuffle) shuffleRows(order, stream);
    let sum = 0;
    for (let from = 0; from < order.length; from += batch) {
      const to = Math.min(order.length, from + batch);
      const { loss, total } = learn(network, data, order, from, to, checkpoint);
      if (total === 0) continue;
      sum += ((loss + 0.5 * alpha * squaredWeights(network)) / total) * (to - from);
      step.update(1 / total, alpha / total);
    }
    const loss = sum / order.length;
    if (!Number.isFinite(loss)) throw diverged(loss);
    curve.push(loss);
    if (earlyStopping) scores.push(score(network, data, all, known.length));
    const worth = earlyStopping ? -scores.at(-1)! : loss;
    idle = worth > best - tol ? idle + 1 : 0;
    if (worth < best) {
      best = worth;
      if (earlyStopping) bestWeights = getWeights(network);
    }
    checkpoint(epoch, maxIter, earlyStopping ? { loss, validation_score: scores.at(-1)! } : { loss });
    step.epochEnds(epoch * order.length);
    if (idle > nIterNoChange) {
      converged = !step.slowDown();
      idle = 0;
    }
    const passes = epoch;
    snapshots?.keep(
      epoch,
      maxIter,
      (): Unfinished => ({
        epochs: passes,
        runs: copyRuns(network),
        optimiser: step.state(),
        curve: Float64Array.from(curve),
        scores: Float64Array.from(scores),
        best,
        bestWeights,
        idle,
      }),
    );
  }
  const weights = bestWeights ?? getWeights(network);
  return {
    ...weights,
    lossCurve: Float64Array.from(curve),
    validationScores: Float64Array.from(scores),
    iterations: curve.length,
    converged,
  };
}
