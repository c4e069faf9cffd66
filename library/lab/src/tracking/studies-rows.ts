import type { StudyChanges, StudyRecord, TrialRecord } from "assay";

/** A row of the database's `study_change`. */
export interface ChangeRow {
  readonly study_revision: string;
  readonly stopped: boolean;
  readonly begun: boolean;
  readonly number: number | null;
  readonly state: TrialRecord["state"];
  readonly params: TrialRecord["params"];
  readonly distributions: TrialRecord["distributions"];
  readonly fixed: TrialRecord["fixed"];
  readonly values: number[] | null;
  readonly steps: number[] | null;
  readonly reported: number[] | null;
  readonly error: string | null;
  readonly attributes: TrialRecord["attributes"];
  readonly worker: string | null;
  readonly attempt: number;
  readonly revision: string;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}

/** The row as the tuning room knows a trial. */
export function toTrialRecord(row: ChangeRow): TrialRecord {
  const { state, params, distributions, fixed, values, error, attributes, worker, attempt } = row;
  return {
    number: row.number!,
    state,
    params,
    distributions,
    fixed,
    values,
    intermediate: row.steps?.map((step, k) => [step, row.reported![k]!] as const) ?? [],
    error,
    attributes,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    worker,
    attempt,
  };
}

/** Rows of `study_changes`, asked for one more than the limit. */
export function toChanges(rows: readonly ChangeRow[], limit: number): StudyChanges {
  const trials = rows.filter(({ number }) => number !== null);
  const more = trials.length > limit;
  const shown = trials.slice(0, limit);
  return {
    cursor: more ? shown.at(-1)!.revision : rows[0]!.study_revision,
    trials: shown.map(toTrialRecord),
    more,
    stopped: rows[0]!.stopped,
  };
}

/** A row of studies with its progress. */
export interface StudyRow {
  readonly id: string;
  readonly name: string;
  readonly directions: readonly ("minimize" | "maximize")[];
  readonly attributes: Record<string, unknown>;
  readonly stopped: boolean;
  readonly created_at: Date;
}

/** The row as the tuning room knows a study. */
export function toStudyRecord({ id, name, directions, attributes, stopped, created_at }: StudyRow): StudyRecord {
  return { id, name, directions, attributes, stopped, createdAt: created_at };
}
