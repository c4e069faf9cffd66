import { DataError } from "../../base/errors.ts";
import { metricByName } from "../../metrics/registry.ts";
import type { BoostRun, LossDriver } from "./boost.ts";
import { operation } from "./crew.ts";
import type { GrownNode, Units } from "./grown-tree.ts";
import { type Loss, type LossSettings, weightedQuantile } from "./losses.ts";

/** What a loss is asked to do beside being minimised. */
interface DriverSettings extends LossSettings {
  /** Metric that the validation rows are measured by; null: the loss itself. */
  readonly metric: string | null;
}

/** Drives a loss of one score. */
export function singleDriver(
  loss: Loss,
  settings: DriverSettings,
  y: Float64Array,
  weights: Float64Array | undefined,
  from?: Float64Array,
): LossDriver {
  const alpha = loss.alpha(settings);
  const base = from ?? Float64Array.of(loss.start(y, weights, settings));
  const heaviest = weights ? weights.reduce((a, b) => Math.max(a, b), 0) : 1;
  const renewed = loss.renew?.(settings);
  const validate = settings.metric
    ? byMetric(settings.metric, loss)
    : (scores: Float64Array, targets: Float64Array): number => {
        let sum = 0;
        for (let i = 0; i < scores.length; i++) sum += loss.value(scores[i]!, targets[i]!, settings);
        return sum / scores.length;
      };
  return {
    outputs: 1,
    base,
    rest: { objective: loss.name, link: loss.link, scale: 1 },
    given: false,
    derive(run) {
      const [g, h] = loss.peaks
        ? loss.peaks.map((peak) => peak * heaviest)
        : measured(run, operation.derive, loss.code, alpha, 0, 0, 0);
      const units = unitsOf(run, g!, h!, 0);
      run.overRows(operation.derive, loss.code, alpha, 1 / units.g, 1 / units.h, 1);
      return [units];
    },
    ...(renewed !== undefined && {
      renew: (run: BoostRun, _: number, nodes: readonly GrownNode[]) => renew(run, nodes, renewed, weights),
    }),
    validate: ({ at, numbers }) =>
      validate(
        numbers.slice(at.validationScores / 8, at.validationScores / 8 + at.validationRows),
        numbers.slice(at.targets / 8 + at.rows, at.targets / 8 + at.rows + at.validationRows),
      ),
  };
}

/** Leaves answer a quantile of what their rows still miss. Source: Friedman (2001), section 4.3. */
function renew({ at, numbers }: BoostRun, nodes: readonly GrownNode[], share: number, weights: Float64Array | undefined): void {
  const index = new Uint32Array(numbers.buffer, at.index, at.rows);
  for (const node of nodes) {
    if (node.split) continue;
    const rows = index.subarray(node.start, node.start + node.rows);
    const missed = Float64Array.from(rows, (i) => numbers[at.targets / 8 + i]! - numbers[at.scores / 8 + i]!);
    node.value = weightedQuantile(missed, weights && Float64Array.from(rows, (i) => weights[i]!), share);
  }
}

/** Drives the multinomial loss over the softmax of k scores: g = p − 1[class], h = p (1 − p) k / (k − 1). */
export function multinomialDriver(
  classes: number,
  settings: DriverSettings,
  y: Float64Array,
  weights: Float64Array | undefined,
  from?: Float64Array,
): LossDriver {
  const shares = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    shares[y[i]!]! += weights?.[i] ?? 1;
    total += weights?.[i] ?? 1;
  }
  const heaviest = weights ? weights.reduce((a, b) => Math.max(a, b), 0) : 1;
  const factor = classes / (classes - 1);
  const measure = settings.metric === null ? undefined : classMeasure(settings.metric, classes);
  return {
    outputs: classes,
    base: from ?? shares.map((share) => Math.log(Math.max(1e-15, share / total))),
    rest: { objective: "log_loss", link: "softmax", scale: 1 },
    given: false,
    derive(run) {
      const units = unitsOf(run, heaviest, (factor / 4) * heaviest, 0);
      run.overRows(operation.deriveMultinomial, factor, 1 / units.g, 1 / units.h);
      return Array.from({ length: classes }, (_, k) => ({ ...units, gradients: run.at.gradients + 8 * k * run.at.rows }));
    },
    validate(run) {
      const { at, numbers } = run;
      const n = at.validationRows;
      const proba = softmaxRows(numbers.slice(at.validationScores / 8, at.validationScores / 8 + classes * n), n, classes);
      const targets = numbers.slice(at.targets / 8 + at.rows, at.targets / 8 + at.rows + n);
      if (measure) return measure(proba, targets);
      let sum = 0;
      for (let i = 0; i < n; i++) sum -= Math.log(Math.max(1e-15, proba[i * classes + targets[i]!]!));
      return sum / n;
    },
  };
}

/** Softmax of scores that lie output by output, as rows (n × k). */
function softmaxRows(scores: Float64Array, n: number, k: number): Float64Array {
  const proba = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    let top = -Infinity;
    for (let c = 0; c < k; c++) top = Math.max(top, scores[c * n + i]!);
    let sum = 0;
    for (let c = 0; c < k; c++) sum += proba[i * k + c] = Math.exp(scores[c * n + i]! - top);
    for (let c = 0; c < k; c++) proba[i * k + c]! /= sum;
  }
  return proba;
}

