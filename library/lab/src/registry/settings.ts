import { ParamsError } from "assay";
import { type ModelSettings, modelSettings, promotionChecks, settingsRequest } from "../contract/models.ts";
import { transaction } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { refreshServed } from "./serving.ts";
import { findModel, findVersion } from "./versions.ts";

/** The settings of a model: its log of predictions, its fallback, its checks. */
export async function getSettings(session: Session, name: string): Promise<ModelSettings> {
  const { id } = await findModel(session, name);
  const row = await session.db
    .selectFrom("models")
    .select(["log", "retention_days", "fallback", "checks"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return modelSettings.parse({ ...row, checks: promotionChecks.parse(row.checks) });
}

/** Changes settings of a model; those not given stay. Throws ParamsError, NotFoundError for a fallback that is not there. */
export async function changeSettings(session: Session, name: string, changes: Partial<ModelSettings>): Promise<ModelSettings> {
  await authorize(session, "promote");
  const parsed = settingsRequest.safeParse(changes);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join(".");
    throw Object.assign(new ParamsError(`registry: ${field}: ${issue.message}`), { field });
  }
  const { log, retention_days, fallback, checks } = parsed.data;
  const model = await findModel(session, name);
  if (fallback?.basic != null) await findVersion(session, fallback.basic);
  if (log === undefined && retention_days === undefined && !fallback && !checks) return getSettings(session, name);
  if (checks) await authorize(session, "protect");
  await transaction(session.db, async (db) => {
    await db
      .updateTable("models")
      .set({
        ...(log !== undefined && { log }),
        ...(retention_days !== undefined && { retention_days }),
        ...(fallback && { fallback: JSON.stringify(fallback) }),
        ...(checks && { checks: JSON.stringify(checks) }),
      })
      .where("id", "=", model.id)
      .execute();
    await auditModel(session, db, { modelId: model.id, action: "settings", detail: parsed.data });
  });
  await refreshServed(session, model.id);
  return getSettings(session, name);
}
