import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { fitSlices, hasProba, predictSync, probaSync } from "../base/run.ts";
import { type PartData, takeRows } from "../ensemble/part-rows.ts";
import { metricByName } from "../metrics/registry.ts";
import { random } from "../numeric/random.ts";

/** One fit of a cross-validation: an estimator learns from some rows and answers for others. */
export interface FoldFit {
  /** Which of the specifications. */
  readonly spec: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** What it is called in errors, whose rows are counted within it: "fold 2". */
  readonly name?: string;
  /** The columns that it sees; default all. */
  readonly columns?: Int32Array;
  /** The random stream by which the target is put into another order before the fit; default its own order. */
  readonly shuffle?: { readonly seed: number; readonly stream: string; readonly groups?: Int32Array };
}

/** What is asked of every fit. */
export interface FoldQuestions {
  readonly specs: readonly Spec[];
  readonly fits: readonly FoldFit[];
  /** Metrics by name. */
  readonly metrics: readonly string[];
  /** Whether the metrics are wanted on the training rows too. */
  readonly onTrain: boolean;
  /** Whether the answers for the rows are wanted, beside the metrics. */
  readonly answers: boolean;
  /** Whether a fit that fails is an answer with its message, or the end of all. */
  readonly keepErrors: boolean;
}

/** What one fit gave. */
export interface FoldAnswer {
  /** Predicted numbers, or class codes (test rows); empty where answers are not asked for. */
  readonly predicted: Float64Array;
  /** Class probabilities (test rows × k); empty where there are none. */
  readonly proba: Float64Array;
  /** In the order of the questions' metrics; NaN where the fit failed, or the metric needs probabilities that the estimator has not. */
  readonly scores: Float64Array;
  /** The same on the training rows. */
  readonly trainScores: Float64Array;
  readonly fitMs: number;
  readonly predictMs: number;
  readonly error: string | null;
}

/** Questions and the rows that they are about. */
export interface FoldWork extends FoldQuestions {
  readonly data: PartData;
  readonly classes: number;
}

/** Fits one fold, answers for its test rows and scores them. Throws what the fit throws, and DataError for training rows that teach nothing. */
export function* answerFold(work: FoldWork, spec: Spec, fit: FoldFit, context: FitContext): Generator<void, FoldAnswer> {
  const { data, classes, metrics, onTrain, answers } = work;
  const whole = fit.shuffle ? { ...data, y: shuffled(data.y, fit.shuffle) } : data;
  const checkpoint = (): void => context.checkpoint();
  const known = takeRows(whole, fit.train, checkpoint, fit.columns);
  const tested = takeRows(whole, fit.test, checkpoint, fit.columns);
  const begin = performance.now();
  const codes = classes > 0 ? classesAmong(known.y, classes) : undefined;
  if (codes?.length === 1)
    throw new DataError(
      `training rows must be of two classes at least, all ${fit.train.length} are of one; stratify the folds, or take fewer`,
    );
  if (known.weights?.every((weight) => weight === 0))
    throw new DataError(`training rows must have some weight, all ${fit.train.length} have none`);
  const own = { classes: codes?.length ?? 0, weights: known.weights, groups: undefined, warmStart: undefined };
  const fitted = yield* fitSlices(spec, known.x, codes ? recode(known.y, codes) : known.y, { ...context, ...own, checkpoint });
  const trained = performance.now();
  const answer = answersOf(fitted, spec, tested, codes, classes);
  const predictMs = performance.now() - trained;
  const trainScores = onTrain
    ? scoresOf(metrics, known, answersOf(fitted, spec, known, codes, classes), classes)
    : new Float64Array(0);
  return {
    ...(answers ? answer : { predicted: new Float64Array(0), proba: new Float64Array(0) }),
    scores: scoresOf(metrics, tested, answer, classes),
    trainScores,
    fitMs: trained - begin,
    predictMs,
    error: null,
  };
}

type Answers = Pick<FoldAnswer, "predicted" | "proba">;

/** Predictions in the codes of all classes, probabilities in columns for all: a class that the fold did not hold has 0. */
function answersOf(fitted: Fitted, spec: Spec, { x }: PartData, codes: Int32Array | undefined, classes: number): Answers {
  if (!codes) return { predicted: predictSync(fitted, x), proba: new Float64Array(0) };
  const predicted = predictSync(fitted, x).map((code) => codes[code]!);
  if (!hasProba(spec)) return { predicted, proba: new Float64Array(0) };
  const { data } = probaSync(fitted, x);
  const k = codes.length;
  if (k === classes) return { predicted, proba: data };
  const proba = new Float64Array(x.rows * classes);
  for (let i = 0; i < x.rows; i++) for (let c = 0; c < k; c++) proba[i * classes + codes[c]!] = data[i * k + c]!;
  return { predicted, proba };
}

function scoresOf(metrics: readonly string[], { y }: PartData, { predicted, proba }: Answers, classes: number): Float64Array {
  const task = classes > 0 ? "classification" : "regression";
  const labels = Array.from({ length: classes }, (_, k) => k);
  return Float64Array.from(metrics, (each) => {
    const metric = metricByName(each, task);
    if (metric.needsProba && proba.length === 0) return Number.NaN;
    return metric.compute({ yTrue: y, yPred: predicted, ...(classes > 0 && { proba, classes: labels }) });
  });
}

function classesAmong(y: Float64Array, classes: number): Int32Array {
  const seen = new Uint8Array(classes);
  for (const code of y) seen[code] = 1;
  return Int32Array.from(seen.keys()).filter((code) => seen[code] === 1);
}

/** Codes among the classes that are there. */
function recode(y: Float64Array, codes: Int32Array): Float64Array {
  const places = new Map(Array.from(codes, (code, k) => [code, k]));
  return y.map((code) => places.get(code)!);
}

/** The target in random order; where there are groups, within each. */
function shuffled(y: Float64Array, { seed, stream, groups }: NonNullable<FoldFit["shuffle"]>): Float64Array {
  const draw = random(seed, stream);
  if (!groups) {
    const order = draw.permutation(y.length);
    return y.map((_, i) => y[order[i]!]!);
  }
  const members = new Map<number, number[]>();
  for (const [i, group] of groups.entries()) {
    const list = members.get(group);
    if (list) list.push(i);
    else members.set(group, [i]);
  }
  const out = y.slice();
  for (const list of members.values()) {
    const order = Int32Array.from(list);
    draw.shuffle(order);
    for (const [k, i] of list.entries()) out[i] = y[order[k]!]!;
  }
  return out;
}
