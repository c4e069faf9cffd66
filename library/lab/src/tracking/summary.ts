import { sql } from "kysely";
import { systemSplit } from "../contract/system-metrics.ts";
import type { MetricValue } from "../contract/values.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { orderWrites } from "../db/events.ts";
import { updateStretches } from "./stretches.ts";

/**
 * Brings a run's summary up to its newest point: of each metric the last value, the lowest, the highest, and how many there are; what its machine
 * did is none. It reads only points behind the id that was summarised, so that all calls together read each point once; the run's lock must be held.
 */
export async function summarise(db: Work, runId: string): Promise<void> {
  const { rows } = await sql<{ summarised_id: string }>`
    select summarised_id from runs r
    where id = ${runId} and summarised_id < (select id from run_metrics where run_id = r.id order by id desc limit 1)`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return;
  await sql`
    with run as (select id, project_id from runs where id = ${runId}),
    fresh as (
      select m.name, m.split, count(*) as points, max(m.id) as newest,
        min(m.value) filter (where m.value <> 'NaN') as low, max(m.value) filter (where m.value <> 'NaN') as high
      from run_metrics m where m.run_id = ${runId} and m.id > ${row.summarised_id} group by m.name, m.split
    ), moved as (
      update runs r set summarised_id = (select max(newest) from fresh) where id = ${runId}
    )
    insert into run_values as old (run_id, project_id, kind, name, split, value, low, high, points, last_step, last_id)
    select run.id, run.project_id, 'metric', fresh.split || '.' || fresh.name, fresh.split, last.value, fresh.low, fresh.high, fresh.points, last.step, last.id
    from run, fresh cross join lateral (
      select m.value, m.step, m.id from run_metrics m where m.run_id = ${runId} and m.name = fresh.name and m.split = fresh.split
      order by m.step desc, m.id desc limit 1
    ) last
    where fresh.split <> ${systemSplit}
    on conflict (run_id, kind, name) do update set
      value = excluded.value, last_step = excluded.last_step, last_id = excluded.last_id,
      low = least(old.low, excluded.low), high = greatest(old.high, excluded.high), points = old.points + excluded.points`.execute(
    db,
  );
  await updateStretches(db, runId, row.summarised_id);
  await sql`
    update runs set metrics = coalesce((
      select jsonb_object_agg(name, case when value - value = 0 then to_jsonb(value) else to_jsonb(value::text) end)
      from run_values where run_id = ${runId} and kind = 'metric'), '{}')
    where id = ${runId}`.execute(db);
}

/** The same in a transaction of its own, under the run's lock. */
export async function summariseRun(db: Database, runId: string): Promise<void> {
  await transaction(db, async (work) => {
    await orderWrites(work, runId);
    await summarise(work, runId);
  });
}

/** Last value of each metric of a run, as "split.name": the summary brought up to now. */
export async function lastMetrics(db: Database, runId: string): Promise<Record<string, MetricValue>> {
  const { rows } = await sql<{ metrics: Record<string, MetricValue>; behind: boolean }>`
    select metrics, summarised_id < coalesce((select id from run_metrics where run_id = r.id order by id desc limit 1), 0) as behind
    from runs r where id = ${runId}`.execute(db);
  if (!rows[0]?.behind) return rows[0]?.metrics ?? {}; // most who look find no new point, and wait for nobody's lock
  await summariseRun(db, runId);
  const row = await db.selectFrom("runs").select("metrics").where("id", "=", runId).executeTakeFirst();
  return (row?.metrics ?? {}) as Record<string, MetricValue>;
}
