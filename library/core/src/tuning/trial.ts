import { ConflictError, ParamsError } from "../base/errors.ts";
import { wrongOption } from "./check-options.ts";
import { applies, checkDistribution, checkName, checkParams, describe, isParamValue } from "./check-space.ts";
import { contains, isSingle, sameDistribution } from "./contains.ts";
import type { Distribution, ParamValue, Space, TrialParams } from "./distribution.ts";
import type { WritableHistory } from "./history.ts";
import type { Pruner } from "./pruner.ts";
import type { Sampler } from "./sampler.ts";
import type { Awaitable, Intermediate, TrialRecord, TrialUpdate } from "./storage.ts";

/** Thrown by an objective to end its trial as pruned: `if (trial.shouldPrune()) throw new TrialPruned()`. */
export class TrialPruned extends Error {
  override readonly name: string = "TrialPruned";
}

/** Options of a number to suggest. */
export interface SuggestOptions {
  /** Even in the logarithm. */
  readonly log?: boolean;
  /** Only low, low + step … */
  readonly step?: number;
}

/** What a trial needs of its study. */
interface TrialHost {
  readonly history: WritableHistory;
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  /** Sends what is new to the store; false where the trial is somebody else's by now. */
  send(update: TrialUpdate): Awaitable<boolean>;
}

type Pending = { -readonly [K in keyof TrialUpdate]: TrialUpdate[K] };

/** One trial under way: asks for parameters, reports on the way. Made by a study. */
export class Trial {
  /** 0, 1, 2 … within the study. */
  readonly number: number;
  /** Ends when the study is aborted, or the trial was taken by another worker: hand it to what you await. */
  readonly signal: AbortSignal;
  readonly #host: TrialHost;
  readonly #lost = new AbortController();
  readonly #params: Record<string, ParamValue> = {};
  readonly #distributions: Record<string, Distribution> = {};
  readonly #intermediate: Intermediate[] = [];
  #record: TrialRecord;
  #together: TrialParams | undefined;
  #pending: Pending = {};
  #sending: Promise<void> | undefined;
  #failure: unknown;

