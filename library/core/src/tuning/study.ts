import type { Classifier, Spec } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ConflictError, NotFoundError, ParamsError } from "../base/errors.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { withParams } from "../base/with-params.ts";
import { checkParams } from "./check-space.ts";
import type { Space, TrialParams } from "./distribution.ts";
import { history, type WritableHistory } from "./history.ts";
import { type Objective, type OptimizeOptions, optimize } from "./optimize.ts";
import { type ImportanceOptions, type ParamImportance, paramImportance } from "./param-importance.ts";
import { paretoFront } from "./pareto.ts";
import type { Pruner } from "./pruner.ts";
import type { Sampler } from "./sampler.ts";
import type { AddedTrial, Awaitable, Begun, Direction, StudyRecord, StudyStorage, TrialEnd, TrialRecord } from "./storage.ts";
import { Trial } from "./trial.ts";
import { endOf, endOfTold, type ObjectiveResult, type ToldState } from "./trial-end.ts";
import { trialsOfSpace } from "./trials-of-space.ts";

/** A trial as a study shows it: its record, and its value where there is one objective. */
export interface StudyTrial extends TrialRecord {
  /** The value of the first objective; null where there is none. */
  readonly value: number | null;
}

/** What a study is made of. */
interface StudyParts {
  readonly record: StudyRecord;
  readonly storage: StudyStorage;
  readonly sampler: Sampler;
  readonly pruner: Pruner;
}

/**
 * A search for good parameters: trials, who suggests them, and where they are kept. Made by `createStudy` and `tune`.
 *
 * One study may be worked on by many processes that open it by name; each sees the others' trials before it suggests the next.
 */
export class Study {
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  /** The store's id of this study. */
  readonly id: string;
  /** What was said of the study when it was created: metric, data, space. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly #storage: StudyStorage;
  readonly #history: WritableHistory;
  readonly #worker = crypto.randomUUID();
  readonly #asked = new Map<number, Trial>();
  #cursor = "";
  #stopped: boolean;
  #shown: { readonly revision: number; readonly trials: readonly StudyTrial[] } | undefined;

  /** Called by `createStudy`. */
  constructor({ record, storage, sampler, pruner }: StudyParts) {
    this.id = record.id;
    this.name = record.name;
    this.directions = record.directions;
    this.attributes = record.attributes;
    this.sampler = sampler;
    this.pruner = pruner;
    this.#storage = storage;
    this.#stopped = record.stopped;
    this.#history = history(record.name, record.directions);
    displayable("study", this);
  }

