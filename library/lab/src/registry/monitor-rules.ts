import { ConflictError, NotFoundError, ParamsError, suggest } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { type Monitor, type MonitorChange, type MonitorRequest, monitorRequest } from "../contract/monitoring.ts";
import type { RowOf } from "../db/row-of.ts";
import { authorize, type Session } from "../projects/session.ts";
import { findModel } from "./versions.ts";

const listedMost = 200;

/** Watches a measure of a model's version in production. Throws ParamsError, ConflictError for a taken name. */
export async function createMonitor(session: Session, model: string, request: MonitorRequest): Promise<Monitor> {
  await authorize(session, "write");
  const { name, measure, subject, ...bounds } = monitorRequest.parse(request);
  if (measure.startsWith("metric_") && subject === undefined)
    throw Object.assign(new ParamsError(`monitor: ${measure} needs the metric's name as subject`), { field: "subject" });
  const { id: modelId } = await findModel(session, model);
  const made = await session.db
    .insertInto("monitors")
    .values({
      id: uuidv7(),
      project_id: session.projectId,
      model_id: modelId,
      name,
      measure,
      subject: subject ?? null,
      ...bounds,
      created_by: session.userId,
    })
    .onConflict((conflict) => conflict.columns(["model_id", "name"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) throw new ConflictError(`monitor: the name "${name}" is taken`);
  return getMonitor(session, made.id);
}

/** Monitors of a model, or of all, by name. */
export async function listMonitors(session: Session, model?: string): Promise<Monitor[]> {
  let query = monitorRows(session).orderBy("n.name").orderBy("m.name").limit(listedMost);
  if (model !== undefined) query = query.where("n.id", "=", (await findModel(session, model)).id);
  return (await query.execute()).map(toMonitor);
}

/** A monitor by its id. Throws NotFoundError. */
async function getMonitor(session: Session, id: string): Promise<Monitor> {
  const row = await monitorRows(session).where(sql<boolean>`m.id::text = ${id}`).executeTakeFirst();
  if (row) return toMonitor(row);
  const names = await monitorRows(session).limit(listedMost).execute();
  throw new NotFoundError(
    `monitor: no monitor ${id}${suggest(
      id,
      names.map((each) => each.id),
    )}`,
  );
}

/** Changes a monitor's bounds, pauses it, or goes on with it. */
export async function changeMonitor(session: Session, id: string, change: MonitorChange): Promise<Monitor> {
  await authorize(session, "write");
  const { monitor_id } = await getMonitor(session, id);
  if (Object.keys(change).length > 0) await session.db.updateTable("monitors").set(change).where("id", "=", monitor_id).execute();
  return getMonitor(session, id);
}

/** Removes a monitor with its alerts. */
export async function deleteMonitor(session: Session, id: string): Promise<void> {
  await authorize(session, "write");
  const { monitor_id } = await getMonitor(session, id);
  await session.db.deleteFrom("monitors").where("id", "=", monitor_id).execute();
}

function monitorRows({ db, projectId }: Session) {
  return db
    .selectFrom("monitors as m")
    .innerJoin("models as n", "n.id", "m.model_id")
    .selectAll("m")
    .select("n.name as model")
    .where("m.project_id", "=", projectId);
}

function toMonitor(row: RowOf<typeof monitorRows>): Monitor {
  return {
    monitor_id: row.id,
    model: row.model,
    name: row.name,
    measure: row.measure as Monitor["measure"],
    subject: row.subject,
    threshold: row.threshold,
    window_hours: row.window_hours,
    cooldown_hours: row.cooldown_hours,
    min_rows: row.min_rows,
    paused: row.paused,
    checked_at: row.checked_at?.toISOString() ?? null,
    value: row.value,
    created_at: row.created_at.toISOString(),
  };
}