  /** Called by the study. */
  constructor(record: TrialRecord, host: TrialHost, signal?: AbortSignal) {
    this.number = record.number;
    this.#record = record;
    this.#host = host;
    this.signal = signal ? AbortSignal.any([signal, this.#lost.signal]) : this.#lost.signal;
  }

  /** What was suggested so far. */
  get params(): TrialParams {
    return this.#params;
  }

  /** The distribution of each of `params`. */
  get distributions(): Readonly<Record<string, Distribution>> {
    return this.#distributions;
  }

  /** Reports so far: [step, value]. */
  get intermediate(): readonly Intermediate[] {
    return this.#intermediate;
  }

  /** What was attached so far. */
  get attributes(): Readonly<Record<string, unknown>> {
    return this.#record.attributes;
  }

  /** Who may end it on the way. */
  get pruner(): Pruner {
    return this.#host.pruner;
  }

  /** The trial as stored; its worker and attempt name this run of it. */
  get record(): TrialRecord {
    return this.#record;
  }

  /** A number from low to high. Throws ParamsError. */
  suggestFloat(name: string, low: number, high: number, options: SuggestOptions = {}): number {
    return this.suggest(name, { type: "float", low, high, ...options }) as number;
  }

  /** A whole number from low to high, both included. Throws ParamsError. */
  suggestInt(name: string, low: number, high: number, options: SuggestOptions = {}): number {
    return this.suggest(name, { type: "int", low, high, ...options }) as number;
  }

  /** One of the choices. Throws ParamsError. */
  suggestCategorical<const T extends ParamValue>(name: string, choices: readonly T[]): T {
    return this.suggest(name, { type: "categorical", choices }) as T;
  }

  /** A value of a distribution; the same name asked for again gives the same value. Throws ParamsError. */
  suggest(name: string, distribution: Distribution): ParamValue {
    const who = `trial ${this.number}`;
    const former = Object.hasOwn(this.#distributions, name) ? this.#distributions[name] : undefined;
    if (former) {
      if (former === distribution || sameDistribution(former, distribution)) return this.#params[name]!;
      throw new ParamsError(
        `${who}: ${name} was asked for as ${describe(former)}, it cannot be ${describe(distribution)} in the same trial`,
      );
    }
    if (!checked.has(distribution)) {
      checkName(who, name);
      checkDistribution(who, name, distribution);
      checked.add(distribution);
    }
    const value = this.#choose(name, distribution);
    this.#params[name] = value;
    this.#distributions[name] = distribution;
    this.#record = { ...this.#record, params: this.#params, distributions: this.#distributions };
    this.#pending.params = this.#params;
    this.#pending.distributions = this.#distributions;
    this.#host.history.put(this.#record);
    return value;
  }

  /** Values of all parameters of a space that apply, in its order. Throws ParamsError. */
  suggestAll(space: Space): TrialParams {
    if (this.#record.fixed) checkParams(`trial ${this.number}`, this.#record.fixed, space);
    for (const [name, entry] of Object.entries(space)) if (applies(entry, this.#params)) this.suggest(name, plain(entry));
    return this.#params;
  }

  /** Tells how the trial stands after a step; the last value of a step counts. NaN and ±Infinity are kept. */
  report(value: number, step: number): void {
    if (typeof value !== "number") throw wrongOption(`trial ${this.number}`, "report", "must be a number", value);
    if (!Number.isSafeInteger(step) || step < 0)
      throw wrongOption(`trial ${this.number}`, "step", "must be a whole number ≥ 0", step);
    if (this.#host.history.directions.length > 1)
      throw new ConflictError(`trial ${this.number}: a study of several objectives takes no reports on the way`);
    this.#intermediate.push([step, value]);
    this.#pending.intermediate = [...(this.#pending.intermediate ?? []), [step, value]];
    void this.flush();
  }

  /** Whether the pruner would end this trial now; then throw `TrialPruned`. */
  shouldPrune(): boolean {
    if (this.#host.history.directions.length > 1 || this.#intermediate.length === 0) return false;
    const pruned = this.#host.pruner.shouldPrune(this.#host.history, {
      number: this.number,
      intermediate: this.#intermediate,
      attributes: this.#record.attributes,
      setAttribute: (name, value) => this.setAttribute(name, value),
    });
    void this.flush();
    return pruned;
  }

  /** Attaches JSON to the trial, for people. */
  setAttribute(name: string, value: unknown): void {
    this.#record = { ...this.#record, attributes: { ...this.#record.attributes, [name]: value } };
    this.#pending.attributes = { ...this.#pending.attributes, [name]: value };
    this.#host.history.put(this.#record);
  }

  /** Sends what is new, one message under way at a time. Called by the study. */
  flush(): Promise<void> | undefined {
    if (this.#sending || Object.keys(this.#pending).length === 0) return this.#sending;
    const update = { ...this.#pending };
    this.#pending = {};
    const sent = this.#host.send(update);
    if (typeof sent === "boolean") {
      if (!sent) this.#lose();
      return undefined;
    }
    this.#sending = sent.then(
      (held) => {
        this.#sending = undefined;
        if (!held) this.#lose();
      },
      (error) => {
        this.#sending = undefined;
        this.#failure = error;
      },
    );
    return this.#sending;
  }

  /** What the store was not told yet, once nothing is under way. Throws what sending threw. Called by the study. */
  async rest(): Promise<TrialUpdate> {
    await this.#sending;
    if (this.#failure) throw this.#failure;
    return this.#pending;
  }

  #lose(): void {
    this.#lost.abort(new ConflictError(`trial ${this.number} was taken by another worker, or has ended`));
  }

  #choose(name: string, distribution: Distribution): ParamValue {
    const { history, sampler } = this.#host;
    const { fixed } = this.#record;
    if (fixed && Object.hasOwn(fixed, name)) {
      const value = fixed[name]!;
      if (contains(distribution, value)) return value;
      throw wrongOption(`trial ${this.number}`, name, `is asked for in advance and must be of ${describe(distribution)}`, value);
    }
    if (isSingle(distribution)) return distribution.type === "categorical" ? distribution.choices[0]! : distribution.low;
    if (this.#together === undefined) {
      const chosen = sampler.together?.(history, this.#record);
      this.#together = chosen?.params ?? {};
      for (const [key, value] of Object.entries(chosen?.attributes ?? {})) this.setAttribute(key, value);
    }
    if (Object.hasOwn(this.#together, name)) {
      const value = this.#together[name]!;
      if (contains(distribution, value)) return value;
    }
    const value = sampler.suggest(history, this.#record, name, distribution);
    if (!isParamValue(value) || !contains(distribution, value))
      throw wrongOption(`sampler ${sampler.name}`, name, `must be of ${describe(distribution)}`, value);
    return value;
  }
}

/** Distributions that were checked before: a space's are checked once, not once a trial. */
const checked = new WeakSet<Distribution>();
const plains = new WeakMap<object, Distribution>();

/** A space's entry without its condition, the same object each time. */
function plain(entry: Space[string]): Distribution {
  if (entry.when === undefined) return entry;
  let found = plains.get(entry);
  if (!found) {
    const { when: _, ...distribution } = entry;
    found = distribution;
    plains.set(entry, found);
  }
  return found;
}
