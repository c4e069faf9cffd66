import { type RawBuilder, sql } from "kysely";
import type { Work } from "../db/database.ts";

/** Points from which on a series has stretches, and how many one holds about: 2⁸. */
const longFrom = 4096;
const usualShift = 8;

/**
 * Brings the stretches of a run's long series up to its points behind an id: each stretch that got a point is looked at again whole. A series that
 * has become long gets all of its stretches, of a width that suits how dense its steps are. The run's lock must be held.
 */
export async function updateStretches(db: Work, runId: string, after: string): Promise<void> {
  const { rows: grown } = await sql<{ name: string; split: string; shift: number }>`
    select v.split, substr(v.name, length(v.split) + 2) as name, ends.shift
    from run_values v cross join lateral (
      select ${usualShift} + greatest(0, ceil(log(2, (v.last_step - m.step + 1)::numeric / v.points)))::integer as shift from run_metrics m
      where m.run_id = v.run_id and m.split = v.split and m.name = substr(v.name, length(v.split) + 2) order by m.step limit 1
    ) ends
    where v.run_id = ${runId} and v.kind = 'metric' and v.points >= ${longFrom} and v.shift is null`.execute(db);
  for (const { name, split, shift } of grown) {
    await db
      .updateTable("run_values")
      .set({ shift: Number(shift) })
      .where("run_id", "=", runId)
      .where("kind", "=", "metric")
      .where("name", "=", `${split}.${name}`)
      .execute();
    await writeStretches(
      db,
      runId,
      sql`select distinct name, split, step >> ${Number(shift)}::integer as stretch, ${Number(shift)}::integer as shift
      from run_metrics where run_id = ${runId} and name = ${name} and split = ${split}`,
    );
  }
  await writeStretches(
    db,
    runId,
    sql`select distinct m.name, m.split, m.step >> v.shift as stretch, v.shift::integer as shift
    from run_metrics m join run_values v on v.run_id = m.run_id and v.kind = 'metric' and v.name = m.split || '.' || m.name
    where m.run_id = ${runId} and m.id > ${after} and v.shift is not null`,
  );
}

async function writeStretches(db: Work, runId: string, touched: RawBuilder<unknown>): Promise<void> {
  const own = sql`m.run_id = ${runId} and m.name = t.name and m.split = t.split
    and m.step between t.stretch << t.shift and ((t.stretch + 1) << t.shift) - 1`;
  await sql`
    insert into run_stretches (run_id, name, split, stretch, low, low_step, high, high_step, odd, odd_step)
    select ${runId}, t.name, t.split, t.stretch, ends.low, low.step, ends.high, high.step, odd.value, odd.step
    from (${touched}) t
    cross join lateral (${extremes(own)}) ends
    left join lateral (select m.step from run_metrics m where ${own} and m.value = ends.low order by m.step, m.id limit 1) low on true
    left join lateral (select m.step from run_metrics m where ${own} and m.value = ends.high order by m.step, m.id limit 1) high on true
    left join lateral (
      select m.step, m.value from run_metrics m where ends.odd > 0 and ${own} and not m.value - m.value = 0 order by m.step, m.id limit 1
    ) odd on true
    on conflict (run_id, name, split, stretch) do update set low = excluded.low, low_step = excluded.low_step, high = excluded.high,
      high_step = excluded.high_step, odd = excluded.odd, odd_step = excluded.odd_step`.execute(db);
}

/** Lowest and highest finite value of points `m`, and how many are not finite. */
export function extremes(own: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select min(m.value) filter (where m.value - m.value = 0) as low, max(m.value) filter (where m.value - m.value = 0) as high,
    count(*) filter (where not m.value - m.value = 0) as odd from run_metrics m where ${own}`;
}
