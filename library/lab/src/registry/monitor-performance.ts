import type { Label, PredictTask } from "assay";
import { sql } from "kysely";
import type { ModelPerformance, WindowQuery } from "../contract/monitoring.ts";
import { authorize, type Session } from "../projects/session.ts";
import { type KnownRow, metricsOf } from "./monitor-metrics.ts";
import { readSketches } from "./monitor-sketch.ts";
import { partOf, type Window, windowOf } from "./monitor-window.ts";
import { flushPredictions } from "./prediction-log.ts";
import { findVersion } from "./versions.ts";

/** Outcomes that are read at once at most: the newest. */
const readMost = 200_000;

interface OutcomeRow extends KnownRow {
  readonly at: Date;
  readonly delayHours: number;
}

/**
 * How good a version's answers of a window were, over time, by the outcomes that are known by now; a prediction counts in the part in which it was made.
 * Answers of the emergency rule are not the model's to be judged by; those of shadow tests are. Cost of the window's outcomes, not of its predictions.
 */
export async function modelPerformance(session: Session, ref: string, query: WindowQuery = {}): Promise<ModelPerformance> {
  await authorize(session, "read");
  const window = windowOf(query);
  const version = await findVersion(session, ref);
  await flushPredictions(session).catch(() => {});
  const [rows, sketches] = await Promise.all([
    outcomeRows(session, version.id, window),
    readSketches(session, version.id, window.from, window.to, undefined),
  ]);
  const read = rows.slice(0, readMost);
  const { classes } = version.signature as { readonly classes: readonly Label[] | null };
  const metrics = (known: readonly KnownRow[]) => metricsOf(known, version.task as PredictTask, classes);
  const parts = Map.groupBy(read, ({ at }) => partOf(window, at));
  const predictedRows = (k?: number): number =>
    sketches.reduce((sum, { hour, rows }) => sum + (k === undefined || partOf(window, hour) === k ? rows : 0), 0);
  return {
    model_id: version.id,
    model: `${version.name}@${version.version}`,
    task_type: version.task,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    outcomes: read.length,
    predictions: predictedRows(),
    newest_only: rows.length > readMost,
    delay_hours: delayOf(read),
    metrics: metrics(read),
    baseline: version.metrics as ModelPerformance["baseline"],
    over_time: window.begins.map((begin, k) => ({
      from: begin.toISOString(),
      outcomes: parts.get(k)?.length ?? 0,
      predictions: predictedRows(k),
      metrics: metrics(parts.get(k) ?? []),
    })),
  };
}

async function outcomeRows({ db, projectId }: Session, versionId: string, { from, to }: Window): Promise<OutcomeRow[]> {
  const { rows } = await sql<{ at: Date; predicted: Label; proba: number[] | null; actual: Label; delay: number }>`
    select p.at, p.prediction -> o.row as predicted, p.proba -> o.row as proba, o.actual,
      (extract(epoch from o.reported_at - p.at) / 3600)::float8 as delay
    from outcomes o join predictions p on p.id = o.prediction_id
    where o.model_version_id = ${versionId} and o.project_id = ${projectId} and o.predicted_at >= ${from} and o.predicted_at < ${to}
      and p.source <> 'emergency' and p.prediction -> o.row is not null
    order by o.predicted_at desc limit ${readMost + 1}`.execute(db);
  return rows.map(({ at, predicted, proba, actual, delay }) => ({ at, predicted, proba, actual, delayHours: delay }));
}

function delayOf(rows: readonly OutcomeRow[]): ModelPerformance["delay_hours"] {
  if (rows.length === 0) return null;
  const sorted = Float64Array.from(rows, ({ delayHours }) => Math.max(0, delayHours)).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p90: at(0.9) };
}
