import { type AddedTrial, NotFoundError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { transaction, type Work } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import { keptText } from "./run-json.ts";
import { jsonText } from "./studies-json.ts";

/** Trials of one statement. */
const batch = 1000;

/** Adds trials to a study at its end, all or none, and gives their numbers. Throws NotFoundError. O(trials added). */
export async function addTrials(session: Session, study: string, trials: readonly AddedTrial[]): Promise<number[]> {
  const call = uuidv7();
  let first: number | undefined;
  return transaction(session.db, async (db) => {
    const progress = await db
      .selectFrom("study_progress")
      .selectAll()
      .where("study_id", "=", study)
      .where("project_id", "=", session.projectId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!progress) throw new NotFoundError(`study: no study ${study}`);
    first ??= progress.next_number;
    const numbers = trials.map((_, k) => first! + k);
    if (await isDone(db, study, first, call)) return numbers; // the connection broke after the commit
    first = progress.next_number;
    const revision = BigInt(progress.revision);
    for (let at = 0; at < trials.length; at += batch)
      await insert(db, study, call, first + at, revision + BigInt(at + 1), trials.slice(at, at + batch));
    await move(db, study, trials, first);
    return trials.map((_, k) => first! + k);
  });
}

/** Whether an earlier attempt of the same call has added them. */
async function isDone(db: Work, study: string, first: number, call: string): Promise<boolean> {
  const row = await db
    .selectFrom("trials")
    .select("number")
    .where("study_id", "=", study)
    .where("number", ">=", first)
    .where("last_call", "=", call)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function insert(
  db: Work,
  study: string,
  call: string,
  first: number,
  revision: bigint,
  trials: readonly AddedTrial[],
): Promise<void> {
  const json = (value: unknown): string => jsonText("trial", value);
  await db
    .insertInto("trials")
    .values(
      trials.map((trial, k) => ({
        study_id: study,
        number: first + k,
        state: trial.state,
        params: json(trial.params ?? {}),
        distributions: json(trial.distributions ?? {}),
        fixed: trial.fixed ? json(trial.fixed) : null,
        values: trial.values ? [...trial.values] : null,
        error: trial.error == null ? null : keptText(trial.error, 10_000),
        attributes: json(trial.attributes ?? {}),
        worker: null,
        changed_by: null,
        last_call: call,
        heard_at: null,
        reports: trial.intermediate?.length ?? 0,
        revision: revision + BigInt(k),
        started_at: trial.startedAt ?? null,
        ended_at: trial.endedAt ?? null,
      })),
    )
    .execute();
  const reports = trials.flatMap(({ intermediate = [] }, k) =>
    intermediate.map(([step, value]) => [first + k, step, value] as const),
  );
  if (reports.length === 0) return;
  await sql`insert into trial_reports (study_id, number, attempt, step, value)
    select ${study}::uuid, number, 0, step, value from unnest(${reports.map(([number]) => number)}::integer[],
      ${reports.map(([, step]) => step)}::double precision[], ${reports.map(([, , value]) => value)}::double precision[])
      as told (number, step, value)`.execute(db);
}

/** Counts the added trials, and finds the best among them and what was best. */
async function move(db: Work, study: string, trials: readonly AddedTrial[], first: number): Promise<void> {
  const count = (state: AddedTrial["state"]): number => trials.filter((trial) => trial.state === state).length;
  await sql`update study_progress set next_number = next_number + ${trials.length}, revision = revision + ${trials.length},
    waiting = waiting + ${count("waiting")}, running = running + ${count("running")}, completed = completed + ${count("completed")},
    pruned = pruned + ${count("pruned")}, failed = failed + ${count("failed")}, updated_at = now() where study_id = ${study}`.execute(
    db,
  );
  await sql`update study_progress p set best_number = found.number, best_value = found.value
    from (
      select t.number, t.values[1] as value, s.directions[1] = 'minimize' as small
      from trials t join studies s on s.id = t.study_id
      where t.study_id = ${study} and t.number >= ${first} and t.state = 'completed' and cardinality(s.directions) = 1
        and t.values[1] <> 'NaN'
      order by case when s.directions[1] = 'minimize' then t.values[1] else -t.values[1] end, t.number limit 1
    ) found
    where p.study_id = ${study} and (p.best_value is null or case when found.small then found.value < p.best_value
      else found.value > p.best_value end)`.execute(db);
}
