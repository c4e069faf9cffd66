import { sql } from "kysely";
import type { LogLine, MetricPoint, MetricSeries } from "../contract/training.ts";
import { toMetricValue, toNumber } from "../contract/values.ts";
import { transaction } from "../db/database.ts";
import { notify, orderWrites } from "../db/events.ts";
import type { Session } from "../projects/session.ts";

/** Appends points of a run's metrics, all or none. NaN and ±Infinity are kept. */
export async function logMetrics(session: Session, runId: string, points: readonly MetricPoint[]): Promise<void> {
  if (points.length === 0) return;
  const now = new Date();
  await transaction(session.db, async (db) => {
    await orderWrites(db, runId);
    await sql`insert into run_metrics (run_id, name, split, step, value, at)
      select ${runId}::uuid, * from unnest(
        ${points.map(({ name }) => name)}::text[], ${points.map(({ split }) => split)}::text[], ${points.map(({ step }) => step)}::bigint[],
        ${points.map(({ value }) => toNumber(value))}::double precision[], ${points.map(({ at }) => at ?? now)}::timestamptz[])`.execute(
      db,
    );
    await notify(db, session.projectId, runId);
  });
}

/** Appends lines to a run's log. */
export async function logLines(
  session: Session,
  runId: string,
  lines: readonly Pick<LogLine, "level" | "message">[],
): Promise<void> {
  if (lines.length === 0) return;
  await transaction(session.db, async (db) => {
    await orderWrites(db, runId);
    await db
      .insertInto("run_logs")
      .values(lines.map(({ level, message }) => ({ run_id: runId, level, message: message.slice(0, 10_000) })))
      .execute();
    await notify(db, session.projectId, runId);
  });
}

/** Lines of a run's log, oldest first. */
export async function runLogs(
  session: Session,
  runId: string,
  { limit = 500, after = "0" }: { readonly limit?: number; readonly after?: string } = {},
): Promise<LogLine[]> {
  const rows = await session.db
    .selectFrom("run_logs as l")
    .innerJoin("runs as r", "r.id", "l.run_id")
    .selectAll("l")
    .where("l.run_id", "=", runId)
    .where("r.project_id", "=", session.projectId)
    .where("l.id", ">", after as never)
    .orderBy("l.id")
    .limit(limit)
    .execute();
  return rows.map(({ id, level, message, at }) => ({ id, level, message, at: at.toISOString() }));
}

/** Every metric of these runs by step; of long ones at most `points`, the extremes of each stretch kept. */
export async function metricSeries(
  session: Session,
  runIds: readonly string[],
  { points = 1000 }: { readonly points?: number } = {},
): Promise<MetricSeries[]> {
  if (runIds.length === 0) return [];
  const rows = await session.db
    .selectFrom("run_metrics as m")
    .innerJoin("runs as r", "r.id", "m.run_id")
    .select(["m.run_id", "m.name", "m.split", "m.step", "m.value"])
    .where("m.run_id", "in", runIds)
    .where("r.project_id", "=", session.projectId)
    .orderBy("m.run_id")
    .orderBy("m.name")
    .orderBy("m.split")
    .orderBy("m.step")
    .orderBy("m.id")
    .execute();
  const series = new Map<string, { run_id: string; name: string; split: string; steps: number[]; values: number[] }>();
  for (const { run_id, name, split, step, value } of rows) {
    const key = `${run_id}\n${name}\n${split}`;
    let line = series.get(key);
    if (!line) {
      line = { run_id, name, split, steps: [], values: [] };
      series.set(key, line);
    }
    line.steps.push(Number(step));
    line.values.push(value);
  }
  return [...series.values()].map(({ steps, values, ...line }) => {
    const kept = thin(values, points);
    return { ...line, steps: kept.map((k) => steps[k]!), values: kept.map((k) => toMetricValue(values[k]!)) };
  });
}

/** Places of at most `limit` points: both ends, and of each stretch its lowest, its highest, and what is not finite first. */
function thin(values: readonly number[], limit: number): number[] {
  if (values.length <= limit) return values.map((_, k) => k);
  const kept = new Set([0, values.length - 1]);
  const stretches = Math.max(1, Math.floor(limit / 3));
  for (let s = 0; s < stretches; s++) {
    const begin = Math.floor((s * values.length) / stretches);
    const end = Math.floor(((s + 1) * values.length) / stretches);
    let low = begin;
    let high = begin;
    for (let k = begin; k < end; k++) {
      if (values[k]! < values[low]!) low = k;
      if (values[k]! > values[high]!) high = k;
    }
    kept.add(low).add(high);
    const odd = values.slice(begin, end).findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) kept.add(begin + odd);
  }
  return [...kept].sort((a, b) => a - b);
}
