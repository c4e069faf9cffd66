import { sql } from "kysely";
import type { Cell } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { flushPredictions } from "./prediction-log.ts";

/** Another process's log is written within this time. */
const secondLookMs = 1000;

/** A prediction of the log, as what came of it is held against it. */
export interface Logged {
  readonly id: string;
  readonly user_key: string | null;
  readonly version: string;
  readonly task: string;
  /** Labels of a classification; null of a regression. */
  readonly classes: readonly Cell[] | null;
  readonly prediction: readonly Cell[] | null;
  readonly row_count: number;
  readonly at: Date;
  readonly shadow_id: string | null;
  readonly shadow_prediction: readonly Cell[] | null;
}

/** Predictions of the log by id, of those that are there; one that another process is about to log gets a second look. One query. */
export async function findLogged(session: Session, predictionIds: readonly string[]): Promise<Map<string, Logged>> {
  const ids = [...new Set(predictionIds)];
  if (ids.length === 0) return new Map();
  await flushPredictions(session);
  const found = new Map<string, Logged>();
  const look = async (): Promise<void> => {
    const missing = ids.filter((id) => !found.has(id));
    const { rows } =
      await sql<Logged>`select p.id, p.user_key, p.model_version_id as version, v.task, v.signature->'classes' as classes, p.prediction, p.row_count, p.at,
        s.shadow_id, sp.prediction as shadow_prediction
      from predictions p join model_versions v on v.id = p.model_version_id
      left join ab_shadows s on s.prediction_id = p.id left join predictions sp on sp.id = s.shadow_id
      where p.id = any(${missing}::uuid[]) and p.project_id = ${session.projectId}`.execute(session.db);
    for (const row of rows) found.set(row.id, row);
  };
  await look();
  if (ids.some((id) => !found.has(id) && isRecent(id))) {
    await new Promise((resolve) => setTimeout(resolve, secondLookMs));
    await look();
  }
  return found;
}

/** Whether an id (UUIDv7: milliseconds in front) was made so lately that its row may still be on its way. */
function isRecent(id: string): boolean {
  const made = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  return Math.abs(Date.now() - made) < 60_000;
}
