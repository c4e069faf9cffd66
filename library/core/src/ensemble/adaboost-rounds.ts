import type { FitContext, Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { random } from "../numeric/random.ts";
import { sum } from "../numeric/statistics.ts";
import { type PartData, takeRows } from "./part-rows.ts";
import { fitPart, type PartState, partPredict, reseeded } from "./parts.ts";

/** How AdaBoost learns. */
export interface RoundParams {
  readonly estimator: Spec;
  readonly nEstimators: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly loss?: "linear" | "square" | "exponential";
}

/** One learner and how it did; no weight where it is to be thrown away. */
export interface Round {
  readonly part: PartState;
  readonly error: number;
  readonly weight: number | undefined;
}

/** Fits the learner of round `t` and moves the rows' weights. */
export type Boost = (
  t: number,
  data: PartData,
  mass: Float64Array,
  params: RoundParams,
  context: FitContext,
) => Generator<void, Round>;

/** A round of SAMME. */
export function* boostClasses(
  t: number,
  { x, y }: PartData,
  mass: Float64Array,
  { estimator, learningRate, seed }: RoundParams,
  context: FitContext,
): Generator<void, Round> {
  const spec = reseeded(estimator, random(seed, `round/${t}`).uint32());
  const part = yield* fitPart(spec, { x, y, weights: mass.slice() }, context);
  const answers = partPredict(part, spec, x);
  const total = sum(mass);
  const error = sum(mass.filter((_, i) => answers[i] !== y[i])) / total;
  if (error <= 0) return { part, error: 0, weight: 1 };
  const { classes } = context;
  if (error >= 1 - 1 / classes) {
    if (t === 0)
      throw new DataError(
        `adaboost.fit: the first learner must err less than guessing among ${classes} classes, it errs in ${(100 * error).toFixed(1)} % of the weight; take a stronger estimator`,
      );
    return { part, error, weight: undefined };
  }
  const weight = learningRate * (Math.log((1 - error) / error) + Math.log(classes - 1));
  const grown = Math.exp(weight);
  for (let i = 0; i < mass.length; i++) if (answers[i] !== y[i]) mass[i]! *= grown;
  return { part, error, weight };
}

/** A round of AdaBoost.R2. */
export function* boostNumbers(
  t: number,
  data: PartData,
  mass: Float64Array,
  { estimator, learningRate, seed, loss }: RoundParams,
  context: FitContext,
): Generator<void, Round> {
  const stream = random(seed, `round/${t}`);
  const spec = reseeded(estimator, stream.uint32());
  const drawn = takeRows(
    { ...data, weights: undefined },
    drawByMass(mass, () => stream.float()),
    context.checkpoint,
  );
  const part = yield* fitPart(spec, drawn, context);
  const answers = partPredict(part, spec, data.x);
  const errors = answers.map((answer, i) => Math.abs(answer - data.y[i]!));
  const largest = errors.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < errors.length; i++) errors[i] = judge(largest > 0 ? errors[i]! / largest : 0, loss);
  const error = sum(errors.map((each, i) => each * mass[i]!)) / sum(mass);
  if (error <= 0) return { part, error: 0, weight: 1 };
  if (error >= 0.5) return { part, error, weight: undefined };
  const weight = learningRate * Math.log((1 - error) / error);
  for (let i = 0; i < mass.length; i++) mass[i]! *= Math.exp(-weight * (1 - errors[i]!));
  return { part, error, weight };
}

function judge(share: number, loss: RoundParams["loss"]): number {
  if (loss === "square") return share * share;
  return loss === "exponential" ? 1 - Math.exp(-share) : share;
}

/** As many rows as there are, drawn with putting back, each as often as its mass says. */
function drawByMass(mass: Float64Array, float: () => number): Int32Array {
  const reached = new Float64Array(mass.length);
  let total = 0;
  for (let i = 0; i < mass.length; i++) {
    total += mass[i]!;
    reached[i] = total;
  }
  return Int32Array.from(mass, () => {
    const wanted = float() * total;
    let low = 0;
    let high = mass.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (reached[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
