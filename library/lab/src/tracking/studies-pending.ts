import type { Lease, TrialUpdate } from "assay";

/** What was told of one running trial and is not yet written. */
interface Open {
  readonly study: string;
  readonly lease: Lease;
  update: TrialUpdate;
  timer: NodeJS.Timeout | undefined;
  writing: Promise<unknown>;
  lost: boolean;
}

/** How long others may wait to hear of a trial under way. */
const delayMs = 20;

/** Writes what was told of a trial; false where its lease is lost. */
type Write = (study: string, lease: Lease, update: TrialUpdate) => Promise<boolean>;

/**
 * Holds what this process tells of the trials that it runs, so that a short trial is written once, when it ends: others hear of a longer
 * one, its parameters and its reports 20 ms late.
 */
export function pendingTrials(write: Write) {
  const open = new Map<string, Open>();

  const flush = async (trial: Open): Promise<void> => {
    clearTimeout(trial.timer);
    trial.timer = undefined;
    await trial.writing;
    if (trial.lost || !open.has(keyOf(trial.study, trial.lease))) return;
    const { update } = trial;
    trial.update = {};
    try {
      trial.lost = !(await write(trial.study, trial.lease, update));
    } catch (error) {
      trial.update = merged(update, trial.update);
      throw error;
    }
  };

  const schedule = (trial: Open): void => {
    trial.timer ??= setTimeout(() => {
      trial.writing = flush(trial).catch(() => {}); // what could not be written is told again with what comes next
    }, delayMs);
    trial.timer.unref();
  };

  return {
    /** Numbers that a worker runs here. */
    numbers: (study: string, worker: string): number[] =>
      [...open.values()]
        .filter((trial) => trial.study === study && trial.lease.worker === worker)
        .map(({ lease }) => lease.number),

    /** A trial was handed out to this process. */
    begin(study: string, lease: Lease): void {
      const trial: Open = { study, lease, update: {}, timer: undefined, writing: Promise.resolve(), lost: false };
      open.set(keyOf(study, lease), trial);
      schedule(trial);
    },

    /** Takes an update; undefined where the trial is not run here, false where it was lost. */
    update(study: string, lease: Lease, update: TrialUpdate): boolean | undefined {
      const trial = open.get(keyOf(study, lease));
      if (!trial || trial.lost) return trial && false;
      trial.update = merged(trial.update, update);
      schedule(trial);
      return true;
    },

    /** The trial is about to end: what was told of it and is not yet written. */
    async rest(study: string, lease: Lease): Promise<TrialUpdate> {
      const trial = open.get(keyOf(study, lease));
      if (!trial) return {};
      for (let written: unknown; written !== trial.writing || trial.timer; ) {
        clearTimeout(trial.timer); // nothing more is begun while this waits, else it would be written here and by the caller
        trial.timer = undefined;
        written = trial.writing;
        await written;
      }
      return trial.update;
    },

    /** The trial has ended, or was taken from this process: what it tells is written, or refused, at once. */
    drop(study: string, lease: Lease): void {
      const key = keyOf(study, lease);
      clearTimeout(open.get(key)?.timer);
      open.delete(key);
    },

    /** Writes what is held of a study's trials that others than this worker run. */
    async settle(study: string, worker: string | undefined): Promise<void> {
      for (const trial of [...open.values()])
        if (trial.study === study && trial.lease.worker !== worker) {
          if (trial.timer) trial.writing = flush(trial);
          await trial.writing;
        }
    },

    /** Numbers were taken from their workers. */
    taken(study: string, numbers: readonly number[]): void {
      for (const trial of [...open.values()])
        if (trial.study === study && numbers.includes(trial.lease.number)) this.drop(study, trial.lease);
    },
  };
}

function keyOf(study: string, { number, worker, attempt }: Lease): string {
  return `${study}/${number}/${attempt}/${worker}`;
}

/** Two updates as one. */
export function merged(a: TrialUpdate, b: TrialUpdate): TrialUpdate {
  return {
    params: { ...a.params, ...b.params },
    distributions: { ...a.distributions, ...b.distributions },
    attributes: { ...a.attributes, ...b.attributes },
    intermediate: [...(a.intermediate ?? []), ...(b.intermediate ?? [])],
  };
}
