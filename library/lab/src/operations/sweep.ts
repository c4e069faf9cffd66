import { type RawBuilder, sql } from "kysely";
import type { Retention, SweepReport } from "../contract/operations.ts";
import { type Database, transaction } from "../db/database.ts";
import { isHome } from "../db/store-transfer.ts";
import type { Session } from "../projects/session.ts";
import { removeOldPredictionFiles, removeOldPredictions } from "../registry/index.ts";
import { purgeDeletedRun } from "../tracking/index.ts";
import { sweepOrphans } from "./orphans.ts";
import { getRetention } from "./retention.ts";

/** Rows of one statement: none of them holds a table for long. */
const batch = 2000;

type Removed = SweepReport["removed"][number];
/** Number of the advisory lock: one sweep at a time. */
const sweeping = 4246;

/**
 * Removes in all projects what is older than it is kept, in batches; with `dryRun` it only counts. The one place where things go by age. Broken
 * off, the next sweep goes on.
 */
export async function sweep(session: Session, { dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<SweepReport> {
  const { db, store } = session;
  const kept = await getRetention(db);
  const removed: Removed[] = [];
  const note = (what: Removed["what"], found: number | { count: number; bytes: number }): void =>
    void removed.push({ what, ...(typeof found === "number" ? { count: found } : found) });

  note("runs", await sweepRuns(session, kept.deleted_run_days, dryRun));
  for (const [what, condition] of Object.entries(rowsOf(kept)))
    note(what as Removed["what"], await sweepRows(db, tableOf[what as keyof typeof tableOf], condition, dryRun));
  note("stretches", await sweepStretches(db, kept.stretch_days, dryRun));
  note("predictions", dryRun ? await countOldPredictions(db) : await removeOldPredictions(db));
  if (!dryRun) note("prediction_files", await removeOldPredictionFiles(db, store));
  if (kept.orphan_file_days !== null && (await isHome(db)))
    note("files", await sweepOrphans(db, store, kept.orphan_file_days, dryRun));
  if (!dryRun) note("passing_files", await store.sweep());
  return { dry_run: dryRun, removed };
}

const tableOf = { run_logs: "run_logs", jobs: "jobs", events: "events", activity: "activity_log" } as const;

function olderThan(column: string, days: number): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} < now() - make_interval(days => ${days})`;
}

/** Rows that go by a condition alone, in the order in which they go. */
function rowsOf({ run_log_days: logs, job_days: jobs, event_days: events, activity_days: activity }: Retention) {
  return {
    ...(logs !== null && {
      run_logs: sql<boolean>`run_id in (select id from runs where status in ('completed', 'failed', 'cancelled') and ${olderThan("ended_at", logs)})`,
    }),
    ...(jobs !== null && {
      jobs: sql<boolean>`status in ('completed', 'failed', 'cancelled') and not dead and ${olderThan("ended_at", jobs)}`,
    }),
    ...(events !== null && { events: olderThan("at", events) }),
    ...(activity !== null && { activity: olderThan("at", activity) }),
  };
}

async function sweepRows(db: Database, table: string, condition: RawBuilder<boolean>, dryRun: boolean): Promise<number> {
  const from = sql.id(table);
  if (dryRun) return count(db, sql`${from} where ${condition}`);
  let total = 0;
  for (;;) {
    const { numAffectedRows = 0n } =
      await sql`delete from ${from} where id in (select id from ${from} where ${condition} limit ${batch})`.execute(db);
    total += Number(numAffectedRows);
    if (numAffectedRows < BigInt(batch)) return total;
  }
}

/** Runs that were deleted so long ago, each with its files. */
async function sweepRuns(session: Session, days: number | null, dryRun: boolean): Promise<number> {
  if (days === null) return 0;
  const condition = sql`runs where deleted_at < now() - make_interval(days => ${days}) and status in ('completed', 'failed', 'cancelled')`;
  if (dryRun) return count(session.db, condition);
  const { rows } = await sql<{ id: string; project_id: string }>`select id, project_id from ${condition} order by id`.execute(
    session.db,
  );
  let total = 0;
  for (const { id, project_id: projectId } of rows) if (await purgeDeletedRun({ ...session, projectId }, id)) total++;
  return total;
}

/** What curves are drawn from, of runs that ended so long ago; the summary forgets that it was there. */
async function sweepStretches(db: Database, days: number | null, dryRun: boolean): Promise<number> {
  if (days === null) return 0;
  const old = sql`select r.id from runs r where r.status in ('completed', 'failed', 'cancelled') and r.ended_at < now() - make_interval(days => ${days})
    and exists (select from run_stretches s where s.run_id = r.id)`;
  if (dryRun) return count(db, sql`run_stretches where run_id in (${old})`);
  const { rows } = await sql<{ id: string }>`${old} order by r.id`.execute(db);
  let total = 0;
  for (const { id } of rows)
    total += await transaction(db, async (work) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${id}, 1))`.execute(work); // no point is being appended
      await sql`update run_values set shift = null where run_id = ${id} and kind = 'metric'`.execute(work);
      const { numAffectedRows = 0n } = await sql`delete from run_stretches where run_id = ${id}`.execute(work);
      return Number(numAffectedRows);
    });
  return total;
}

function countOldPredictions(db: Database): Promise<number> {
  return count(
    db,
    sql`predictions p join model_versions v on v.id = p.model_version_id join models m on m.id = v.model_id
      where p.at < now() - make_interval(days => m.retention_days)`,
  );
}

async function count(db: Database, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from ${from}`.execute(db);
  return Number(rows[0]!.n);
}

/** Sweeps where nobody else does; undefined where somebody does. For services, which all wake at about the same hour. */
export async function sweepAlone(session: Session, options?: { readonly dryRun?: boolean }): Promise<SweepReport | undefined> {
  return session.db.connection().execute(async (own) => {
    const { rows } = await sql<{ free: boolean }>`select pg_try_advisory_lock(${sweeping}) as free`.execute(own);
    if (!rows[0]!.free) return undefined;
    try {
      return await sweep(session, options);
    } finally {
      await sql`select pg_advisory_unlock(${sweeping})`.execute(own);
    }
  });
}
