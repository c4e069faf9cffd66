import { ConflictError, NotFoundError, ParamsError, suggest } from "assay";
import { type Alias, aliasName, versionStatus } from "../contract/models.ts";
import { transaction } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { refreshServed } from "./serving.ts";
import { findModel, findVersion } from "./versions.ts";

/** How an alias is set. */
export interface AliasOptions {
  /** Moved and removed by owners of the project alone; default as it was. */
  readonly protected?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** Points an alias of a model at one of its versions, new or moved. Throws ParamsError, PermissionError for a protected one. */
export async function setAlias(
  session: Session,
  name: string,
  alias: string,
  version: string,
  { protected: isProtected, reason = "" }: AliasOptions = {},
): Promise<Alias> {
  await authorize(session, "promote");
  const model = await findModel(session, name);
  await checkAlias(session, model.id, alias);
  const target = await findVersion(session, version.includes("@") ? version : `${model.name}@${version}`).catch((error) =>
    error instanceof NotFoundError ? findVersion(session, version) : Promise.reject(error),
  );
  if (target.model_id !== model.id)
    throw new ParamsError(`registry: alias "${alias}" of ${model.name} cannot point at a version of ${target.name}`);
  await transaction(session.db, async (db) => {
    await db.selectFrom("models").select("id").where("id", "=", model.id).forUpdate().executeTakeFirstOrThrow();
    const before = await db
      .selectFrom("model_aliases")
      .select(["model_version_id", "protected"])
      .where("model_id", "=", model.id)
      .where("alias", "=", alias)
      .executeTakeFirst();
    if (before?.protected || isProtected !== undefined) await authorize(session, "protect");
    const values = {
      model_version_id: target.id,
      protected: isProtected ?? before?.protected ?? false,
      updated_by: session.userId,
      updated_at: new Date(),
    };
    await db
      .insertInto("model_aliases")
      .values({ model_id: model.id, alias, project_id: session.projectId, ...values })
      .onConflict((conflict) => conflict.columns(["model_id", "alias"]).doUpdateSet(values))
      .execute();
    const detail = { alias, from: before?.model_version_id ?? null, to: target.id };
    await auditModel(session, db, {
      modelId: model.id,
      versionId: target.id,
      version: target.version,
      action: "alias",
      reason,
      detail,
    });
  });
  await refreshServed(session, model.id);
  return (await listAliases(session, name)).find((each) => each.alias === alias)!;
}

/** Removes an alias. Throws NotFoundError, PermissionError for a protected one. */
export async function deleteAlias(session: Session, name: string, alias: string, reason = ""): Promise<void> {
  await authorize(session, "promote");
  const model = await findModel(session, name);
  const known = await listAliases(session, name);
  const there = known.find((each) => each.alias === alias);
  const names = known.map((each) => each.alias);
  if (!there) throw new NotFoundError(`registry: ${model.name} has no alias "${alias}"${suggest(alias, names)}`);
  if (there.protected) await authorize(session, "protect");
  await transaction(session.db, async (db) => {
    await db.deleteFrom("model_aliases").where("model_id", "=", model.id).where("alias", "=", alias).execute();
    const detail = { alias, from: there.model_id, to: null };
    const change = { modelId: model.id, versionId: there.model_id, version: there.version, action: "alias" } as const;
    await auditModel(session, db, { ...change, reason, detail });
  });
  await refreshServed(session, model.id);
}

/** The aliases of a model, by name. */
export async function listAliases(session: Session, name: string): Promise<Alias[]> {
  const model = await findModel(session, name);
  const rows = await session.db
    .selectFrom("model_aliases as a")
    .innerJoin("model_versions as v", "v.id", "a.model_version_id")
    .leftJoin("users as u", "u.id", "a.updated_by")
    .select(["a.alias", "a.model_version_id", "v.version", "a.protected", "u.username", "a.updated_at"])
    .where("a.model_id", "=", model.id)
    .orderBy("a.alias")
    .limit(500)
    .execute();
  return rows.map((row) => ({
    alias: row.alias,
    model_id: row.model_version_id,
    version: row.version,
    protected: row.protected,
    updated_by: row.username,
    updated_at: row.updated_at.toISOString(),
  }));
}

async function checkAlias(session: Session, modelId: string, alias: string): Promise<void> {
  if (!aliasName.safeParse(alias).success || versionStatus.safeParse(alias).success)
    throw new ParamsError(
      `registry: an alias must begin with a letter, have letters, digits, _ and - alone, and be no status, got ${JSON.stringify(alias.slice(0, 60))}`,
    );
  const taken = await session.db
    .selectFrom("model_versions")
    .select("id")
    .where("model_id", "=", modelId)
    .where("version", "=", alias)
    .executeTakeFirst();
  if (taken) throw new ConflictError(`registry: "${alias}" is a version of this model, an alias needs another name`);
}
