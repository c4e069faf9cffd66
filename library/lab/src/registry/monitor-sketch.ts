import type { Cell } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Traffic } from "../contract/monitoring.ts";
import type { Work } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import { binCount, binFinder } from "./drift-bins.ts";
import { knownReference, type ReferenceProfile, sketchSize } from "./drift-profile.ts";
import { type LoggedPrediction, observePredictions } from "./prediction-log.ts";

/** Counts over the bins of a reference, and how predictions were answered. */
export interface Sketch {
  readonly requests: number;
  readonly rows: number;
  readonly basicRows: number;
  readonly emergencyRows: number;
  readonly latencySumMs: number;
  readonly latencyMaxMs: number;
  /** One a bin, column after column; undefined where there is no reference. */
  readonly counts: Float64Array | undefined;
}

/** The sketch of one version's hour. */
export interface HourSketch extends Sketch {
  readonly hour: Date;
}

/** Sketches over the same bins as one; of none, an empty one. O(bins) each. */
export function sumSketches(sketches: readonly Sketch[]): Sketch {
  const sum = { requests: 0, rows: 0, basicRows: 0, emergencyRows: 0, latencySumMs: 0, latencyMaxMs: 0 };
  let counts: Float64Array | undefined;
  for (const sketch of sketches) {
    sum.requests += sketch.requests;
    sum.rows += sketch.rows;
    sum.basicRows += sketch.basicRows;
    sum.emergencyRows += sketch.emergencyRows;
    sum.latencySumMs += sketch.latencySumMs;
    sum.latencyMaxMs = Math.max(sum.latencyMaxMs, sketch.latencyMaxMs);
    if (!sketch.counts) continue;
    counts ??= new Float64Array(sketch.counts.length);
    for (let k = 0; k < counts.length; k++) counts[k]! += sketch.counts[k]!;
  }
  return { ...sum, counts };
}

/** Counts predictions into the bins of a reference: inputs whoever answered them, answers unless the rule gave them. O(rows · columns). */
export function sketchOf(batch: readonly LoggedPrediction[], profile: ReferenceProfile | undefined): Sketch {
  const rowsFrom = (source: string): number =>
    batch.reduce((sum, prediction) => sum + (prediction.source === source ? prediction.rowCount : 0), 0);
  return {
    requests: batch.length,
    rows: batch.reduce((sum, { rowCount }) => sum + rowCount, 0),
    basicRows: rowsFrom("basic"),
    emergencyRows: rowsFrom("emergency"),
    latencySumMs: batch.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
    latencyMaxMs: batch.reduce((most, { latencyMs }) => Math.max(most, latencyMs), 0),
    counts: profile && countBatch(batch, profile),
  };
}

function countBatch(batch: readonly LoggedPrediction[], profile: ReferenceProfile): Float64Array {
  const counts = new Float64Array(sketchSize(profile));
  let from = 0;
  for (const bins of profile.columns) {
    const find = binFinder(bins);
    for (const { columns, rows } of batch) {
      const place = columns.indexOf(bins.name);
      if (place >= 0) for (const row of rows) counts[from + find(row[place] ?? null)]!++;
    }
    from += binCount(bins);
  }
  if (!profile.prediction) return counts;
  const find = binFinder(profile.prediction);
  for (const { prediction, source } of batch)
    if (source !== "emergency") for (const answer of prediction) counts[from + find(answer as Cell)]!++;
  return counts;
}

const mergeEvery = 64;
const hourMs = 3_600_000;
let written = 0;

observePredictions(async (db, session, batch) => {
  for (const predictions of groupsOf(batch)) {
    const [{ versionId, at }] = predictions;
    const hour = hourOf(at);
    const reference = await knownReference(db, versionId);
    await insertSketch(session, db, versionId, hour, reference?.id ?? null, sketchOf(predictions, reference?.profile));
    if (++written % mergeEvery === 0) await mergeHour(session, db, versionId, hour);
  }
});

/** Predictions of one version in one hour together. */
function groupsOf(batch: readonly LoggedPrediction[]): Iterable<[LoggedPrediction, ...LoggedPrediction[]]> {
  const groups = new Map<string, [LoggedPrediction, ...LoggedPrediction[]]>();
  for (const prediction of batch) {
    const key = `${prediction.versionId} ${Math.floor(prediction.at.getTime() / hourMs)}`;
    const group = groups.get(key);
    if (group) group.push(prediction);
    else groups.set(key, [prediction]);
  }
  return groups.values();
}

