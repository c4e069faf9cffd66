import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Alert, Monitor } from "../contract/monitoring.ts";
import { transaction, type Work } from "../db/database.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { findModel, type VersionRow } from "./versions.ts";

/** What a check found. */
export interface Found {
  readonly value: number;
  readonly isBeyond: boolean;
  /** The figure in words. */
  readonly what: string;
  readonly rows: number;
}

/**
 * Brings a monitor's alert in line with what a check found: opened unless the last one was resolved within the cool-down, counted on, or resolved
 * where the figure is back. Without a figure it stays as it is.
 */
export async function settleAlert(
  session: Session,
  monitor: Monitor,
  version: VersionRow | undefined,
  found: Found | undefined,
  now: Date,
): Promise<"opened" | "resolved" | undefined> {
  return transaction(session.db, async (db) => {
    const { model_id } = await db
      .updateTable("monitors")
      .set({ checked_at: now, value: found?.value ?? null })
      .where("id", "=", monitor.monitor_id)
      .returning("model_id")
      .executeTakeFirstOrThrow();
    if (!found || !version) return undefined;
    return found.isBeyond
      ? openAlert(session, db, monitor, model_id, version, found, now)
      : resolveOver(session, db, monitor, model_id, found, now);
  });
}

async function openAlert(
  session: Session,
  db: Work,
  monitor: Monitor,
  modelId: string,
  version: VersionRow,
  found: Found,
  now: Date,
): Promise<"opened" | undefined> {
  const seen = await db
    .updateTable("model_alerts")
    .set({ value: found.value, seen_at: now, times: sql`times + 1` as never, message: messageOf(monitor, version, found) })
    .where("monitor_id", "=", monitor.monitor_id)
    .where("status", "<>", "resolved")
    .executeTakeFirst();
  if (seen.numUpdatedRows > 0n) return undefined;
  const cooledAt = new Date(now.getTime() - monitor.cooldown_hours * 3_600_000);
  const recent = await db
    .selectFrom("model_alerts")
    .select("id")
    .where("monitor_id", "=", monitor.monitor_id)
    .where("resolved_at", ">", cooledAt)
    .limit(1)
    .executeTakeFirst();
  if (recent) return undefined;
  const id = uuidv7();
  const made = await db
    .insertInto("model_alerts")
    .values({
      id,
      project_id: session.projectId,
      model_id: modelId,
      monitor_id: monitor.monitor_id,
      model_version_id: version.id,
      value: found.value,
      threshold: monitor.threshold,
      message: messageOf(monitor, version, found),
      detail: JSON.stringify({ rows: found.rows, window_hours: monitor.window_hours }),
      opened_at: now,
      seen_at: now,
    })
    .onConflict((conflict) => conflict.column("monitor_id").where("status", "<>", "resolved").doNothing())
    .returning("message")
    .executeTakeFirst();
  if (!made) return undefined; // another process opened it
  const detail = { alert: id, alert_status: "open" };
  const change = {
    modelId,
    versionId: version.id,
    version: version.version,
    action: "alert",
    reason: made.message,
    detail,
  } as const;
  await auditModel(session, db, change);
  return "opened";
}

async function resolveOver(
  session: Session,
  db: Work,
  monitor: Monitor,
  modelId: string,
  found: Found,
  now: Date,
): Promise<"resolved" | undefined> {
  const note = `back by itself: ${figure(found.value)}`;
  const done = await db
    .updateTable("model_alerts")
    .set({ status: "resolved", resolved_at: now, note })
    .where("monitor_id", "=", monitor.monitor_id)
    .where("status", "<>", "resolved")
    .returning(["id", "model_version_id"])
    .executeTakeFirst();
  if (!done) return undefined;
  await auditAlert(session, db, modelId, done, "resolved", note);
  return "resolved";
}

/** Says that somebody has seen an alert. Throws ConflictError unless it is open. */
export async function acknowledgeAlert(session: Session, id: string, note = ""): Promise<Alert> {
  return moveAlert(session, id, "acknowledged", note);
}

/** Ends an alert; the same does not open again within the monitor's cool-down. Throws ConflictError for one that has ended. */
export async function resolveAlert(session: Session, id: string, note = ""): Promise<Alert> {
  return moveAlert(session, id, "resolved", note);
}

