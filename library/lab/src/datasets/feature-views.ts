import { isDeepStrictEqual } from "node:util";
import { ConflictError, DataError, NotFoundError, ParamsError, suggest } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { type FeatureView, type FeatureViewRequest, featureViewRequest, type ViewSource } from "../contract/feature-views.ts";
import { transaction } from "../db/database.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { featureLineage } from "./feature-view-lineage.ts";
import { readSource, sampleRows } from "./feature-view-source.ts";
import { lockFiles } from "./versions.ts";

/**
 * Defines a feature view: a new one, or the next version of the one of this name; the same definition again is answered as it is. Its source is read
 * once, to know the columns. Throws DataError naming a column that the source has not, ParamsError for a query that is no SELECT.
 */
export async function defineFeatureView(session: Session, request: FeatureViewRequest): Promise<FeatureView> {
  await authorize(session, "write");
  const { name, description, source, entity, event_time, ttl_seconds, features } = checked(request);
  const columns = await columnsOf(session, source, entity, event_time, features);
  const last = await viewRows(session).where("v.name", "=", name).orderBy("v.version", "desc").limit(1).executeTakeFirst();
  const definition = { description, source, entity, event_time, ttl_seconds, columns };
  if (last && isDeepStrictEqual(definition, definitionOf(toView(last)))) return toView(last);
  const id = uuidv7();
  const version = (last?.version ?? 0) + 1;
  await transaction(session.db, async (db) => {
    const made = await db
      .insertInto("feature_views")
      .values({
        ...definition,
        id,
        project_id: session.projectId,
        name,
        version,
        source: JSON.stringify(source),
        columns: JSON.stringify(columns),
        owner: session.userId,
      })
      .onConflict((conflict) => conflict.columns(["project_id", "name", "version"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!made) throw new ConflictError(`features: somebody defined ${name} at the same moment; look at it and try again`);
    await logDeed(session, db, "feature_view.define", `${name}@${version}`);
  });
  return getFeatureView(session, id);
}

/** A feature view by `name` (its newest version), `name@2` or id. Throws NotFoundError with the near name. */
export async function getFeatureView(session: Session, ref: string): Promise<FeatureView> {
  const [name, version] = ref.split("@") as [string, string?];
  let query = viewRows(session).where((is) => is.or([is("v.name", "=", name), is(sql<string>`v.id::text`, "=", ref)]));
  if (version !== undefined) query = query.where(sql<boolean>`v.version::text = ${version}`);
  const row = await query.orderBy("v.version", "desc").limit(1).executeTakeFirst();
  if (row) return toView(row);
  const known = await session.db
    .selectFrom("feature_views")
    .select(["name", sql<number>`max(version)`.as("newest")])
    .where("project_id", "=", session.projectId)
    .groupBy("name")
    .orderBy("name")
    .limit(200)
    .execute();
  const there = known.find((view) => view.name === name);
  if (there) throw new NotFoundError(`features: ${name} has no version ${version}, the newest is ${there.newest}`);
  throw new NotFoundError(
    `features: no feature view "${name}"${suggest(
      name,
      known.map((view) => view.name),
    )}`,
  );
}

/** Feature views by name, the newest version of each; of one name all its versions, newest first. */
export async function listFeatureViews(
  session: Session,
  { name, ...page }: ListQuery & { readonly name?: string | undefined } = {},
): Promise<Page<FeatureView>> {
  await authorize(session, "read");
  let query = viewRows(session);
  if (name !== undefined) query = query.where("v.name", "=", name);
  else
    query = query.where(
      sql<boolean>`v.version = (select max(w.version) from feature_views w where w.project_id = v.project_id and w.name = v.name)`,
    );
  return listRows(query, page, { fields, usually: "name,-version", item: toView });
}

const fields: ListFields = {
  id: required(sql`v.id`, "uuid"),
  name: required(sql`v.name`),
  version: required(sql`v.version`, "bigint"),
  description: required(sql`v.description`),
  entity: required(sql`v.entity`),
  owner: optional(sql`u.username`),
  created_at: required(sql`v.created_at`, "timestamptz"),
};

/**
 * Removes a feature view with all its versions, or `name@2` alone, their files and online rows. Throws ConflictError where datasets were made
 * with it, unless `force` is given; then these stay, without the record of it.
 */
export async function deleteFeatureView(
  session: Session,
  ref: string,
  { force = false }: { readonly force?: boolean | undefined } = {},
): Promise<string> {
  await authorize(session, "delete");
  const view = await getFeatureView(session, ref);
  const all = ref === view.name;
  const removed = all ? view.name : `${view.name}@${view.version}`;
  if (!force) await refuseWhereUsed(session, removed);
  await transaction(session.db, async (db) => {
    await lockFiles(db, session.projectId);
    const ids = await db
      .selectFrom("feature_views")
      .select("id")
      .where("project_id", "=", session.projectId)
      .where("name", "=", view.name)
      .where((is) => (all ? is.val(true) : is("id", "=", view.feature_view_id)))
      .execute();
    const list = ids.map(({ id }) => id);
    await db.deleteFrom("dataset_features").where("feature_view_id", "in", list).execute();
    const runs = await db.deleteFrom("feature_view_runs").where("feature_view_id", "in", list).returning("file").execute();
    await db.deleteFrom("feature_views").where("id", "in", list).execute();
    await logDeed(session, db, "feature_view.delete", removed);
    for (const { file } of runs) {
      const held =
        file && (await db.selectFrom("feature_view_runs").select("id").where("file", "=", file).limit(1).executeTakeFirst());
      if (file && !held) await session.store.remove(file);
    }
  });
  return removed;
}

async function refuseWhereUsed(session: Session, ref: string): Promise<void> {
  const { datasets, models } = await featureLineage(session, ref);
  if (datasets.length === 0) return;
  const listed = (items: readonly string[]): string => items.slice(0, 5).join(", ");
  const users = [
    `datasets ${listed(datasets.map(({ dataset, version }) => `${dataset}@${version}`))}`,
    ...(models.length > 0 ? [`models ${listed(models.map(({ name, version }) => `${name}@${version}`))}`] : []),
  ];
  throw new ConflictError(
    `features: ${ref} was used for ${users.join(" and ")}; delete it with force to keep them without the record`,
  );
}

function checked(request: FeatureViewRequest) {
  const parsed = featureViewRequest.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join(".");
  throw Object.assign(new ParamsError(`features: ${field && `${field}: `}${issue.message}`), { field });
}

async function columnsOf(
  session: Session,
  source: ViewSource,
  entity: string,
  eventTime: string,
  features: readonly string[] | undefined,
): Promise<FeatureView["columns"]> {
  if (entity === eventTime)
    throw Object.assign(new ParamsError("features: entity and event_time must be two columns"), { field: "event_time" });
  const { table } = await readSource(session, source, { limit: sampleRows });
  for (const [field, column] of [
    ["entity", entity],
    ["event_time", eventTime],
    ...(features ?? []).map((each) => ["features", each]),
  ] as const)
    if (!table.names.includes(column!))
      throw Object.assign(new DataError(`features: the source has no column "${column}"${suggest(column!, table.names)}`), {
        field,
      });
  const named = features ?? table.names.filter((column) => column !== entity && column !== eventTime);
  const own = named.find((column) => column === entity || column === eventTime);
  if (own !== undefined)
    throw Object.assign(new ParamsError(`features: "${own}" is the key or the instant, no feature`), { field: "features" });
  if (named.length === 0) throw new DataError("features: the source has no column besides the key and the instant");
  return named.map((column) => ({ name: column, kind: table.kind(column) }));
}

function definitionOf({ description, source, entity, event_time, ttl_seconds, columns }: FeatureView) {
  return { description, source, entity, event_time, ttl_seconds, columns };
}

function viewRows({ db, projectId }: Session) {
  return db
    .selectFrom("feature_views as v")
    .leftJoin("users as u", "u.id", "v.owner")
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom("feature_view_runs as r")
          .selectAll("r")
          .whereRef("r.feature_view_id", "=", "v.id")
          .orderBy("r.id", "desc")
          .limit(1)
          .as("m"),
      (join) => join.onTrue(),
    )
    .selectAll("v")
    .select([
      "u.username",
      "m.id as run_id",
      "m.content_hash",
      "m.row_count",
      "m.key_count",
      "m.size_bytes",
      "m.first_at",
      "m.last_at",
      "m.inputs",
    ])
    .select("m.created_at as run_at")
    .where("v.project_id", "=", projectId);
}

function toView(row: RowOf<typeof viewRows>): FeatureView {
  return {
    feature_view_id: row.id,
    name: row.name,
    version: row.version,
    description: row.description,
    source: row.source,
    entity: row.entity,
    event_time: row.event_time,
    ttl_seconds: row.ttl_seconds === null ? null : Number(row.ttl_seconds),
    columns: row.columns,
    owner: row.username,
    materialized:
      row.run_id === null
        ? null
        : {
            materialization_id: row.run_id,
            content_hash: row.content_hash!,
            rows: Number(row.row_count),
            keys: Number(row.key_count),
            size_bytes: Number(row.size_bytes),
            first_at: row.first_at?.toISOString() ?? null,
            last_at: row.last_at?.toISOString() ?? null,
            inputs: row.inputs,
            created_at: row.run_at!.toISOString(),
          },
    created_at: row.created_at.toISOString(),
  };
}
