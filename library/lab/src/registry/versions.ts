import { NotFoundError, suggest } from "assay";
import { sql } from "kysely";
import { type ModelVersion, type VersionStatus, versionStatus } from "../contract/models.ts";
import { snakeCase } from "../contract/values.ts";
import { isUuid } from "../datasets/index.ts";
import type { Database, Work } from "../db/database.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import type { Session } from "../projects/session.ts";

/** What a list of versions is asked for. */
interface VersionQuery extends ListQuery {
  readonly name?: string | undefined;
  readonly status?: VersionStatus | undefined;
}

/** Versions, newest first. */
export async function listVersions(session: Session, { name, status, ...page }: VersionQuery = {}): Promise<Page<ModelVersion>> {
  let query = versionRows(session);
  if (name !== undefined) query = query.where("m.name", "=", name);
  if (status !== undefined) query = query.where("v.status", "=", status);
  return listRows(query, page, { fields, item: toVersion });
}

const fields: ListFields = {
  id: required(sql`v.id`, "uuid"),
  name: required(sql`m.name`),
  version: required(sql`v.version`),
  version_status: required(sql`v.status`),
  algorithm: required(sql`v.algorithm`),
  task_type: required(sql`v.task`),
  dataset: optional(sql`(s.name || '@' || d.version)`),
  run_id: optional(sql`v.run_id`, "uuid"),
  description: required(sql`v.description`),
  size_bytes: required(sql`v.size_bytes`, "bigint"),
  created_at: required(sql`v.created_at`, "timestamptz"),
  metrics: (name) => optional(sql`nullif((v.metrics ->> ${name})::double precision, 'NaN')`, "double precision"),
  tags: (name) => optional(sql`(v.tags ->> ${name})`),
};

/** A version by id, `name@1.0.0`, `name@production`, `name@alias`, or name (the one in production, else the newest). Throws NotFoundError. */
export async function getVersion(session: Session, ref: string): Promise<ModelVersion> {
  return toVersion(await findVersion(session, ref));
}

/** Where a version's model file lies. */
export async function versionFile(
  session: Session,
  ref: string,
): Promise<{ readonly version: ModelVersion; readonly file: string }> {
  const row = await findVersion(session, ref);
  return { version: toVersion(row), file: row.file };
}

/** The row of a model by name or by the id of one of its versions. Throws NotFoundError with the near name. */
export async function findModel(session: Session, ref: string): Promise<{ readonly id: string; readonly name: string }> {
  const { db, projectId } = session;
  const model = await db
    .selectFrom("models as m")
    .select(["m.id", "m.name"])
    .where("m.project_id", "=", projectId)
    .where((is) =>
      isUuid(ref)
        ? is.or([
            is("m.name", "=", ref),
            is("m.id", "in", is.selectFrom("model_versions").select("model_id").where("id", "=", ref)),
          ])
        : is("m.name", "=", ref),
    )
    .executeTakeFirst();
  return model ?? unknownModel(session, ref);
}

/** A version's row, with its model's name, settings and dataset. Throws NotFoundError. */
export async function findVersion(session: Session, ref: string): Promise<VersionRow> {
  if (isUuid(ref)) {
    const row = await versionRows(session).where("v.id", "=", ref).executeTakeFirst();
    if (row) return row;
  }
  const at = ref.lastIndexOf("@");
  const name = at < 0 ? ref : ref.slice(0, at);
  const wanted = at < 0 ? undefined : ref.slice(at + 1);
  const rows = versionRows(session).where("m.name", "=", name);
  const found =
    wanted === undefined
      ? rows.orderBy(sql`v.status = 'production'`, "desc")
      : versionStatus.safeParse(wanted).success
        ? rows.where("v.status", "=", wanted as VersionStatus)
        : rows.where((is) =>
            is.or([
              is("v.version", "=", wanted),
              is(
                "v.id",
                "in",
                is
                  .selectFrom("model_aliases as a")
                  .select("a.model_version_id")
                  .whereRef("a.model_id", "=", "m.id")
                  .where("a.alias", "=", wanted),
              ),
            ]),
          );
  return (await found.orderBy("v.id", "desc").limit(1).executeTakeFirst()) ?? unknownVersion(session, name, wanted);
}

async function unknownVersion(session: Session, name: string, wanted: string | undefined): Promise<never> {
  const known = await versionRows(session).where("m.name", "=", name).orderBy("v.id", "desc").limit(10).execute();
  if (known.length === 0) {
    await findModel(session, name);
    throw new NotFoundError(`registry: ${name} has no version`);
  }
  const texts = known.map(({ version, status, aliases }) => `${version} (${[status, ...aliases].join(", ")})`);
  throw new NotFoundError(`registry: no ${name}@${wanted}, there are ${texts.join(", ")}`);
}

async function unknownModel({ db, projectId }: Session, name: string): Promise<never> {
  const rows = await db
    .selectFrom("models")
    .select("name")
    .where("project_id", "=", projectId)
    .orderBy("name")
    .limit(200)
    .execute();
  const names = rows.map((row) => row.name);
  throw new NotFoundError(`registry: no model "${name}"${suggest(name, names)}`);
}

function versionRows({ db, projectId }: { readonly db: Database | Work; readonly projectId: string }) {
  return db
    .selectFrom("model_versions as v")
    .innerJoin("models as m", "m.id", "v.model_id")
    .leftJoin("dataset_versions as d", "d.id", "v.dataset_version_id")
    .leftJoin("datasets as s", "s.id", "d.dataset_id")
    .selectAll("v")
    .select(["m.name", "m.log", "m.fallback", "d.version as dataset_version", "s.name as dataset_name"])
    .select(
      sql<string[]>`array(select a.alias from model_aliases a where a.model_version_id = v.id order by a.alias)`.as("aliases"),
    )
    .where("v.project_id", "=", projectId);
}

/** A version as the database has it. */
export type VersionRow = RowOf<typeof versionRows>;

/** A version as it is shown. */
export function toVersion(row: VersionRow): ModelVersion {
  return {
    model_id: row.id,
    name: row.name,
    version: row.version,
    version_status: row.status,
    aliases: row.aliases,
    algorithm: row.algorithm,
    task_type: row.task as ModelVersion["task_type"],
    description: row.description,
    tags: row.tags,
    hyperparameters: Object.fromEntries(Object.entries(row.params).map(([key, value]) => [snakeCase(key), value])),
    preprocessing: row.preprocessing,
    metrics: row.metrics as ModelVersion["metrics"],
    signature: row.signature,
    dataset: row.dataset_name ? `${row.dataset_name}@${row.dataset_version}` : null,
    run_id: row.run_id,
    content_hash: row.content_hash,
    size_bytes: Number(row.size_bytes),
    created_at: row.created_at.toISOString(),
  };
}
