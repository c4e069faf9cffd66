import { ConflictError, NotFoundError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import type {
  AddedTrial,
  Attributes,
  BeginOptions,
  Begun,
  Lease,
  NewStudy,
  StudyChanges,
  StudyRecord,
  StudyStorage,
  TrialEnd,
  TrialRecord,
  TrialUpdate,
} from "./storage.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A study with its trials, and who changed which, in order. */
interface Held {
  readonly record: Writable<StudyRecord>;
  readonly trials: TrialRecord[];
  readonly waiting: number[];
  readonly changed: { readonly number: number; readonly worker: string | null }[];
}

/**
 * Studies in this process: every call answers at once, O(1) or O(what changed). Records are never altered, but replaced: whoever holds
 * one keeps what was.
 */
export function memoryStorage(): StudyStorage {
  const studies = new Map<string, Held>();

  const held = (id: string): Held => {
    const study = studies.get(id);
    if (!study) throw new NotFoundError(`no study "${id}"${suggest(id, [...studies.keys()])}`);
    return study;
  };

  const replace = ({ trials, changed }: Held, trial: TrialRecord, worker: string | null): void => {
    trials[trial.number] = trial;
    changed.push({ number: trial.number, worker });
  };

  /** The trial, where the lease holds. */
  const leased = ({ trials }: Held, { number, worker, attempt }: Lease): TrialRecord | undefined => {
    const trial = trials[number];
    if (!trial) throw new NotFoundError(`no trial ${number}, the study has ${trials.length}`);
    return trial.state === "running" && trial.worker === worker && trial.attempt === attempt ? trial : undefined;
  };

  return {
    create({ name, directions, attributes = {} }: NewStudy): StudyRecord {
      if (studies.has(name)) throw new ConflictError(`a study "${name}" is there already`);
      const record = { id: name, name, directions, attributes, stopped: false, createdAt: new Date() };
      studies.set(name, { record, trials: [], waiting: [], changed: [] });
      return { ...record };
    },

    find(name: string): StudyRecord | undefined {
      const study = studies.get(name);
      return study && { ...study.record };
    },

    begin(id: string, { worker, since, limit = Infinity }: BeginOptions): Begun {
      const study = held(id);
      const next = study.waiting.shift() ?? study.trials.length;
      if (next >= limit && next === study.trials.length) return { trial: undefined, changes: changesOf(study, since, worker) };
      const trial: TrialRecord = {
        ...(study.trials[next] ?? { ...blank, number: next }),
        state: "running",
        startedAt: new Date(),
        worker,
        attempt: (study.trials[next]?.attempt ?? 0) + 1,
      };
      replace(study, trial, worker);
      return { trial, changes: changesOf(study, since, worker) };
    },

    update(id: string, lease: Lease, update: TrialUpdate): boolean {
      const study = held(id);
      const trial = leased(study, lease);
      if (!trial) return false;
      replace(study, merged(trial, update), trial.worker);
      return true;
    },

    finish(id: string, lease: Lease, end: TrialEnd): boolean {
      const study = held(id);
      const trial = leased(study, lease);
      if (!trial) return false;
      const { state, values, error = null } = end;
      replace(study, { ...merged(trial, end), state, values, error, endedAt: new Date() }, trial.worker);
      return true;
    },

    add(id: string, added: readonly AddedTrial[]): readonly number[] {
      const study = held(id);
      return added.map((trial) => {
        const number = study.trials.length;
        replace(study, { ...blank, ...trial, number }, null);
        if (trial.state === "waiting") study.waiting.push(number);
        return number;
      });
    },

    changes: (id, since, { worker, limit } = {}) => changesOf(held(id), since, worker, limit),

    heartbeat: (id) => void held(id),

    reclaim(id: string): number {
      held(id); // a trial in memory dies with its process
      return 0;
    },

    setAttributes(id: string, attributes: Attributes): void {
      const { record } = held(id);
      record.attributes = { ...record.attributes, ...attributes };
    },

    setStopped(id: string, stopped: boolean): void {
      held(id).record.stopped = stopped;
    },
  };
}

/** A trial before anything is known of it. */
const blank: Omit<TrialRecord, "number"> = {
  state: "waiting",
  params: {},
  distributions: {},
  fixed: null,
  values: null,
  intermediate: [],
  error: null,
  attributes: {},
  startedAt: null,
  endedAt: null,
  worker: null,
  attempt: 0,
};

function merged(trial: TrialRecord, { params, distributions, intermediate, attributes }: TrialUpdate): TrialRecord {
  return {
    ...trial,
    params: params ? { ...trial.params, ...params } : trial.params,
    distributions: distributions ? { ...trial.distributions, ...distributions } : trial.distributions,
    intermediate: intermediate?.length ? [...trial.intermediate, ...intermediate] : trial.intermediate,
    attributes: attributes ? { ...trial.attributes, ...attributes } : trial.attributes,
  };
}

/** Walks the log of changes from the cursor on: O(what is new). */
function changesOf({ record, trials, changed }: Held, since: string, worker?: string, limit = 1000): StudyChanges {
  const found = new Set<number>();
  let at = since === "" ? 0 : Number(since);
  for (; at < changed.length && found.size < limit; at++) {
    const change = changed[at]!;
    if (worker === undefined || change.worker !== worker) found.add(change.number);
  }
  const more = at < changed.length;
  return { cursor: String(at), trials: [...found].map((number) => trials[number]!), more, stopped: record.stopped };
}
