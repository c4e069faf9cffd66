import type { Distribution, Space, TrialParams } from "./distribution.ts";

/** A value, or the promise of one: the store in memory answers at once, and nobody waits for a turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;

/** Whether small or large values are good. */
export type Direction = "minimize" | "maximize";

/** Where a trial is. Moves: waiting → running → completed, pruned, failed; a reclaimed one goes from running back to waiting. */
export type TrialState = "waiting" | "running" | "completed" | "pruned" | "failed";

/** The states that a trial does not leave. */
export type EndState = "completed" | "pruned" | "failed";

/** A value reported on the way: [step, value]. Values may be NaN or ±Infinity. */
export type Intermediate = readonly [step: number, value: number];

/** JSON that people, samplers and pruners attach to a trial or a study. Numbers are finite. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One trial as it is stored: plain data. */
export interface TrialRecord {
  /** 0, 1, 2 … in the order of creation, without a hole. */
  readonly number: number;
  readonly state: TrialState;
  /** What was suggested so far. */
  readonly params: TrialParams;
  /** The distribution of each parameter in `params`. */
  readonly distributions: Readonly<Record<string, Distribution>>;
  /** Values asked for in advance (`enqueue`, or a reclaimed trial): suggestions take them. */
  readonly fixed: TrialParams | null;
  /** One per direction. Null until there are; a pruned trial has its last report where there is one direction. May hold ±Infinity. */
  readonly values: readonly number[] | null;
  /** Reports in the order they came; of a running trial a store may leave them out. */
  readonly intermediate: readonly Intermediate[];
  /** Why it failed. */
  readonly error: string | null;
  readonly attributes: Attributes;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Who runs it, or ran it. */
  readonly worker: string | null;
  /** 0 while it waits for the first time, then 1; one more each time it is handed out again. */
  readonly attempt: number;
}

/** What names one run of one trial: whoever holds another worker or attempt has lost it. */
export type Lease = Pick<TrialRecord, "number" | "worker" | "attempt">;

/** A study as it is stored. */
export interface StudyRecord {
  readonly id: string;
  readonly name: string;
  readonly directions: readonly Direction[];
  /** Sampler, pruner, space, metric, data, seed: for people and panels. */
  readonly attributes: Attributes;
  /** Whether somebody asked it to stop. */
  readonly stopped: boolean;
  readonly createdAt: Date;
}

/** What is to be created. */
export interface NewStudy {
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly attributes?: Attributes;
  /** The declared space, for people and panels; a study may do without. */
  readonly space?: Space;
}

/** A trial that comes from elsewhere: ended (imported, warm start) or waiting (`fixed` says its parameters). */
export type AddedTrial = Pick<TrialRecord, "state"> & Partial<Omit<TrialRecord, "number" | "state" | "worker" | "attempt">>;

/** What a running trial adds to its record; only what is new. */
export interface TrialUpdate {
  readonly params?: TrialParams;
  readonly distributions?: Readonly<Record<string, Distribution>>;
  /** Appended. */
  readonly intermediate?: readonly Intermediate[];
  /** Merged by key. */
  readonly attributes?: Attributes;
}

/** How a trial ended, with what was not yet told. */
export interface TrialEnd extends TrialUpdate {
  readonly state: EndState;
  readonly values: readonly number[] | null;
  readonly error?: string | null;
}

/** What is new since a cursor. */
export interface StudyChanges {
  /** Where the next call goes on. Opaque; "" is before everything. */
  readonly cursor: string;
  /** Whole records of the trials that changed, each once, in any order; at most `limit`. */
  readonly trials: readonly TrialRecord[];
  /** Whether there are more than `limit`: call again with the new cursor. */
  readonly more: boolean;
  readonly stopped: boolean;
}

/** What `begin` is told. */
export interface BeginOptions {
  /** Names the process, or the study in it; its own changes are not told back to it. */
  readonly worker: string;
  /** Answers `changes` from here in the same call. */
  readonly since: string;
  /** No new number from here on: the study has its trials, and only waiting ones are handed out. */
  readonly limit?: number;
}

/** A trial handed out, and what others did meanwhile. */
export interface Begun {
  /** Undefined where `limit` is reached. */
  readonly trial: TrialRecord | undefined;
  readonly changes: StudyChanges;
}

/** Which running trials have lost their process, and what becomes of them. */
export interface ReclaimOptions {
  /** A worker not heard for this long is gone. */
  readonly silentMs: number;
  /** A trial is handed out at most this often; after that it is failed. */
  readonly attempts: number;
}

/**
 * Where studies live: the contract between `Study` and a store. No call may cost more because the study has many trials.
 *
 * Every store keeps NaN and ±Infinity in `values` and `intermediate`, hands each number out once, and lets a trial end once. Unknown
 * studies and trials throw NotFoundError; a taken name ConflictError; a store that cannot be reached StoreError.
 */
export interface StudyStorage {
  /** Creates a study. Throws ConflictError where the name is taken. */
  create(study: NewStudy): Awaitable<StudyRecord>;

  /** The study of a name, or undefined. */
  find(name: string): Awaitable<StudyRecord | undefined>;

  /**
   * Hands out the next trial, running: the waiting one of the lowest number, else a new one of the next number. Atomic: two callers never
   * get the same, and `limit` holds for all together. `worker` counts as heard of.
   */
  begin(study: string, options: BeginOptions): Awaitable<Begun>;

  /** Adds to a running trial, and hears its worker. False, and nothing done, where the lease is lost. */
  update(study: string, lease: Lease, update: TrialUpdate): Awaitable<boolean>;

  /** Ends a running trial, once. False, and nothing done, where the lease is lost. */
  finish(study: string, lease: Lease, end: TrialEnd): Awaitable<boolean>;

  /** Adds trials from elsewhere; answers their numbers, in order. */
  add(study: string, trials: readonly AddedTrial[]): Awaitable<readonly number[]>;

  /**
   * Trials that changed since a cursor, without those that `worker` itself began, updated or finished. Changed means: state, params, values or
   * attributes; a report alone need not count. `limit` default 1000.
   */
  changes(study: string, since: string, options?: { readonly worker?: string; readonly limit?: number }): Awaitable<StudyChanges>;

  /** Says that a worker's running trials are alive; to be called every few seconds. */
  heartbeat(study: string, worker: string): Awaitable<void>;

  /**
   * Takes running trials from workers that fell silent: back to waiting with `fixed` = their params, or failed after `attempts`.
   * Answers how many were taken. A store whose trials die with it answers 0.
   */
  reclaim(study: string, options: ReclaimOptions): Awaitable<number>;

  /** Merges attributes of the study by key. */
  setAttributes(study: string, attributes: Attributes): Awaitable<void>;

  /** Sets or clears the stop flag; workers see it in `changes`. */
  setStopped(study: string, stopped: boolean): Awaitable<void>;
}
