import { checkKeys } from "../base/check-keys.ts";
import type { Observer } from "../base/contract.ts";
import { observerFor, signalFor } from "../base/display.ts";
import { ConflictError, ParamsError } from "../base/errors.ts";
import { checkBetween, checkInteger, wrongOption } from "./check-options.ts";
import { checkSpace } from "./check-space.ts";
import type { Space } from "./distribution.ts";
import type { History } from "./history.ts";
import type { Awaitable, ReclaimOptions, TrialEnd, TrialRecord } from "./storage.ts";
import type { Study } from "./study.ts";
import type { Trial } from "./trial.ts";
import { endOf, endOfThrown, failedBy, type ObjectiveResult } from "./trial-end.ts";

/** Gives a trial's value: smaller or greater is better, as the study's direction says. `timeUp` fires when the search's seconds are used up. */
export type Objective = (trial: Trial, timeUp: AbortSignal) => Awaitable<ObjectiveResult>;

/** Budget and manner of a search. At least one of `trials`, `total` and `seconds` bounds it, or the sampler does (a grid). */
export interface OptimizeOptions {
  /** Trials of this call at most. */
  readonly trials?: number;
  /** Trials of the study at most, those of other calls and processes counted. */
  readonly total?: number;
  /** No trial is begun after this time; those under way end in their own time. */
  readonly seconds?: number;
  /** Trials under way at once; default 1, the only number at which the same seed gives the same trials. */
  readonly concurrency?: number;
  /** Parameters to suggest before the objective is called; else it suggests them itself. */
  readonly space?: Space;
  /** What to do with parameters that a completed trial had already, where there is a space: run again (default), or take its value. */
  readonly duplicates?: "run" | "reuse";
  /** So many failures in a row end the search with the last error; default 20. */
  readonly failures?: number;
  /** Whether to go on though the study was stopped; default true. */
  readonly resume?: boolean;
  /** Ends the search within 100 ms; the running trials are recorded as failed. */
  readonly signal?: AbortSignal;
  readonly observer?: Observer;
  /** Called after every trial; `study.stop()` in it ends the search. */
  readonly onTrial?: (study: Study, trial: TrialRecord) => unknown;
}

/** What a study lends to its search. */
interface Desk {
  readonly study: Study;
  readonly history: History;
  begin(signal: AbortSignal | undefined, limit: number | undefined): Awaitable<Trial | undefined>;
  finish(trial: Trial, end: TrialEnd): Promise<TrialRecord | undefined>;
  resume(): Promise<void>;
  heartbeat(): Awaitable<void>;
  reclaim(options: ReclaimOptions): Awaitable<number>;
}

const heartbeatMs = 5000;
const silentMs = 30_000;
const attempts = 3;
/** A search of quick synchronous objectives lets timers and signals in so often. */
const sliceMs = 40;
const progressMs = 100;

const known = [
  "trials",
  "total",
  "seconds",
  "concurrency",
  "space",
  "duplicates",
  "failures",
  "resume",
  "signal",
  "observer",
  "onTrial",
];

/** Runs trials until the budget is used up. */
export async function optimize(desk: Desk, objective: Objective, options: OptimizeOptions): Promise<void> {
  const search = new Search(desk, objective, checkOptions(desk.study, options));
  await search.run();
}

function checkOptions(study: Study, options: OptimizeOptions): OptimizeOptions {
  const who = `study ${study.name}: optimize`;
  checkKeys(who, options, known);
  const { trials, total, seconds, concurrency, failures, space, duplicates } = options;
  for (const [name, value] of Object.entries({ trials, total, concurrency }))
    if (value !== undefined) checkInteger(who, { [name]: value }, 1);
  if (seconds !== undefined) checkBetween(who, { seconds }, 0, Infinity);
  if (failures !== undefined && failures !== Infinity) checkInteger(who, { failures }, 1);
  if (space) checkSpace(who, space);
  if (duplicates !== undefined && duplicates !== "run" && duplicates !== "reuse")
    throw wrongOption(who, "duplicates", 'must be "run" or "reuse"', duplicates);
  const bounded = trials ?? total ?? seconds ?? study.sampler.size;
  if (bounded === undefined) throw new ParamsError(`${who}: give a budget: trials, total or seconds`);
  return { ...options, ...(trials === undefined && total === undefined && { total: study.sampler.size }) } as OptimizeOptions;
}

/** One call of `optimize`: its budget, its lanes, its failures in a row. */
class Search {
  readonly #desk: Desk;
  readonly #objective: Objective;
  readonly #options: OptimizeOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #observer: Observer | undefined;
  readonly #begin = performance.now();
  readonly #timeUp = new AbortController();
  readonly #values = new Map<string, TrialRecord>();
  #entered = 0;
  #begun = 0;
  #ended = 0;
  #failed = 0;
  #over = false;
  #error: unknown;
  #told = -Infinity;
  #breath = performance.now();

  constructor(desk: Desk, objective: Objective, options: OptimizeOptions) {
    this.#desk = desk;
    this.#objective = objective;
    this.#options = options;
    this.#signal = signalFor(options.signal);
    this.#observer = observerFor({ task: "transform", name: "tune", params: {} }, options.observer);
  }