/** The UTC hour that an instant lies in. */
function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / hourMs) * hourMs);
}

/** Adds a sketch to an hour; of a version that was deleted since, nothing. */
export async function insertSketch(
  { projectId }: Session,
  db: Work,
  versionId: string,
  hour: Date,
  profileId: string | null,
  { requests, rows, basicRows, emergencyRows, latencySumMs, latencyMaxMs, counts }: Sketch,
): Promise<void> {
  await sql`insert into prediction_sketches (id, project_id, model_version_id, hour, profile_id, requests, row_count, basic_rows,
      emergency_rows, latency_ms_sum, latency_ms_max, counts)
    select ${uuidv7()}::uuid, ${projectId}::uuid, v.id, ${hour}::timestamptz, ${profileId}::uuid, ${requests}::bigint, ${rows}::bigint,
      ${basicRows}::bigint, ${emergencyRows}::bigint, ${latencySumMs}::float8, ${latencyMaxMs}::float8, ${counts ? toBytes(counts) : null}::bytea
    from model_versions v where v.id = ${versionId}::uuid`.execute(db);
}

/** Makes one row of an hour's rows; those that another process is merging stay with it. */
export async function mergeHour(session: Session, db: Work, versionId: string, hour: Date): Promise<void> {
  const rows = await db
    .selectFrom("prediction_sketches")
    .selectAll()
    .where("model_version_id", "=", versionId)
    .where("hour", "=", hour)
    .orderBy("id")
    .limit(1000)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const profileId of new Set(rows.map((row) => row.profile_id))) {
    const same = rows.filter((row) => row.profile_id === profileId);
    if (same.length < 2) continue;
    const ids = same.map(({ id }) => id);
    await db.deleteFrom("prediction_sketches").where("id", "in", ids).execute();
    await insertSketch(session, db, versionId, hour, profileId, sumSketches(same.map(toSketch)));
  }
}

/** The sketches of a version's hours in a window, in order; counts of another reference than this are left out. One range of one index. */
export async function readSketches(
  { db, projectId }: Session,
  versionId: string,
  from: Date,
  to: Date,
  profileId: string | undefined,
): Promise<HourSketch[]> {
  const rows = await db
    .selectFrom("prediction_sketches")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("model_version_id", "=", versionId)
    .where("hour", ">=", hourOf(from))
    .where("hour", "<", to)
    .orderBy("hour")
    .execute();
  return rows.map((row) => ({
    ...toSketch(row.profile_id === profileId ? row : { ...row, counts: null }),
    hour: row.hour,
  }));
}

function toSketch(row: {
  readonly requests: string;
  readonly row_count: string;
  readonly basic_rows: string;
  readonly emergency_rows: string;
  readonly latency_ms_sum: number;
  readonly latency_ms_max: number;
  readonly counts: Buffer | null;
}): Sketch {
  return {
    requests: Number(row.requests),
    rows: Number(row.row_count),
    basicRows: Number(row.basic_rows),
    emergencyRows: Number(row.emergency_rows),
    latencySumMs: row.latency_ms_sum,
    latencyMaxMs: row.latency_ms_max,
    counts: row.counts ? fromBytes(row.counts) : undefined,
  };
}

function toBytes(counts: Float64Array): Buffer {
  return Buffer.from(Uint32Array.from(counts, (count) => Math.min(count, 2 ** 32 - 1)).buffer);
}

function fromBytes(bytes: Buffer): Float64Array {
  return Float64Array.from(new Uint32Array(Uint8Array.from(bytes).buffer));
}

/** A sketch as it is shown. */
export function trafficOf({ requests, rows, basicRows, emergencyRows, latencySumMs, latencyMaxMs }: Sketch): Traffic {
  return {
    requests,
    rows,
    basic_rows: basicRows,
    emergency_rows: emergencyRows,
    latency_ms_mean: requests > 0 ? latencySumMs / requests : null,
    latency_ms_max: requests > 0 ? latencyMaxMs : null,
  };
}
