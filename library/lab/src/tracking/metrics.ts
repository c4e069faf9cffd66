import { NotFoundError, ParamsError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { MetricPoint } from "../contract/training.ts";
import { toNumber } from "../contract/values.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { channel } from "../db/events.ts";
import type { Session } from "../projects/session.ts";
import { groupCommit } from "./group-commit.ts";
import { summariseSoon } from "./live-summary.ts";
import { runKey } from "./run-id.ts";
import { plainText } from "./run-json.ts";
import { summarise } from "./summary.ts";

/** A point as it is given; split `train` and step 0 where they are not said. */
export type NewPoint = Pick<MetricPoint, "name" | "value"> & Partial<MetricPoint>;

/** Points of one run, told at once. */
interface Batch {
  readonly runId: string;
  readonly batchId: string;
  readonly points: readonly NewPoint[];
  readonly told: number;
}

/**
 * Appends points of a run's metrics, all or none; acknowledged is durable. NaN and ±Infinity are kept. A batch id that the run has seen is
 * acknowledged and not written again. Batches of many callers share a transaction. O(points). Throws NotFoundError, and ParamsError for a name of more than
 * 200 signs, or a step that is no whole number.
 */
export async function logMetrics(
  session: Session,
  runId: string,
  points: readonly NewPoint[],
  { batchId = uuidv7() }: { readonly batchId?: string | undefined } = {},
): Promise<void> {
  if (points.length === 0) return;
  checkPoints(points);
  await appenderOf(session)({ runId: runKey(runId), batchId: plainText(batchId), points, told: Date.now() });
}

function checkPoints(points: readonly NewPoint[]): void {
  const wrong = points.find(
    ({ name, split = "train", step = 0 }) =>
      name === "" || name.length > 200 || split === "" || split.length > 50 || !Number.isSafeInteger(step),
  );
  if (wrong)
    throw new ParamsError(
      `metrics: a name has 1 to 200 signs, a split 1 to 50, a step is a whole number, got ${JSON.stringify(wrong).slice(0, 300)}`,
    );
}

const appenders = new WeakMap<Session, (batch: Batch) => Promise<undefined>>();

function appenderOf(session: Session): (batch: Batch) => Promise<undefined> {
  let append = appenders.get(session);
  if (!append) {
    append = groupCommit(
      (batches: readonly Batch[]) => appendAll(session, batches),
      ({ points }) => points.length,
    );
    appenders.set(session, append);
  }
  return append;
}

async function appendAll(session: Session, batches: readonly Batch[]): Promise<undefined[]> {
  const runs = [...new Set(batches.map(({ runId }) => runId))].sort();
  await transaction(session.db, async (db) => {
    await lockRuns(db, runs);
    const states = await newBatches(session, db, batches);
    const byKey = new Map(batches.map((batch) => [`${batch.runId} ${batch.batchId}`, batch])); // one that came twice is one
    const fresh = [...byKey].flatMap(([key, batch]) => (states.has(key) ? [{ ...batch, ended: states.get(key)! }] : []));
    if (fresh.length === 0) return;
    await insertPoints(db, fresh);
    const ended = fresh.filter((batch) => batch.ended).map(({ runId }) => runId);
    for (const runId of new Set(ended)) await summarise(db, runId);
    await notifyRuns(db, session.projectId, runs);
  });
  for (const runId of runs) summariseSoon(session.db, runId);
  return batches.map(() => undefined);
}

/** As `orderWrites`, of runs in the order of their ids: writers of the same runs never wait for each other in a circle. */
export async function lockRuns(db: Work, runs: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(id, 1)) from unnest(${textArray(runs)}::text[]) as id`.execute(db);
}

/** As `notify`, of several runs. */
export async function notifyRuns(db: Work, projectId: string, runs: readonly string[]): Promise<void> {
  await sql`select pg_notify(${channel}, json_build_object('project', ${projectId}::text, 'subject', id)::text)
    from unnest(${textArray(runs)}::text[]) as id`.execute(db);
}

/** Batches that were not written before, by "run batch", with whether the run has ended. Throws NotFoundError for an unknown run. */
export async function newBatches(
  { projectId }: Session,
  db: Work,
  batches: readonly Pick<Batch, "runId" | "batchId">[],
): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ run_id: string; batch_id: string; ended: boolean; fresh: boolean }>`
    with known as (
      select g.run_id, g.batch_id, r.status in ('completed', 'failed', 'cancelled') as ended
      from unnest(${textArray(batches.map(({ runId }) => runId))}::uuid[], ${textArray(batches.map(({ batchId }) => batchId))}::text[])
        as g (run_id, batch_id)
      join runs r on r.id = g.run_id
      where r.project_id = ${projectId} and r.deleted_at is null
    ), fresh as (
      insert into run_batches (run_id, batch_id) select run_id, batch_id from known on conflict do nothing returning run_id, batch_id
    )
    select k.*, f.run_id is not null as fresh from known k left join fresh f using (run_id, batch_id)`.execute(db);
  const known = new Set(rows.map(({ run_id }) => run_id));
  const unknown = batches.find(({ runId }) => !known.has(runId));
  if (unknown) throw new NotFoundError(`run: no run ${unknown.runId}`);
  return new Map(rows.filter(({ fresh }) => fresh).map(({ run_id, batch_id, ended }) => [`${run_id} ${batch_id}`, ended]));
}

/**
 * One array a column, written as text once: PostgreSQL reads them faster than rows, and the driver's own arrays are slow to write. What a batch has
 * once, its run and its time, is told once.
 */
async function insertPoints(db: Work, batches: readonly Batch[]): Promise<void> {
  const columns = { batch: [], name: [], split: [], step: [], value: [], at: [] } as Record<string, (number | string)[]>;
  const quoted = new Map<string, string>();
  const quote = (text: string): string => {
    let written = quoted.get(text);
    if (written === undefined) quoted.set(text, (written = quoteElement(text)));
    return written;
  };
  for (const [b, { points }] of batches.entries())
    for (const { name, split = "train", step = 0, value, at } of points) {
      columns["batch"]!.push(b + 1);
      columns["name"]!.push(quote(name));
      columns["split"]!.push(quote(split));
      columns["step"]!.push(step);
      columns["value"]!.push(toNumber(value));
      columns["at"]!.push(at === undefined ? "null" : Date.parse(at));
    }
  const [batch, name, split, step, value, at] = Object.values(columns).map((column) => `{${column.join()}}`);
  const runs = `{${batches.map(({ runId }) => runId).join()}}`;
  const told = `{${batches.map((each) => each.told).join()}}`;
  await sql`insert into run_metrics (run_id, name, split, step, value, at)
    select (${runs}::uuid[])[batch], name, split, step, value, to_timestamp(coalesce(at, (${told}::double precision[])[batch]) / 1000)
    from unnest(${batch}::integer[], ${name}::text[], ${split}::text[], ${step}::bigint[], ${value}::double precision[], ${at}::double precision[])
      as p (batch, name, split, step, value, at)`.execute(db);
}

function textArray(texts: readonly string[]): string {
  return `{${texts.map(quoteElement).join()}}`;
}

function quoteElement(text: string): string {
  return `"${plainText(text).replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Forgets batch ids that nobody repeats any more: those of yesterday and before. */
export async function forgetBatches(db: Database): Promise<void> {
  await sql`delete from run_batches where at < now() - interval '1 day'`.execute(db);
}