function byMetric(name: string, loss: Loss): (scores: Float64Array, targets: Float64Array) => number {
  if (loss.link === "sigmoid") {
    const measure = classMeasure(name, 2);
    return (scores, targets) => {
      const proba = new Float64Array(2 * scores.length);
      for (const [i, score] of scores.entries()) {
        proba[2 * i + 1] = 1 / (1 + Math.exp(-score));
        proba[2 * i] = 1 - proba[2 * i + 1]!;
      }
      return measure(proba, targets);
    };
  }
  const { compute, greaterIsBetter } = metricByName(name, "regression");
  return (scores, targets) => {
    const value = compute({ yTrue: targets, yPred: loss.link === "exp" ? scores.map(Math.exp) : scores });
    return smallerIsBetter(name, value, greaterIsBetter, targets.length);
  };
}

function classMeasure(name: string, classes: number): (proba: Float64Array, targets: Float64Array) => number {
  const { compute, greaterIsBetter } = metricByName(name, "classification");
  const labels = Array.from({ length: classes }, (_, k) => k);
  return (proba, targets) => {
    const yPred = Float64Array.from(targets, (_, i) =>
      labels.reduce((best, k) => (proba[i * classes + k]! > proba[i * classes + best]! ? k : best), 0),
    );
    return smallerIsBetter(name, compute({ yTrue: targets, yPred, proba, classes: labels }), greaterIsBetter, targets.length);
  };
}

function smallerIsBetter(name: string, value: number, greaterIsBetter: boolean, rows: number): number {
  if (!Number.isFinite(value))
    throw new DataError(
      `hist_gradient_boosting.fit: metric ${name} is ${value} on the ${rows} rows held out; take a larger validationFraction or another metric`,
    );
  return greaterIsBetter ? -value : value;
}

/** Largest |g| and h over all rows. */
function measured(run: BoostRun, wanted: number, ...told: number[]): [number, number] {
  const pieces = run.overRows(wanted, ...told);
  let g = 0;
  let h = 0;
  for (let piece = 0; piece < pieces; piece++) {
    g = Math.max(g, run.numbers[run.at.answers / 8 + 2 * piece]!);
    h = Math.max(h, run.numbers[run.at.answers / 8 + 2 * piece + 1]!);
  }
  return [g, h];
}

/**
 * The sizes of a quantised unit, powers of two: as fine as 30 bits a row and sums below 2⁵¹ allow.
 */
function unitsOf({ at, headroom }: BoostRun, peakG: number, peakH: number, output: number): Units {
  const limit = Math.min(2 ** 30, 2 ** 51 / at.rows) / headroom;
  return { g: unit(peakG, limit), h: unit(peakH, limit), gradients: at.gradients + 8 * output * at.rows };
}

function unit(peak: number, limit: number): number {
  if (!(peak < Infinity)) return peak;
  let size = 1;
  while (peak / size > limit) size *= 2;
  while (peak > 0 && peak / (size / 2) <= limit && size > 1e-290) size /= 2;
  return size;
}

/** Drives derivatives that a function writes: `write` fills g, then h, output by output (outputs × n each), from scores laid out alike. */
export function givenDriver(
  rest: LossDriver["rest"],
  base: Float64Array,
  write: (scores: Float64Array, g: Float64Array, h: Float64Array) => void,
  validate: LossDriver["validate"],
): LossDriver {
  return {
    outputs: base.length,
    base,
    rest,
    given: true,
    derive(run) {
      const { at, numbers } = run;
      const n = at.outputs * at.rows;
      const given = at.given / 8;
      write(
        numbers.subarray(at.scores / 8, at.scores / 8 + n),
        numbers.subarray(given, given + n),
        numbers.subarray(given + n, given + 2 * n),
      );
      return Array.from({ length: at.outputs }, (_, k) => {
        const units = unitsOf(run, ...measured(run, operation.quantiseGiven, k, 0, 0, 0), k);
        run.overRows(operation.quantiseGiven, k, 1 / units.g, 1 / units.h, 1);
        return units;
      });
    },
    validate,
  };
}

/**
 * A loss of the user: from scores and targets (n each; for k classes the scores k × n, class by class) the first and second derivatives, laid out like the
 * scores. It is called on the thread of `fit`'s caller once an iteration, and must not keep or change what it is given.
 */
export type CustomLoss = (
  scores: Float64Array,
  targets: Float64Array,
) => { readonly gradient: ArrayLike<number>; readonly hessian: ArrayLike<number> };

/** Drives a loss of the user; what is not its own (start, link, validation) is that of the driver it stands for. */
export function customDriver(
  loss: CustomLoss,
  instead: LossDriver,
  y: Float64Array,
  weights: Float64Array | undefined,
): LossDriver {
  const write = (scores: Float64Array, g: Float64Array, h: Float64Array): void => {
    const answer = loss(scores.slice(), y) as Partial<ReturnType<CustomLoss>> | undefined;
    for (const [name, given, into] of [
      ["gradient", answer?.gradient, g],
      ["hessian", answer?.hessian, h],
    ] as const) {
      if (given?.length !== scores.length)
        throw new DataError(
          `hist_gradient_boosting: customLoss must give a ${name} of ${scores.length} numbers, got ${given?.length ?? typeof given}`,
        );
      for (let i = 0; i < scores.length; i++) {
        if (!Number.isFinite(given[i]))
          throw new DataError(`hist_gradient_boosting: customLoss gave ${name} ${given[i]} in place ${i}`);
        into[i] = given[i]! * (weights?.[i % y.length] ?? 1);
      }
    }
    const bad = h.findIndex((value) => value < 0);
    if (bad >= 0)
      throw new DataError(
        `hist_gradient_boosting: customLoss gave hessian ${answer!.hessian![bad]} in place ${bad}, must be ≥ 0`,
      );
    if (h.every((value) => value === 0))
      throw new DataError("hist_gradient_boosting: customLoss gave nothing but hessians of 0, give 1 where there is none");
  };
  return givenDriver({ ...instead.rest, objective: "custom" }, instead.base, write, instead.validate);
}
