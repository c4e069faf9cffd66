import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { DataError, LimitError } from "assay";
import {
  type OptunaState,
  type OptunaTrial,
  optunaDirection,
  optunaNumber,
  optunaState,
  pythonJson,
} from "./import-optuna-values.ts";

/** A study of Optuna's with its trials by number. */
export interface OptunaStudy {
  readonly name: string;
  readonly directions: readonly ("minimize" | "maximize")[];
  readonly userAttributes: Readonly<Record<string, unknown>>;
  readonly systemAttributes: Readonly<Record<string, unknown>>;
  readonly place: string;
  /** In the order of their numbers. */
  trials(): Iterable<OptunaTrial>;
}

/** What a journal held, and whether its last line was cut off. */
interface ReadJournal {
  readonly studies: readonly OptunaStudy[];
  /** The line that was being written when its program ended; 0 where it is whole. */
  readonly cutLine: number;
}

/** Trials that are held in memory at most: a journal tells of all its studies at once. */
const trialsMost = 500_000;

interface JournalTrial extends OptunaTrial {
  state: OptunaState;
  values: number[] | null;
  endedAt: string | null;
  startedAt: string | null;
  readonly params: Map<string, { value: number; distribution: string }>;
  readonly intermediate: Map<number, number>;
  readonly userAttributes: Record<string, unknown>;
  readonly systemAttributes: Record<string, unknown>;
}

interface JournalStudy {
  readonly name: string;
  readonly directions: ("minimize" | "maximize")[];
  readonly userAttributes: Record<string, unknown>;
  readonly systemAttributes: Record<string, unknown>;
  readonly trials: JournalTrial[];
}

/**
 * Reads a journal file: every line one operation, done again in order; what comes too late (a trial that has ended, a study that
 * was deleted) is passed by, as Optuna does. O(lines). Throws DataError with the line, LimitError beyond 500,000 trials. Source:
 * Optuna 3.1 to 4.9, storages/journal/_storage.py.
 */
export async function readOptunaJournal(path: string, file: string): Promise<ReadJournal> {
  const replay = new Replay(file);
  const input = createReadStream(path, { encoding: "utf8" });
  let at = 0;
  let cut: { readonly line: number; readonly error: unknown } | undefined;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      at++;
      if (cut) throw cut.error; // only the last line may be cut off
      if (text.trim() === "") continue;
      let line: unknown;
      try {
        line = pythonJson(text);
      } catch (cause) {
        cut = {
          line: at,
          error: new DataError(`importOptuna: line ${at} must be JSON, got ${JSON.stringify(text.slice(0, 80))} (${file})`, {
            cause,
          }),
        };
        continue;
      }
      replay.take(line, at);
    }
  } finally {
    input.destroy();
  }
  if (cut && replay.studies.size === 0) throw cut.error;
  const studies = [...replay.studies.values()].map((study) => ({
    ...study,
    place: `${file}, study ${study.name}`,
    trials: () => study.trials,
  }));
  return { studies, cutLine: cut?.line ?? 0 };
}

/** A journal that is being done again. */
class Replay {
  readonly studies = new Map<number, JournalStudy>();
  readonly #trials: { readonly study: number; readonly trial: JournalTrial }[] = [];
  readonly #file: string;
  #made = 0;
  #place = "";

  constructor(file: string) {
    this.#file = file;
  }

  /** Does one line. Throws DataError for one that is no operation. */
  take(line: unknown, at: number): void {
    this.#place = `${this.#file}, line ${at}`;
    const { op_code: code } = this.#record(line, "an operation");
    const log = line as Record<string, unknown>;
    switch (code) {
      case 0:
        this.#createStudy(log);
        break;
      case 1:
        this.studies.delete(this.#number(log, "study_id"));
        break;
      case 2:
        this.#attribute(this.studies.get(this.#number(log, "study_id"))?.userAttributes, log, "user_attr");
        break;
      case 3:
        this.#attribute(this.studies.get(this.#number(log, "study_id"))?.systemAttributes, log, "system_attr");
        break;
      case 4:
        this.#createTrial(log);
        break;
      case 5:
        this.#open(log)?.params.set(this.#text(log, "param_name"), {
          value: optunaNumber(log["param_value_internal"], "param_value_internal", this.#place),
          distribution: this.#text(log, "distribution"),
        });
        break;
      case 6:
        this.#end(log);
        break;
      case 7:
        this.#open(log)?.intermediate.set(
          this.#number(log, "step"),
          optunaNumber(log["intermediate_value"], "a report", this.#place),
        );
        break;
      case 8:
        this.#attribute(this.#open(log)?.userAttributes, log, "user_attr");
        break;
      case 9:
        this.#attribute(this.#open(log)?.systemAttributes, log, "system_attr");
        break;
      default:
        throw new DataError(`importOptuna: op_code must be 0 to 9, got ${JSON.stringify(code)} (${this.#place})`);
    }
  }

