import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import type { FitContext, FitOptions, Fitted, Spec } from "../base/contract.ts";
import { observerFor, signalFor } from "../base/display.ts";
import { fitOnPool } from "../base/pool.ts";
import { define, isShipped } from "../base/registry.ts";
import { hasProba, predictSync, probaSync } from "../base/run.ts";
import { defineWork } from "../base/worker.ts";
import { type Matrix, matrix } from "../numeric/matrix.ts";

/** How long questions to a model are run. */
export type AskOptions = Pick<FitOptions, "signal" | "observer" | "threads">;

/** Their names. */
export const askKeys = ["signal", "observer", "threads"];

type Prepare = (shared: never) => (index: number) => unknown;

const questions = new Map<string, Prepare>();

/**
 * Defines a question that `askOnThreads` spreads over the pool: `prepare` runs once a thread on the shared data and gives the function of
 * one piece, whose answer is plain data. Pieces must not depend on each other.
 */
export function defineQuestion<S, R>(name: string, prepare: (shared: S) => (index: number) => R): void {
  questions.set(name, prepare as Prepare);
  defineWork(name, prepare);
}

/** A model as it crosses to a thread. */
export function plainModel({ task, name, params, columns, classes, state }: Fitted): Fitted {
  return { task, name, params, columns, classes, state };
}

/**
 * Answers of the pieces 0 … count − 1 in order, worked out on the pool's threads; what they are does not depend on how many there are. Models
 * of estimators that no thread can load are asked here, 15 ms at a time. An abort is obeyed within 100 ms.
 */
export async function askOnThreads<R>(
  question: string,
  models: readonly Spec[],
  shared: unknown,
  count: number,
  { signal: own, observer: told, threads }: AskOptions,
): Promise<R[]> {
  const signal = signalFor(own);
  const observer = observerFor({ task: "transform", name: question, params: {} }, told);
  signal?.throwIfAborted();
  if (count === 0) return [];
  if (!models.every((model) => isShipped(model))) return askHere(question, shared, count, { signal, observer });
  const spec: Spec = { task: "transform", name: work, params: { question, shared, count } };
  const input = { x: matrix([[0]]), y: new Float64Array(0), weights: undefined, classes: 0 };
  const fitted = await fitOnPool(spec, input, {
    ...(signal && { signal }),
    ...(observer && { observer }),
    ...(threads !== undefined && { threads }),
  });
  return fitted.state as R[];
}

async function askHere<R>(
  question: string,
  shared: unknown,
  count: number,
  { signal, observer }: { readonly signal: AbortSignal | undefined; readonly observer: AskOptions["observer"] },
): Promise<R[]> {
  const run = questions.get(question)!(shared as never);
  const begin = performance.now();
  const answers: R[] = [];
  for (let until = begin + 15; answers.length < count; ) {
    answers.push(run(answers.length) as R);
    if (performance.now() < until && answers.length < count) continue;
    observer?.progress?.({ step: answers.length, steps: count, metrics: {}, elapsedMs: performance.now() - begin });
    await setImmediate();
    signal?.throwIfAborted();
    until = performance.now() + 15;
  }
  return answers;
}

const work = "inspection_work";

interface Work {
  readonly question: string;
  readonly shared: unknown;
  readonly count: number;
}

// the pool runs fits, so a spread question is one: its state are the answers
define({
  task: "transform",
  name: work,
  get params() {
    return z.looseObject({});
  },
  missing: true,
  categories: true,
  fit: (_x: Matrix, _y: Float64Array, params: unknown, { parallel, checkpoint }: FitContext) => {
    const { question, shared, count } = params as Work;
    return parallel(question, shared, count, (finished) => checkpoint(finished, count));
  },
});

/** What a model says of rows: predicted numbers (n × 1), class probabilities (n × k), or certainty where a classifier has none. */
export function answersOf(model: Fitted, x: Matrix): Matrix {
  if (model.task !== "classification") return { rows: x.rows, columns: 1, data: predictSync(model, x) };
  if (hasProba(model)) return probaSync(model, x);
  const columns = model.classes!.length;
  const data = new Float64Array(x.rows * columns);
  for (const [i, code] of predictSync(model, x).entries()) data[i * columns + code] = 1;
  return { rows: x.rows, columns, data };
}