async function moveAlert(session: Session, id: string, to: "acknowledged" | "resolved", note: string): Promise<Alert> {
  await authorize(session, "write");
  const { alert_id, alert_status } = await getAlert(session, id);
  const by = { [`${to}_by`]: session.userId, [`${to}_at`]: new Date() };
  await transaction(session.db, async (db) => {
    const moved = await db
      .updateTable("model_alerts")
      .set({ status: to, ...by, ...(note !== "" && { note }) })
      .where("id", "=", alert_id)
      .where("status", "in", to === "acknowledged" ? ["open"] : ["open", "acknowledged"])
      .returning(["id", "model_id", "model_version_id"])
      .executeTakeFirst();
    if (!moved) throw new ConflictError(`alert: ${id} is ${alert_status} and cannot be ${to}`);
    await auditAlert(session, db, moved.model_id, moved, to, note);
  });
  return getAlert(session, id);
}

async function auditAlert(
  session: Session,
  db: Work,
  modelId: string,
  { id, model_version_id }: { readonly id: string; readonly model_version_id: string | null },
  to: "acknowledged" | "resolved",
  reason: string,
): Promise<void> {
  const versionId = model_version_id ?? undefined;
  await auditModel(session, db, { modelId, versionId, action: "alert", reason, detail: { alert: id, alert_status: to } });
}

/** Alerts, newest first. */
export async function listAlerts(
  session: Session,
  {
    alert_status,
    model,
    ...page
  }: ListQuery & { readonly alert_status?: Alert["alert_status"] | undefined; readonly model?: string | undefined } = {},
): Promise<Page<Alert>> {
  await authorize(session, "read");
  let query = alertRows(session);
  if (alert_status !== undefined) query = query.where("a.status", "=", alert_status);
  if (model !== undefined) query = query.where("a.model_id", "=", (await findModel(session, model)).id);
  return listRows(query, page, { fields, item: toAlert });
}

const fields: ListFields = {
  id: required(sql`a.id`, "uuid"),
  model: required(sql`n.name`),
  monitor: required(sql`m.name`),
  alert_status: required(sql`a.status`),
  value: required(sql`a.value`, "double precision"),
  threshold: required(sql`a.threshold`, "double precision"),
  times: required(sql`a.times`, "bigint"),
  opened_at: required(sql`a.opened_at`, "timestamptz"),
  seen_at: required(sql`a.seen_at`, "timestamptz"),
  resolved_at: optional(sql`a.resolved_at`, "timestamptz"),
};

/** An alert by its id. Throws NotFoundError. */
async function getAlert(session: Session, id: string): Promise<Alert> {
  const row = await alertRows(session).where(sql<boolean>`a.id::text = ${id}`).executeTakeFirst();
  if (!row) throw new NotFoundError(`alert: no alert ${id}`);
  return toAlert(row);
}

function alertRows({ db, projectId }: Session) {
  return db
    .selectFrom("model_alerts as a")
    .innerJoin("monitors as m", "m.id", "a.monitor_id")
    .innerJoin("models as n", "n.id", "a.model_id")
    .leftJoin("users as u", "u.id", "a.acknowledged_by")
    .leftJoin("users as w", "w.id", "a.resolved_by")
    .selectAll("a")
    .select(["m.name as monitor", "n.name as model", "u.username as acknowledger", "w.username as resolver"])
    .where("a.project_id", "=", projectId);
}

function toAlert(row: RowOf<typeof alertRows>): Alert {
  return {
    alert_id: row.id,
    model: row.model,
    model_id: row.model_version_id,
    monitor_id: row.monitor_id,
    monitor: row.monitor,
    alert_status: row.status,
    value: row.value,
    threshold: row.threshold,
    message: row.message,
    times: row.times,
    opened_at: row.opened_at.toISOString(),
    seen_at: row.seen_at.toISOString(),
    acknowledged_by: row.acknowledger,
    acknowledged_at: row.acknowledged_at?.toISOString() ?? null,
    resolved_by: row.resolver,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    note: row.note,
  };
}

function messageOf({ measure, threshold, window_hours }: Monitor, version: VersionRow, { value, what, rows }: Found): string {
  const side = measure.endsWith("below") ? "below" : "above";
  return `${version.name}@${version.version}: ${what} is ${figure(value)} over ${window_hours} h, ${side} ${figure(threshold)} (${rows} rows)`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