  async run(): Promise<void> {
    const { concurrency = 1, resume = true } = this.#options;
    this.#signal?.throwIfAborted();
    if (resume && this.#desk.study.stopped) await this.#desk.resume();
    await this.#desk.reclaim({ silentMs, attempts });
    let beats = 0;
    const pulse = setInterval(() => {
      void this.#care(++beats).catch((error) => this.#give(error));
    }, heartbeatMs);
    const clock = this.#clock();
    try {
      await Promise.all(Array.from({ length: concurrency }, () => this.#lane()));
    } finally {
      clearInterval(pulse);
      clearTimeout(clock);
    }
    this.#tell(true);
    this.#signal?.throwIfAborted();
    if (this.#error !== undefined) throw this.#error;
  }

  async #lane(): Promise<void> {
    try {
      while (this.#open()) {
        this.#begun++;
        const begun = this.#desk.begin(this.#signal, this.#options.total);
        const trial = begun instanceof Promise ? await begun : begun;
        if (!trial) return;
        await this.#evaluate(trial);
        if (performance.now() - this.#breath > sliceMs) await this.#breathe();
      }
    } catch (error) {
      this.#give(error);
    }
  }

  /** A timer may fire a little early: a search is over by it too, else it would begin trials that end at once. */
  #clock(): NodeJS.Timeout | undefined {
    const { seconds = Infinity } = this.#options;
    if (seconds * 1000 >= 2 ** 31) return undefined;
    const reason = new DOMException(`tune: the budget of ${seconds} s was used up`, "TimeoutError");
    return setTimeout(() => this.#timeUp.abort(reason), seconds * 1000);
  }

  #open(): boolean {
    const { trials = Infinity, seconds = Infinity } = this.#options;
    return (
      !this.#over &&
      !this.#signal?.aborted &&
      !this.#timeUp.signal.aborted &&
      !this.#desk.study.stopped &&
      this.#begun < trials &&
      performance.now() - this.#begin < 1000 * seconds
    );
  }

  async #evaluate(trial: Trial): Promise<void> {
    const end = await this.#endOf(trial);
    const record = await this.#desk.finish(trial, end);
    if (!record) return; // another worker has it
    this.#ended++;
    this.#count(record, (end as { thrown?: unknown }).thrown);
    this.#tell(false);
    await this.#options.onTrial?.(this.#desk.study, record);
  }

  async #endOf(trial: Trial): Promise<TrialEnd> {
    const { directions } = this.#desk.study;
    try {
      const { space, duplicates } = this.#options;
      if (space) {
        trial.suggestAll(space);
        await trial.flush();
        const former = duplicates === "reuse" ? this.#former(trial) : undefined;
        if (former) return { state: "completed", values: former.values, attributes: asFormer(former, trial) };
      }
      const result = this.#objective(trial, this.#timeUp.signal);
      return endOf(trial, result instanceof Promise ? await unlessAborted(result, trial.signal) : result, directions);
    } catch (error) {
      return trial.signal.aborted ? failedBy(trial.signal.reason) : endOfThrown(trial, error, directions);
    }
  }

  /** The completed trial of the same parameters. O(1): every completed trial is entered once. */
  #former(trial: Trial): TrialRecord | undefined {
    const completed = this.#desk.history.ended("completed");
    for (; this.#entered < completed.length; this.#entered++) {
      const record = completed[this.#entered]!;
      this.#values.set(keyOf(record.params), record);
    }
    return this.#values.get(keyOf(trial.params));
  }

  /** Failures in a row; an abort is none. */
  #count({ state, error }: TrialRecord, thrown: unknown): void {
    if (state !== "failed") this.#failed = 0;
    else if (!this.#signal?.aborted && !(thrown instanceof ConflictError)) this.#failed++;
    if (this.#failed >= (this.#options.failures ?? 20)) this.#give(thrown ?? new Error(error ?? "failed"));
  }

  /** Ends the search with an error, the first one. */
  #give(error: unknown): void {
    this.#error ??= error;
    this.#over = true;
  }

  async #care(beats: number): Promise<void> {
    await this.#desk.heartbeat();
    if (beats % 3 === 0) await this.#desk.reclaim({ silentMs, attempts });
  }

  /** Lets timers, messages and signals in. */
  async #breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#breath = performance.now();
  }

  #tell(last: boolean): void {
    const now = performance.now();
    if (!this.#observer?.progress || (!last && now - this.#told < progressMs)) return;
    this.#told = now;
    const { trials, total } = this.#options;
    const best = this.#desk.study.directions.length === 1 ? this.#desk.history.best() : undefined;
    const failed = this.#desk.history.ended("failed").length;
    const pruned = this.#desk.history.ended("pruned").length;
    this.#observer.progress({
      step: this.#ended,
      steps: Math.max(this.#ended, trials ?? total ?? 0),
      metrics: {
        ...(best && { best: best.values![0]!, trial: best.number }),
        ...(pruned && { pruned }),
        ...(failed && { failed }),
      },
      elapsedMs: now - this.#begin,
    });
  }
}

/** What was found of the same parameters before. */
function asFormer({ attributes, number }: TrialRecord, trial: Trial): TrialRecord["attributes"] {
  return { ...attributes, ...trial.attributes, duplicateOf: number };
}

/** The same text for the same parameters, in whatever order. */
function keyOf(params: TrialRecord["params"]): string {
  return JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a promise gives, unless the signal comes first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
