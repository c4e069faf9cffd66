import { choleskySolve } from "../numeric/cholesky.ts";
import { factorScorer } from "./factor-scores.ts";
import { forLastHistory } from "./last-history.ts";
import type { KnownInteractions } from "./recommender-model.ts";
import type { History, Scorer } from "./scorer.ts";

/** What BPR learns. */
export interface BprState {
  /** Users × (factors + 1), row-major; the last is 1. */
  readonly users: Float32Array;
  /** Items × (factors + 1), row-major; the last is the item's bias. */
  readonly items: Float32Array;
  /** Values of a row: factors + 1. */
  readonly width: number;
}

const newtonSteps = 12;
/** Keeps the vector of a new user finite where no penalty was asked. */
const penaltyLeast = 1e-3;

/**
 * Scores x·y + bias; of somebody new, x maximises Σ log σ(x·(y − ȳ)) − n λ ‖x‖² / 2 over their n items, ȳ the mean item. There n λ x = Σ (1 − σ) (y − ȳ): the
 * shares of the items in a score.
 */
export function bprScorer({ offsets }: KnownInteractions, { users, items, width }: BprState, regularization: number): Scorer {
  const f = width - 1;
  const count = items.length / width;
  const centre = new Float64Array(f);
  for (let j = 0; j < f; j++) for (let at = j; at < items.length; at += width) centre[j]! += items[at]! / count;
  const fold = forLastHistory(({ codes }: History): { x: Float64Array; doubts: Float64Array; weight: number } => {
    const weight = codes.length * Math.max(regularization, penaltyLeast);
    const offs = Array.from(codes, (code) => centre.map((mean, j) => items[code * width + j]! - mean));
    const x = new Float64Array(f);
    const doubts = new Float64Array(codes.length);
    const doubt = (): void => {
      for (const [k, off] of offs.entries())
        doubts[k] = 1 / (1 + Math.exp(off.reduce((sum, value, j) => sum + value * x[j]!, 0)));
    };
    for (let step = 0; step < newtonSteps; step++) {
      doubt();
      const slope = x.map((value) => -weight * value);
      const curvature = new Float64Array(f * f);
      for (let j = 0; j < f; j++) curvature[j * f + j] = weight;
      for (const [k, off] of offs.entries()) {
        const bend = doubts[k]! * (1 - doubts[k]!);
        for (let i = 0; i < f; i++) {
          slope[i]! += doubts[k]! * off[i]!;
          for (let j = 0; j <= i; j++) curvature[i * f + j]! += bend * off[i]! * off[j]!;
        }
      }
      const move = choleskySolve(curvature, slope);
      for (let j = 0; j < f; j++) x[j]! += move[j]!;
    }
    doubt();
    return { x, doubts, weight };
  });
  const vectorOf = (history: History): Float32Array => {
    if (history.user >= 0 && offsets[history.user + 1]! > offsets[history.user]!)
      return users.subarray(history.user * width, (history.user + 1) * width);
    return Float32Array.from([...fold(history).x, 1]);
  };
  return {
    ...factorScorer({ dimensions: width, users, items, vectorOf }),
    shares(history, item) {
      const { doubts, weight } = fold(history);
      return Float64Array.from(history.codes, (code, k) => {
        let product = 0;
        for (let j = 0; j < f; j++) product += (items[code * width + j]! - centre[j]!) * items[item * width + j]!;
        return (doubts[k]! * product) / weight;
      });
    },
  };
}
