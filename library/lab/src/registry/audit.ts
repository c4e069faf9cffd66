import { sql } from "kysely";
import type { AuditEntry, VersionStatus } from "../contract/models.ts";
import type { Work } from "../db/database.ts";
import { emit, notify } from "../db/events.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import { logDeed } from "../projects/activity.ts";
import type { Session } from "../projects/session.ts";

/** What happened to a model or to one of its versions. */
interface ModelChange {
  /** Of `models`. */
  readonly modelId: string;
  readonly versionId?: string | undefined;
  readonly version?: string | undefined;
  readonly action: "deploy" | "move" | "alias" | "settings" | "delete" | "broken" | "ab_test" | "alert";
  readonly from?: VersionStatus | null | undefined;
  readonly to?: VersionStatus | null | undefined;
  readonly reason?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** Writes a line of the audit trail and tells whoever listens, in the transaction of the change. */
export async function auditModel(session: Session, db: Work, change: ModelChange): Promise<void> {
  const { modelId, versionId, version, action, from, to, reason = "", detail = {} } = change;
  await db
    .insertInto("model_audit")
    .values({
      project_id: session.projectId,
      model_id: modelId,
      model_version_id: versionId ?? null,
      version: version ?? null,
      action,
      from_status: from ?? null,
      to_status: to ?? null,
      actor: session.userId,
      reason,
      detail: JSON.stringify(detail),
    })
    .execute();
  if (versionId) {
    const told = { kind: "model", model_id: versionId, action, ...(to && { version_status: to }) } as const;
    await emit(db, session.projectId, versionId, told);
  }
  await logDeed(session, db, `model.${action}`, `model/${modelId}`, { version, from, to, reason });
  await notify(db, session.projectId, modelId);
}

/** The audit trail of a model, newest first. */
export async function listAudit(session: Session, modelId: string, query: ListQuery = {}): Promise<Page<AuditEntry>> {
  const entries = session.db
    .selectFrom("model_audit as a")
    .leftJoin("users as u", "u.id", "a.actor")
    .selectAll("a")
    .select("u.username")
    .where("a.project_id", "=", session.projectId)
    .where("a.model_id", "=", modelId);
  return listRows(entries, query, {
    fields,
    item: (row) => ({
      id: row.id,
      action: row.action,
      model_id: row.model_version_id,
      version: row.version,
      from_status: row.from_status,
      to_status: row.to_status,
      actor: row.username,
      reason: row.reason,
      detail: row.detail,
      at: row.at.toISOString(),
    }),
  });
}

const fields: ListFields = {
  id: required(sql`a.id`, "bigint"),
  action: required(sql`a.action`),
  version: optional(sql`a.version`),
  from_status: optional(sql`a.from_status`),
  to_status: optional(sql`a.to_status`),
  actor: optional(sql`u.username`),
  at: required(sql`a.at`, "timestamptz"),
};
