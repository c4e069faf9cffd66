import { ConflictError, loadModel, NotFoundError, ParamsError, type PredictorModel, suggest } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { ModelVersion, VersionStatus } from "../contract/models.ts";
import { isUuid } from "../datasets/index.ts";
import { transaction, type Work } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { authorize, type Session } from "../projects/session.ts";

/** How a run's model becomes a version. */
export interface Deployment {
  readonly name: string;
  /** Default: one minor step above the newest, 1.0.0 first. */
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Registers the model that a run saved as a version, staged. Throws NotFoundError for a run without a model, ConflictError for a
 * version that is there already.
 */
export async function deployRun(
  session: Session,
  runId: string,
  { name, version, description = "", tags = {} }: Deployment,
): Promise<ModelVersion> {
  await authorize(session, "write");
  if (name.trim() === "" || name.includes("@"))
    throw new ParamsError(`registry: a model's name must have no @, got ${JSON.stringify(name)}`);
  const run = await session.db
    .selectFrom("runs as r")
    .leftJoin("artifacts as a", (join) => join.onRef("a.run_id", "=", "r.id").on("a.name", "=", "model"))
    .select(["r.id", "r.name", "r.status", "r.metrics", "r.dataset_version_id", "a.file", "a.content_hash", "a.size_bytes"])
    .where(sql<boolean>`r.id::text = ${runId}`)
    .where("r.project_id", "=", session.projectId)
    .executeTakeFirst();
  if (!run) throw new NotFoundError(`registry: no run ${runId}`);
  if (!run.file) throw new NotFoundError(`registry: run "${run.name}" has saved no model (it is ${run.status})`);
  const model = await loadModel<PredictorModel>(session.store.path(run.file));
  const steps =
    model.name === "pipeline" ? (model.params["steps"] as readonly { name: string; params: Record<string, unknown> }[]) : [model];
  const last = steps.at(-1)!;
  const signature = {
    columns: model.columns.map(({ name: column, levels }) => ({
      name: column,
      kind: levels ? "category" : "number",
      ...(levels && { levels }),
    })),
    target: model.target ?? null,
    classes: model.classes ?? null,
  };
  const id = await transaction(session.db, async (db) => {
    await db
      .insertInto("models")
      .values({ id: uuidv7(), project_id: session.projectId, name })
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
      .execute();
    const { id: modelId } = await db
      .selectFrom("models")
      .select("id")
      .where("project_id", "=", session.projectId)
      .where("name", "=", name)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const taken = await db
      .selectFrom("model_versions")
      .select("version")
      .where("model_id", "=", modelId)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .execute();
    const wanted = version ?? nextVersion(taken.map((row) => row.version));
    if (taken.some((row) => row.version === wanted))
      throw new ConflictError(`registry: ${name}@${wanted} is there already; versions never change`);
    const versionId = uuidv7();
    await db
      .insertInto("model_versions")
      .values({
        id: versionId,
        project_id: session.projectId,
        model_id: modelId,
        version: wanted,
        status: "staged",
        run_id: run.id,
        description,
        tags: JSON.stringify(tags),
        algorithm: last.name,
        task: model.task,
        params: JSON.stringify(last.params),
        metrics: JSON.stringify(run.metrics),
        signature: JSON.stringify(signature),
        dataset_version_id: run.dataset_version_id,
        content_hash: run.content_hash!,
        size_bytes: run.size_bytes!,
        file: run.file!,
        created_by: session.userId,
      })
      .execute();
    await audit(session, db, versionId, null, "staged", "deployed");
    return versionId;
  });
  return getVersion(session, id);
}

function nextVersion(taken: readonly string[]): string {
  const numbers = taken.flatMap((version) => (/^\d+\.\d+\.\d+$/.test(version) ? [version.split(".").map(Number)] : []));
  if (numbers.length === 0) return "1.0.0";
  const [major, minor] = numbers.sort((a, b) => b[0]! - a[0]! || b[1]! - a[1]! || b[2]! - a[2]!)[0]!;
  return `${major}.${minor! + 1}.0`;
}

async function audit(
  session: Session,
  db: Work,
  versionId: string,
  from: VersionStatus | null,
  to: VersionStatus,
  reason: string,
): Promise<void> {
  await db
    .insertInto("model_audit")
    .values({
      project_id: session.projectId,
      model_version_id: versionId,
      from_status: from,
      to_status: to,
      actor: session.userId,
      reason,
    })
    .execute();
  await emit(db, session.projectId, versionId, { kind: "model", model_id: versionId, version_status: to });
}

const up: Readonly<Record<VersionStatus, VersionStatus | undefined>> = {
  training: "staged",
  staged: "production",
  archived: "staged",
  production: undefined,
};
const down: Readonly<Record<VersionStatus, VersionStatus | undefined>> = {
  production: "staged",
  staged: "training",
  training: undefined,
  archived: undefined,
};

/** One step up: staged → production (the version there is archived), archived or training → staged. */
export function promote(session: Session, ref: string, reason = ""): Promise<ModelVersion> {
  return move(session, ref, reason, (status) => up[status] ?? `it is in ${status} already`);
}

/** One step down: production → staged → training. */
export function demote(session: Session, ref: string, reason = ""): Promise<ModelVersion> {
  return move(session, ref, reason, (status) => down[status] ?? `it is ${status}, there is nothing below`);
}

/** Out of use; it can be staged again. */
export function archive(session: Session, ref: string, reason = ""): Promise<ModelVersion> {
  return move(session, ref, reason, (status) => (status === "archived" ? "it is archived already" : "archived"));
}

/** Puts an earlier version of a model back into production. */
export function rollback(session: Session, name: string, version: string, reason = ""): Promise<ModelVersion> {
  return move(session, `${name}@${version}`, reason, (status) =>
    status === "production" ? "it is in production already" : "production",
  );
}

/** Moves a version in one transaction with its audit row; what it displaces from production is archived. Throws ConflictError. */
async function move(
  session: Session,
  ref: string,
  reason: string,
  next: (status: VersionStatus) => string,
): Promise<ModelVersion> {
  await authorize(session, "promote");
  const { model_id: id, name } = await getVersion(session, ref);
  await transaction(session.db, async (db) => {
    const { model_id: modelId } = await db
      .selectFrom("model_versions")
      .select("model_id")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    await db.selectFrom("models").select("id").where("id", "=", modelId).forUpdate().executeTakeFirstOrThrow();
    const { status, version } = await db
      .selectFrom("model_versions")
      .select(["status", "version"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const to = next(status);
    if (!Object.hasOwn(up, to)) throw new ConflictError(`registry: ${name}@${version}: ${to}`);
    if (to === "production") {
      const former = await db
        .updateTable("model_versions")
        .set({ status: "archived" })
        .where("model_id", "=", modelId)
        .where("status", "=", "production")
        .returning("id")
        .execute();
      for (const displaced of former) await audit(session, db, displaced.id, "production", "archived", `displaced by ${version}`);
    }
    await db
      .updateTable("model_versions")
      .set({ status: to as VersionStatus })
      .where("id", "=", id)
      .execute();
    await audit(session, db, id, status, to as VersionStatus, reason);
  });
  return getVersion(session, id);
}

/** What a list of versions is asked for. */
export interface VersionQuery {
  readonly name?: string | undefined;
  readonly status?: VersionStatus | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Versions, newest first. */
export async function listVersions(
  session: Session,
  { name, status, limit = 50, cursor }: VersionQuery = {},
): Promise<Page<ModelVersion>> {
  let query = versionRows(session)
    .orderBy("v.id", "desc")
    .limit(limit + 1);
  if (name !== undefined) query = query.where("m.name", "=", name);
  if (status !== undefined) query = query.where("v.status", "=", status);
  if (cursor !== undefined) query = query.where("v.id", "<", String(readCursor(cursor, 1)[0]));
  return pageOf(await query.execute(), limit, toVersion, (row) => [row.id]);
}

/** A version by id, `name@1.0.0`, `name@production`, or name (the one in production, else the newest). Throws NotFoundError. */
export async function getVersion(session: Session, ref: string): Promise<ModelVersion> {
  return toVersion(await findVersion(session, ref));
}

/** Where a version's model file lies, and its hash. */
export async function versionFile(
  session: Session,
  ref: string,
): Promise<{ readonly version: ModelVersion; readonly file: string }> {
  const row = await findVersion(session, ref);
  return { version: toVersion(row), file: row.file };
}

async function findVersion(session: Session, ref: string): Promise<VersionRow> {
  if (isUuid(ref)) {
    const row = await versionRows(session).where("v.id", "=", ref).executeTakeFirst();
    if (row) return row;
  }
  const at = ref.lastIndexOf("@");
  const name = at < 0 ? ref : ref.slice(0, at);
  const wanted = at < 0 ? undefined : ref.slice(at + 1);
  const rows = await versionRows(session).where("m.name", "=", name).orderBy("v.id", "desc").limit(500).execute();
  if (rows.length === 0) {
    const names = await session.db
      .selectFrom("models")
      .select("name")
      .where("project_id", "=", session.projectId)
      .orderBy("name")
      .limit(200)
      .execute();
    throw new NotFoundError(
      `registry: no model "${name}"${suggest(
        name,
        names.map((row) => row.name),
      )}`,
    );
  }
  const row =
    wanted === undefined
      ? (rows.find(({ status }) => status === "production") ?? rows[0])
      : rows.find(({ version, status }) => version === wanted || status === wanted);
  if (row) return row;
  throw new NotFoundError(
    `registry: no ${name}@${wanted}, there are ${rows
      .slice(0, 10)
      .map((each) => `${each.version} (${each.status})`)
      .join(", ")}`,
  );
}

function versionRows({ db, projectId }: Session) {
  return db
    .selectFrom("model_versions as v")
    .innerJoin("models as m", "m.id", "v.model_id")
    .leftJoin("dataset_versions as d", "d.id", "v.dataset_version_id")
    .leftJoin("datasets as s", "s.id", "d.dataset_id")
    .selectAll("v")
    .select(["m.name", "d.version as dataset_version", "s.name as dataset_name"])
    .where("v.project_id", "=", projectId);
}

type VersionRow = Awaited<ReturnType<ReturnType<typeof versionRows>["execute"]>>[number];

function toVersion(row: VersionRow): ModelVersion {
  return {
    model_id: row.id,
    name: row.name,
    version: row.version,
    version_status: row.status,
    algorithm: row.algorithm,
    task_type: row.task as ModelVersion["task_type"],
    description: row.description,
    tags: row.tags,
    hyperparameters: Object.fromEntries(
      Object.entries(row.params).map(([key, value]) => [key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
    ),
    metrics: row.metrics as ModelVersion["metrics"],
    signature: row.signature,
    dataset: row.dataset_name ? `${row.dataset_name}@${row.dataset_version}` : null,
    run_id: row.run_id,
    content_hash: row.content_hash,
    size_bytes: Number(row.size_bytes),
    created_at: row.created_at.toISOString(),
  };
}
