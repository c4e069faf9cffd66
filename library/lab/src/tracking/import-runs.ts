import { sql } from "kysely";
import { transaction, type Work } from "../db/database.ts";
import { emit, orderWrites } from "../db/events.ts";
import { takesItsTime } from "../db/silence.ts";
import type { Session } from "../projects/session.ts";
import { listArtifacts, saveArtifact } from "./artifacts.ts";
import { columnsOfRun, createRun, type RunChanges } from "./create-run.ts";
import type { ImportTally } from "./import-report.ts";
import { type ImportedPoint, type ImportedRun, idOf } from "./import-source.ts";
import { summarise } from "./summary.ts";

/** What became of a run. */
interface WrittenRun {
  readonly id: string;
  readonly outcome: "taken" | "updated" | "there already";
  readonly metrics: number;
}

/** Characters of a metric's name at most. */
const nameMost = 200;

/**
 * Writes a run of another program, whole or not at all. One that is there is left as it is, or, where it went on there, brought
 * up to date; what was written to it here (tags, notes) stays.
 */
export async function writeImportedRun(session: Session, program: string, run: ImportedRun): Promise<WrittenRun> {
  const id = idOf(session.projectId, program, run.externalId, run.startedAt);
  return transaction(session.db, async (db) => {
    await takesItsTime(db);
    await orderWrites(db, id);
    const known = await fingerprintOf(session, db, id);
    if (known === run.fingerprint) return { id, outcome: "there already", metrics: 0 };
    if (known === undefined) await createRun(session, { ...fieldsOf(run), experiment: run.experiment, id }, db);
    else await refresh(db, id, run);
    let metrics = 0;
    for await (const points of run.points()) {
      const kept = points.filter(({ name }) => name.length <= nameMost);
      await insertPoints(db, id, kept);
      metrics += kept.length;
    }
    await db
      .updateTable("runs")
      .set({
        status: run.status,
        error: run.error,
        ...(run.startedAt && { started_at: run.startedAt, created_at: run.startedAt }),
        ended_at: run.endedAt,
        deleted_at: run.deleted ? (run.endedAt ?? new Date()) : null,
      })
      .where("id", "=", id)
      .execute();
    await summarise(db, id);
    await emit(db, session.projectId, id, { kind: "run", run_id: id, run_status: run.status });
    return { id, outcome: known === undefined ? "taken" : "updated", metrics };
  });
}

/** What the run looked like when it was imported last; undefined where it is not here. */
async function fingerprintOf({ projectId }: Session, db: Work, id: string): Promise<string | null | undefined> {
  const row = await db
    .selectFrom("runs")
    .select(sql<string | null>`environment -> 'source' ->> 'fingerprint'`.as("fingerprint"))
    .where("id", "=", id)
    .where("project_id", "=", projectId)
    .executeTakeFirst();
  return row?.fingerprint;
}

async function refresh(db: Work, id: string, run: ImportedRun): Promise<void> {
  await db.deleteFrom("run_metrics").where("run_id", "=", id).execute();
  const { params, environment, tags } = columnsOfRun(fieldsOf(run));
  await sql`update runs set params = params || ${params}::jsonb, environment = environment || ${environment}::jsonb, tags = ${tags}::jsonb || tags
    where id = ${id}`.execute(db);
}

function fieldsOf(run: ImportedRun): RunChanges {
  const { name, params, tags, description, dataset, code, source, fingerprint } = run;
  const { algorithm } = params as { algorithm?: unknown };
  return {
    name: name?.trim() || undefined,
    params,
    tags,
    description: description.slice(0, 10_000),
    environment: { source: { ...source, fingerprint } },
    ...(dataset !== null && { datasetName: dataset }),
    ...(code && { code }),
    ...(typeof algorithm === "string" && { algorithm: algorithm.slice(0, 200) }),
  };
}

async function insertPoints(db: Work, id: string, points: readonly ImportedPoint[]): Promise<void> {
  if (points.length === 0) return;
  await sql`insert into run_metrics (run_id, name, split, step, value, at)
    select ${id}::uuid, name, split, step, value, to_timestamp(ms / 1000.0) from unnest(${points.map(({ name }) => name)}::text[],
      ${points.map(({ split }) => split)}::text[], ${points.map(({ step }) => step)}::bigint[],
      ${points.map(({ value }) => value)}::double precision[], ${points.map(({ at }) => at)}::double precision[])
      as p (name, split, step, value, ms)`.execute(db);
}

/** Copies the files of a run that are not here yet, and tells which could not be. */
export async function copyImportedFiles(session: Session, id: string, run: ImportedRun, tally: ImportTally): Promise<void> {
  const there = new Map((await listArtifacts(session, id)).map(({ name, size_bytes }) => [name, size_bytes]));
  for await (const { name, path, sizeBytes } of run.files()) {
    if (there.get(name) === sizeBytes) continue;
    const reason = name.length > nameMost ? `its name has more than ${nameMost} characters` : null;
    if (reason === null) {
      await saveArtifact(session, id, { name, path, kind: "imported" });
      tally.counts.artifacts++;
    } else
      tally.tell({ kind: "artifact", name: name.slice(0, nameMost), external_id: run.externalId, outcome: "left out", reason });
  }
}

/** Says which runs are parts of which. Those whose parent is not here are given back. */
export async function linkParents(
  session: Session,
  links: readonly { readonly id: string; readonly parentId: string }[],
): Promise<string[]> {
  const absent: string[] = [];
  for (const { id, parentId } of links) {
    const { numUpdatedRows } = await session.db
      .updateTable("runs")
      .set({ parent_id: parentId })
      .where("id", "=", id)
      .where("project_id", "=", session.projectId)
      .where((eb) =>
        eb.exists(
          eb.selectFrom("runs as p").select("p.id").where("p.id", "=", parentId).where("p.project_id", "=", session.projectId),
        ),
      )
      .executeTakeFirst();
    if (numUpdatedRows === 0n) absent.push(id);
  }
  return absent;
}
