import { createReadStream } from "node:fs";
import { copyFile, readFile, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import { LimitError, NotFoundError, ParamsError } from "assay";
import type { Selectable } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Artifact } from "../contract/artifacts.ts";
import { notify } from "../db/events.ts";
import type { Tables } from "../db/tables.ts";
import { authorize, type Session } from "../projects/session.ts";
import { modelFile } from "./describe-model.ts";
import { checkRun } from "./run-id.ts";
import { plainText } from "./run-json.ts";

/** What is stored with a run: bytes, text, or the path of a file on this machine. */
export interface NewArtifact {
  readonly name: string;
  /** figure, table, file …; default file. */
  readonly kind?: string | undefined;
  readonly contentType?: string | undefined;
  readonly bytes?: Uint8Array | string | undefined;
  readonly path?: string | undefined;
}

/** Bytes of an artifact at most. */
const artifactMax = 2 * 1024 ** 3;

/**
 * Stores an artifact of a run under a name of its own; the same name again replaces it. The file's place is made by us, its content hash kept.
 * Throws NotFoundError for the run, ParamsError for the name, LimitError beyond 2 GiB.
 */
export async function saveArtifact(session: Session, runId: string, artifact: NewArtifact): Promise<Artifact> {
  await authorize(session, "write");
  await checkRun(session, runId);
  const name = artifactName(artifact.name);
  const { store, db, projectId } = session;
  const isModel = name === "model" && artifact.kind === "model";
  const file = isModel ? modelFile(session, runId) : `artifacts/project_${projectId}/${uuidv7()}`;
  const { hash, sizeBytes } = await writeArtifact(session, file, artifact);
  const values = {
    kind: plainText(artifact.kind ?? "file").slice(0, 50),
    content_hash: hash,
    size_bytes: sizeBytes,
    file,
    content_type: contentTypeOf(name, artifact.contentType),
  };
  const before = await artifactRow(session, runId, name);
  const row = await db
    .insertInto("artifacts")
    .values({ id: uuidv7(), project_id: projectId, run_id: runId, name, ...values })
    .onConflict((conflict) => conflict.columns(["run_id", "name"]).doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow();
  if (before && before.file !== file) await store.remove(before.file);
  await notify(db, projectId, runId);
  return artifactInfo(row);
}

/** A name as people give it: shown and asked for, never a path. */
function artifactName(text: string): string {
  const name = plainText(text).trim();
  const problem = /^\.{0,2}$/.test(name) ? "a name" : name.length > 200 ? "a name of at most 200 signs" : undefined;
  if (problem)
    throw Object.assign(new ParamsError(`artifact: must have ${problem}, got ${JSON.stringify(text.slice(0, 60))}`), {
      field: "name",
    });
  return name;
}

async function writeArtifact(
  { store }: Session,
  file: string,
  { bytes, path }: NewArtifact,
): Promise<{ hash: string; sizeBytes: number }> {
  if ((bytes === undefined) === (path === undefined)) throw new ParamsError("artifact: needs either bytes or path");
  if (bytes !== undefined) return store.write(file, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  const { size } = await stat(path!).catch((cause) => {
    throw new NotFoundError(`artifact: no file ${basename(path!)}`, { cause });
  });
  if (size > artifactMax) throw new LimitError(`artifact: a file has at most ${artifactMax} bytes, got ${size}`);
  return store.make(file, (draft) => copyFile(path!, draft));
}

const types: Readonly<Record<string, string>> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  md: "text/plain; charset=utf-8",
  png: "image/png",
  parquet: "application/vnd.apache.parquet",
  pdf: "application/pdf",
};

/** The given type; a form's loses its charset on the way, which the name's ending gives back. */
function contentTypeOf(name: string, given: string | undefined): string {
  const usual = artifactType(name);
  return given === undefined || usual.startsWith(`${given};`) ? usual : given;
}

/** The media type that a name's ending tells. */
export function artifactType(name: string): string {
  return types[name.split(".").at(-1)!.toLowerCase()] ?? "application/octet-stream";
}

/** An artifact's row as it is listed. */
export function artifactInfo(row: Selectable<Tables["artifacts"]>): Artifact {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    content_type: row.content_type,
    size_bytes: Number(row.size_bytes),
    content_hash: row.content_hash,
    created_at: row.created_at.toISOString(),
  };
}

/** Artifacts of a run, oldest first. */
export async function listArtifacts(session: Session, runId: string): Promise<Artifact[]> {
  await checkRun(session, runId);
  const rows = await session.db
    .selectFrom("artifacts")
    .selectAll()
    .where("run_id", "=", runId)
    .where("project_id", "=", session.projectId)
    .orderBy("created_at")
    .orderBy("id")
    .limit(1000)
    .execute();
  return rows.map(artifactInfo);
}

/** An artifact by its name or id, and its bytes as a stream. Throws NotFoundError. */
export async function openArtifact(session: Session, runId: string, nameOrId: string) {
  await checkRun(session, runId);
  const row = await artifactRow(session, runId, nameOrId);
  if (!row) throw new NotFoundError(`artifact: no artifact ${JSON.stringify(nameOrId)} in run ${runId}`);
  return { info: artifactInfo(row), stream: () => createReadStream(session.store.path(row.file)) };
}

/** The bytes of an artifact. Throws NotFoundError. */
export async function readArtifact(session: Session, runId: string, nameOrId: string): Promise<Uint8Array> {
  await checkRun(session, runId);
  const row = await artifactRow(session, runId, nameOrId);
  if (!row) throw new NotFoundError(`artifact: no artifact ${JSON.stringify(nameOrId)} in run ${runId}`);
  return readFile(session.store.path(row.file));
}

/** Removes an artifact and its file; gives its id. Throws NotFoundError. */
export async function deleteArtifact(session: Session, runId: string, nameOrId: string): Promise<string> {
  await authorize(session, "delete");
  await checkRun(session, runId);
  const row = await artifactRow(session, runId, nameOrId);
  if (!row) throw new NotFoundError(`artifact: no artifact ${JSON.stringify(nameOrId)} in run ${runId}`);
  await session.db.deleteFrom("artifacts").where("id", "=", row.id).execute();
  const kept = await session.db
    .selectFrom("model_versions")
    .select("id")
    .where("file", "=", row.file)
    .limit(1)
    .executeTakeFirst();
  if (!kept) await rm(session.store.path(row.file), { force: true });
  return row.id;
}

async function artifactRow({ db, projectId }: Session, runId: string, nameOrId: string) {
  return db
    .selectFrom("artifacts")
    .selectAll()
    .where("run_id", "=", runId)
    .where("project_id", "=", projectId)
    .where((eb) => eb.or([eb("name", "=", nameOrId), eb(eb.cast<string>("id", "text"), "=", nameOrId)]))
    .orderBy("created_at")
    .limit(1)
    .executeTakeFirst();
}
