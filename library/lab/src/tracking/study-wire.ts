import type { AddedTrial, StudyRecord, TrialRecord, TrialUpdate } from "assay";
import type { StudyWire, TrialWire } from "../contract/study-storage.ts";
import { toMetricValue, toNumber } from "../contract/values.ts";

/** A study as the contract has it. */
export function toStudyWire({ createdAt, directions, attributes, ...study }: StudyRecord): StudyWire {
  return { ...study, directions: [...directions], attributes: { ...attributes }, created_at: createdAt.toISOString() };
}

/** A study as a storage has it. */
export function fromStudyWire({ created_at, ...study }: StudyWire): StudyRecord {
  return { ...study, createdAt: new Date(created_at) };
}

/** What may be told of a trial. */
type Told = Omit<AddedTrial & TrialUpdate, "state"> & Partial<Pick<TrialRecord, "state">>;
type ToldWire = { readonly [K in keyof TrialWire]?: TrialWire[K] | undefined };

/** What is told of a trial as the contract has it: NaN and ±Infinity as text, instants as text. */
export function toToldWire({ values, intermediate, startedAt, endedAt, ...rest }: Told): Partial<TrialWire> {
  return {
    ...(rest as Partial<TrialWire>),
    ...(values !== undefined && { values: values === null ? null : values.map(toMetricValue) }),
    ...(intermediate && { intermediate: intermediate.map(([step, value]) => [step, toMetricValue(value)]) }),
    ...(startedAt !== undefined && { started_at: startedAt === null ? null : startedAt.toISOString() }),
    ...(endedAt !== undefined && { ended_at: endedAt === null ? null : endedAt.toISOString() }),
  };
}

/** A whole trial as the contract has it. */
export function toTrialWire(trial: TrialRecord): TrialWire {
  return toToldWire(trial) as TrialWire;
}

/** What is told of a trial, as a storage has it. */
export function fromToldWire({ values, intermediate, started_at, ended_at, ...rest }: ToldWire): Told {
  return {
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Told),
    ...(values !== undefined && { values: values === null ? null : values.map(toNumber) }),
    ...(intermediate && { intermediate: intermediate.map(([step, value]) => [step, toNumber(value)]) }),
    ...(started_at !== undefined && { startedAt: started_at === null ? null : new Date(started_at) }),
    ...(ended_at !== undefined && { endedAt: ended_at === null ? null : new Date(ended_at) }),
  };
}

/** A whole trial as a storage has it. */
export function fromTrialWire(trial: TrialWire): TrialRecord {
  return fromToldWire(trial) as TrialRecord;
}