  #createStudy(log: Record<string, unknown>): void {
    const name = this.#text(log, "study_name");
    if ([...this.studies.values()].some((study) => study.name === name)) return;
    const directions = log["directions"];
    if (!Array.isArray(directions) || directions.length === 0)
      throw new DataError(`importOptuna: directions must be a list (${this.#place})`);
    this.studies.set(this.#made++, {
      name,
      directions: directions.map((direction) => optunaDirection(direction, this.#place)),
      userAttributes: {},
      systemAttributes: {},
      trials: [],
    });
  }

  #createTrial(log: Record<string, unknown>): void {
    const of = this.#number(log, "study_id");
    const study = this.studies.get(of);
    if (!study) return;
    if (this.#trials.length >= trialsMost)
      throw new LimitError(`importOptuna: a journal has at most ${trialsMost} trials (${this.#place})`);
    const record = (key: string): Record<string, unknown> => this.#record(log[key] ?? {}, key);
    const distributions = record("distributions");
    const values = log["values"] ?? (log["value"] == null ? null : [log["value"]]);
    const trial: JournalTrial = {
      number: study.trials.length,
      state: optunaState(log["state"] ?? 0, this.#place),
      values: this.#values(values),
      params: new Map(
        Object.entries(record("params")).map(([name, value]) => [
          name,
          { value: optunaNumber(value, name, this.#place), distribution: String(distributions[name]) },
        ]),
      ),
      intermediate: new Map(
        Object.entries(record("intermediate_values")).map(([step, value]) => [
          Number(step),
          optunaNumber(value, "intermediate value", this.#place),
        ]),
      ),
      userAttributes: { ...record("user_attrs") },
      systemAttributes: { ...record("system_attrs") },
      startedAt: (log["datetime_start"] as string | null) ?? null,
      endedAt: (log["datetime_complete"] as string | undefined) ?? null,
    };
    study.trials.push(trial);
    this.#trials.push({ study: of, trial });
  }

  #end(log: Record<string, unknown>): void {
    const trial = this.#open(log);
    if (!trial) return;
    const state = optunaState(log["state"], this.#place);
    if (state === "RUNNING" && trial.state === "RUNNING") return;
    if (state === "RUNNING") trial.startedAt = (log["datetime_start"] as string | undefined) ?? trial.startedAt;
    else if (state !== "WAITING") trial.endedAt = (log["datetime_complete"] as string | undefined) ?? null;
    trial.state = state;
    if (log["values"] != null) trial.values = this.#values(log["values"]);
  }

  /** The trial of a line, where it is there and has not ended. */
  #open(log: Record<string, unknown>): JournalTrial | undefined {
    const found = this.#trials[this.#number(log, "trial_id")];
    return found && (found.trial.state === "RUNNING" || found.trial.state === "WAITING") ? found.trial : undefined;
  }

  #attribute(into: Record<string, unknown> | undefined, log: Record<string, unknown>, key: string): void {
    if (!into) return;
    for (const [name, value] of Object.entries(this.#record(log[key], key)))
      Object.defineProperty(into, name, { value, enumerable: true, writable: true, configurable: true });
  }

  #values(values: unknown): number[] | null {
    if (values === null) return null;
    if (!Array.isArray(values))
      throw new DataError(`importOptuna: values must be a list, got ${JSON.stringify(values)} (${this.#place})`);
    return values.map((value) => optunaNumber(value, "a value", this.#place));
  }

  #number(log: Record<string, unknown>, key: string): number {
    const value = log[key];
    if (Number.isSafeInteger(value)) return value as number;
    throw new DataError(`importOptuna: ${key} must be a whole number, got ${JSON.stringify(value)} (${this.#place})`);
  }

  #text(log: Record<string, unknown>, key: string): string {
    const value = log[key];
    if (typeof value === "string") return value;
    throw new DataError(`importOptuna: ${key} must be text, got ${JSON.stringify(value)} (${this.#place})`);
  }

  #record(value: unknown, what: string): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new DataError(`importOptuna: ${what} must be an object, got ${JSON.stringify(value)?.slice(0, 80)} (${this.#place})`);
  }
}
