import { ConflictError } from "assay";
import { sql } from "kysely";
import { transaction, type Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { refreshServed } from "./serving.ts";
import { findVersion, type VersionRow } from "./versions.ts";

/** What holds on to a version, a sentence each. */
type VersionReferences = (db: Work, versionId: string) => Promise<string[]>;

const holders: VersionReferences[] = [];

/** Has a version asked for before it is deleted. */
export function defineVersionReferences(references: VersionReferences): void {
  holders.push(references);
}

/**
 * Deletes a version, its log of predictions (with `force`), and its file where nothing else holds that. Throws ConflictError with whatever
 * refers to it: production, aliases, fallbacks, A/B tests, predictions.
 */
export async function deleteVersion(
  session: Session,
  ref: string,
  { force = false, reason = "" }: { readonly force?: boolean | undefined; readonly reason?: string | undefined } = {},
): Promise<void> {
  await authorize(session, "delete");
  const version = await findVersion(session, ref);
  await transaction(session.db, async (db) => {
    await db.selectFrom("models").select("id").where("id", "=", version.model_id).forUpdate().executeTakeFirstOrThrow();
    const held = [
      ...(await ownReferences(db, version, force)),
      ...(await Promise.all(holders.map((of) => of(db, version.id)))).flat(),
    ];
    if (held.length > 0)
      throw new ConflictError(`registry: ${version.name}@${version.version} cannot be deleted: ${held.slice(0, 10).join("; ")}`);
    const { id, version: number, model_id: modelId, content_hash } = version;
    await auditModel(session, db, {
      modelId,
      version: number,
      action: "delete",
      from: version.status,
      reason,
      detail: { id, content_hash },
    });
    await db.deleteFrom("model_versions").where("id", "=", id).execute();
  });
  await refreshServed(session, version.model_id);
  await removeFile(session, version.file);
}

async function ownReferences(db: Work, { id, model_id, name, version, status }: VersionRow, force: boolean): Promise<string[]> {
  const held: string[] = [];
  const now = await db.selectFrom("model_versions").select("status").where("id", "=", id).executeTakeFirst();
  if ((now?.status ?? status) === "production") held.push("it is in production: demote or archive it first");
  const aliases = await db
    .selectFrom("model_aliases")
    .select("alias")
    .where("model_version_id", "=", id)
    .orderBy("alias")
    .execute();
  for (const { alias } of aliases) held.push(`alias "${alias}" points at it`);
  const fallbacks = await db
    .selectFrom("models")
    .select("name")
    .where(sql<boolean>`fallback ->> 'basic' in (${id}, ${`${name}@${version}`})`)
    .where("project_id", "=", db.selectFrom("models as m").select("m.project_id").where("m.id", "=", model_id))
    .orderBy("name")
    .limit(10)
    .execute();
  for (const fallback of fallbacks) held.push(`it is the fallback of ${fallback.name}`);
  if (force) return held;
  const logged = await db.selectFrom("predictions").select("id").where("model_version_id", "=", id).limit(1).executeTakeFirst();
  if (logged) held.push("it has a log of predictions, which goes with it: force");
  return held;
}

/** The run that saved the model, and other versions of it, share the file. */
async function removeFile({ db, store }: Session, file: string): Promise<void> {
  const held = await sql<{ held: boolean }>`select exists (select from model_versions where file = ${file})
    or exists (select from artifacts where file = ${file}) as held`.execute(db);
  if (!held.rows[0]!.held) await store.remove(file);
}