  /** Trials of which something is known here, by number. */
  get trials(): readonly StudyTrial[] {
    const { revision } = this.#history;
    if (this.#shown?.revision !== revision) this.#shown = { revision, trials: this.#history.all().map(withValue) };
    return this.#shown.trials;
  }

  /** The best completed trial. Throws NotFoundError where none is, ParamsError where there are several objectives. */
  get best(): StudyTrial {
    if (this.directions.length > 1)
      throw new ParamsError(`study ${this.name}: there is no one best of ${this.directions.length} objectives, see paretoFront`);
    const best = this.#history.best();
    if (best) return displayable("study-trial", withValue(best));
    const failed = this.#history.ended("failed").at(-1);
    const pruned = this.#history.ended("pruned").length;
    throw new NotFoundError(
      `study ${this.name}: no trial has completed${pruned > 0 ? `, ${pruned} were pruned` : ""}${failed ? `; trial ${failed.number} failed: ${failed.error}` : ""}`,
    );
  }

  /** Completed trials that no other beats in every objective. O(n log n) for one and two objectives, else O(n²). */
  get paretoFront(): readonly StudyTrial[] {
    const completed = this.#history.ended("completed");
    return paretoFront(
      completed.map(({ values }) => values!),
      this.directions,
    ).map((k) => withValue(completed[k]!));
  }

  /** The tuned estimator with a trial's parameters, default the best's. Throws ParamsError where the study is not of an estimator. */
  estimator<E = Classifier>(trial: Pick<TrialRecord, "params"> & Partial<Pick<TrialRecord, "attributes">> = this.best): E {
    const own = trial.attributes?.["estimator"] as Spec | undefined;
    if (own) return estimatorFromSpec(own) as E;
    const base = this.attributes["estimator"] as Spec | undefined;
    if (!base) throw new ParamsError(`study ${this.name}: it is not of an estimator, but of a function`);
    return estimatorFromSpec(withParams(base, trial.params)) as E;
  }

  /** What the objectives are called, where the study was told. */
  get metrics(): readonly string[] | undefined {
    const metrics = this.attributes["metrics"];
    return Array.isArray(metrics) && metrics.length === this.directions.length ? metrics.map(String) : undefined;
  }

  /** Parameters that are searched in the logarithm, as the latest trial has them: for plots. */
  get logParams(): readonly string[] {
    const distributions = this.#history.ended("completed").at(-1)?.distributions ?? {};
    return Object.entries(distributions).flatMap(([name, each]) => (each.type !== "categorical" && each.log ? [name] : []));
  }

  /** Whether somebody asked the study to stop. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Each parameter's share in what the objective varies by. See `ImportanceOptions`. */
  importance(options: ImportanceOptions = {}): readonly ParamImportance[] {
    return paramImportance(this.#history, options);
  }

  /**
   * Runs trials until a budget is used up, the study is stopped, or the signal ends it. A trial whose objective throws or gives NaN is
   * recorded as failed, and the study goes on. Throws an AbortError, or the last error of too many failures in a row; what was found stays.
   */
  async optimize(objective: Objective, options: OptimizeOptions): Promise<this> {
    await optimize(this.#desk(), objective, options);
    return this;
  }

  /** Hands out a trial to be told of later; with a space, its parameters are chosen. */
  async ask(space?: Space): Promise<Trial> {
    const trial = (await this.#begin())!;
    if (space) trial.suggestAll(space);
    await trial.flush();
    this.#asked.set(trial.number, trial);
    return trial;
  }

  /** Ends a trial that was asked for: with its value, one value an objective, or how it ended without. */
  async tell(trial: Trial | number, result: ObjectiveResult | ToldState): Promise<StudyTrial> {
    const number = typeof trial === "number" ? trial : trial.number;
    const asked = this.#asked.get(number);
    if (!asked) throw new NotFoundError(`study ${this.name}: trial ${number} was not asked for here, or was told of before`);
    this.#asked.delete(number);
    const end: TrialEnd =
      typeof result === "object" && "state" in result
        ? endOfTold(asked, result, this.directions)
        : endOf(asked, result, this.directions);
    const record = await this.#finish(asked, end);
    if (!record) throw new ConflictError(`study ${this.name}: trial ${number} was taken by another worker`);
    return withValue(record);
  }

  /** Queues parameters to be tried next; what they leave out is suggested. Answers the trial's number. */
  async enqueue(params: TrialParams, space?: Space): Promise<number> {
    if (space) checkParams(`study ${this.name}: enqueue`, params, space);
    return (await this.addTrials([{ state: "waiting", fixed: params }]))[0]!;
  }

  /** Takes in a trial from elsewhere; answers its number. */
  async addTrial(trial: AddedTrial): Promise<number> {
    return (await this.addTrials([trial]))[0]!;
  }

  /** Takes in trials from elsewhere, as those of an earlier study; answers their numbers. */
  async addTrials(trials: readonly AddedTrial[]): Promise<readonly number[]> {
    for (const { state, values } of trials)
      if (state === "completed" && (values?.length !== this.directions.length || values.some(Number.isNaN)))
        throw new ParamsError(
          `study ${this.name}: a completed trial must have ${this.directions.length} values, got ${JSON.stringify(values)}`,
        );
    const numbers = await this.#storage.add(this.id, trials);
    await this.sync();
    return numbers;
  }

  /** Completed and pruned trials whose parameters are all of a space, and all that it asks for: to begin another study with. */
  trialsOf(space: Space): readonly AddedTrial[] {
    return trialsOfSpace(this.name, this.#history.all(), space);
  }

  /** Ends every `optimize` of this study after its running trials, in every process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#storage.setStopped(this.id, true);
  }

  /** Takes in what other processes did. O(what changed). */
  async sync(): Promise<void> {
    for (;;) {
      const changes = await this.#storage.changes(this.id, this.#cursor, { worker: this.#worker });
      this.#take(changes);
      if (!changes.more) return;
    }
  }

  /** Summary as JSON; the trials are in `trials`. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, directions, attributes } = this;
    return { name, directions, attributes, trials: this.#history.all().length };
  }

  #take(changes: Begun["changes"]): void {
    for (const trial of changes.trials) this.#history.put(trial);
    this.#cursor = changes.cursor;
    this.#stopped = changes.stopped;
  }

  #begin(signal?: AbortSignal, limit?: number): Awaitable<Trial | undefined> {
    const options = { worker: this.#worker, since: this.#cursor, ...(limit !== undefined && { limit }) };
    const begun = this.#storage.begin(this.id, options);
    return begun instanceof Promise ? begun.then((late) => this.#open(late, signal)) : this.#open(begun, signal);
  }

  #open({ trial: record, changes }: Begun, signal?: AbortSignal): Awaitable<Trial | undefined> {
    this.#take(changes);
    if (changes.more) return this.sync().then(() => this.#made(record, signal));
    return this.#made(record, signal);
  }

  #made(record: TrialRecord | undefined, signal?: AbortSignal): Trial | undefined {
    if (!record) return undefined;
    this.#history.put(record);
    const { sampler, pruner } = this;
    const send = (update: Parameters<StudyStorage["update"]>[2]): Awaitable<boolean> =>
      this.#storage.update(this.id, record, update);
    return new Trial(record, { history: this.#history, sampler, pruner, send }, signal);
  }

  async #finish(trial: Trial, end: TrialEnd): Promise<TrialRecord | undefined> {
    const rest = await trial.rest();
    const finished = this.#storage.finish(this.id, trial.record, {
      ...rest,
      ...end,
      attributes: { ...rest.attributes, ...end.attributes },
    });
    const held = typeof finished === "boolean" ? finished : await finished;
    if (!held) {
      await this.sync();
      return undefined;
    }
    const { params, distributions, intermediate, attributes } = trial;
    const record: TrialRecord = {
      ...trial.record,
      params,
      distributions,
      intermediate,
      attributes: { ...attributes, ...end.attributes },
      state: end.state,
      values: end.values,
      error: end.error ?? null,
      endedAt: new Date(),
    };
    this.#history.put(record);
    return record;
  }

  /** What `optimize` works at. */
  #desk(): Parameters<typeof optimize>[0] {
    return {
      study: this,
      history: this.#history,
      begin: (signal, limit) => this.#begin(signal, limit),
      finish: (trial, end) => this.#finish(trial, end),
      resume: async () => {
        this.#stopped = false;
        await this.#storage.setStopped(this.id, false);
      },
      heartbeat: () => this.#storage.heartbeat(this.id, this.#worker),
      reclaim: (options) => this.#storage.reclaim(this.id, options),
    };
  }
}

function withValue(trial: TrialRecord): StudyTrial {
  return { ...trial, value: trial.values?.[0] ?? null };
}
