import { z } from "zod";
import type { FitContext, FitOptions, Spec } from "../base/contract.ts";
import { observerFor, signalFor } from "../base/display.ts";
import { fitOnPool } from "../base/pool.ts";
import { define, isShipped } from "../base/registry.ts";
import { lastStep } from "../base/run.ts";
import { assemble, defineWork, type Input, makeContext } from "../base/worker.ts";
import type { PartData } from "../ensemble/part-rows.ts";
import { holdsFunction } from "../ensemble/parts.ts";
import { answerFold, type FoldAnswer, type FoldQuestions, type FoldWork } from "./fold-answer.ts";

export type { FoldAnswer, FoldFit } from "./fold-answer.ts";

/**
 * Algorithms whose fit keeps all threads busy by itself. The last round of folds, which would leave threads idle, is fitted one after the other
 * on all of them.
 */
const spreadsItsFit = new Set([
  "random_forest",
  "extra_trees",
  "hist_gradient_boosting",
  "bagging",
  "voting",
  "stacking",
  "blend",
]);

const name = "cross_validation";

// on the pool a cross-validation is a fit like any other, whose state is the answers
define({
  task: "transform",
  name,
  get params() {
    return z.custom<FoldQuestions>();
  },
  missing: true,
  categories: true,
  fit: (x, y, params, context) => ({
    answers: foldFits({ x, y, weights: context.weights }, params as FoldQuestions, context),
  }),
});

/**
 * Runs fits off the calling thread, side by side on all threads; the answers do not depend on how many. An estimator that a cell defined runs
 * here, in slices. Throws what a fit throws unless errors are kept, and AbortError.
 */
export async function foldFitsOnPool(
  input: Input,
  questions: FoldQuestions,
  options: FitOptions,
): Promise<readonly FoldAnswer[]> {
  const spec: Spec = { task: "transform", name, params: questions as unknown as Spec["params"] };
  const observer = options.observer ?? observerFor(spec, undefined); // who watches needs no bar
  const signal = signalFor(options.signal);
  if (!questions.specs.every(isShipped))
    return here(input, questions, { ...options, ...(observer && { observer }), ...(signal && { signal }) });
  const fitted = await fitOnPool(spec, input, {
    ...(options.threads !== undefined && { threads: options.threads }),
    ...(observer && { observer }),
    ...(signal && { signal }),
  });
  return (fitted.state as { readonly answers: readonly FoldAnswer[] }).answers;
}

/** Runs fits on the threads of a fit that is under way. */
export function foldFits(data: PartData, questions: FoldQuestions, context: FitContext): FoldAnswer[] {
  const { fits, specs } = questions;
  const count = fits.length;
  const work: FoldWork = { ...questions, data, classes: context.classes };
  const threads = holdsFunction(specs) ? 1 : context.threads;
  const isSpread = specs.every((spec) => spreadsItsFit.has(lastStep(spec).name));
  const sideBySide = threads === 1 ? 0 : isSpread ? count - (count % threads) : count;
  const answers = context.parallel<FoldAnswer>("fold fits", { ...work, fits: fits.slice(0, sideBySide) }, sideBySide, (done) =>
    context.checkpoint(done, count),
  );
  for (let index = sideBySide; index < count; index++) {
    const slices = fitFold(work, index, context);
    for (let slice = slices.next(); ; slice = slices.next()) {
      if (slice.done) {
        answers.push(slice.value);
        break;
      }
      context.checkpoint();
    }
    context.checkpoint(index + 1, count);
  }
  return answers;
}

defineWork("fold fits", (work: FoldWork) => (index: number, checkpoint: () => void): FoldAnswer => {
  const isAborted = (): boolean => {
    checkpoint();
    return false;
  };
  const context = makeContext({ classes: work.classes, weights: undefined }, 1, isAborted, () => {});
  const slices = fitFold(work, index, context);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    checkpoint();
  }
});

async function here(input: Input, questions: FoldQuestions, { signal, observer }: FitOptions): Promise<FoldAnswer[]> {
  const isAborted = (): boolean => signal?.aborted ?? false;
  const context = makeContext(input, 1, isAborted, (progress) => observer?.progress?.(progress));
  const work: FoldWork = {
    ...questions,
    data: { x: assemble(input.x), y: input.y, weights: input.weights },
    classes: input.classes,
  };
  const answers: FoldAnswer[] = [];
  for (let index = 0; index < questions.fits.length; index++) {
    const slices = fitFold(work, index, context);
    for (let ended = false; !ended; await new Promise((resolve) => setImmediate(resolve)))
      for (const until = performance.now() + 15; !ended && performance.now() < until; ) {
        signal?.throwIfAborted();
        const slice = slices.next();
        if (slice.done) answers.push(slice.value);
        ended = slice.done ?? false;
      }
    context.checkpoint(index + 1, questions.fits.length);
  }
  return answers;
}

/** Fits, answers and scores one fold. */
function* fitFold(work: FoldWork, index: number, context: FitContext): Generator<void, FoldAnswer> {
  const { specs, fits, metrics, keepErrors } = work;
  const fit = fits[index]!;
  try {
    return yield* answerFold(work, specs[fit.spec]!, fit, context);
  } catch (error) {
    const named = error as Error;
    if (named.name === "AbortError") throw error;
    if (!keepErrors) {
      if (fit.name !== undefined && named.name !== "ParamsError") named.message = `${fit.name}: ${named.message}`;
      throw named;
    }
    const none = new Float64Array(metrics.length).fill(Number.NaN);
    const empty = new Float64Array(0);
    return {
      predicted: empty,
      proba: empty,
      scores: none,
      trainScores: none.slice(),
      fitMs: 0,
      predictMs: 0,
      error: named.message,
    };
  }
}
