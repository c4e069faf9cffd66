import { metricByName } from "assay";
import { type CheckReport, type ModelVersion, promotionChecks } from "../contract/models.ts";
import { type MetricValue, toNumber } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { readModelFile } from "./model-cache.ts";
import { findVersion, toVersion } from "./versions.ts";

type Check = CheckReport["checks"][number];

/**
 * Checks a version before it goes into production: its file is what was registered and loads; callers of the one in production can go on as
 * they are; the chosen metric is not worse by more than allowed.
 */
export async function checkPromotion(session: Session, ref: string): Promise<CheckReport> {
  const row = await findVersion(session, ref);
  const version = toVersion(row);
  const { checks: stored } = await session.db
    .selectFrom("models")
    .select("checks")
    .where("id", "=", row.model_id)
    .executeTakeFirstOrThrow();
  const wanted = promotionChecks.parse(stored);
  const former = await session.db
    .selectFrom("model_versions")
    .select("id")
    .where("model_id", "=", row.model_id)
    .where("status", "=", "production")
    .where("id", "!=", row.id)
    .executeTakeFirst();
  const production = former && toVersion(await findVersion(session, former.id));
  const checks: Check[] = [await checkFile(session, row.file, version)];
  if (wanted.schema) checks.push(checkSchema(version, production));
  if (wanted.metric !== null) checks.push(checkMetric(version, production, wanted.metric, wanted.max_drop));
  return { passed: checks.every(({ passed }) => passed), required: wanted.required, checks };
}

async function checkFile(session: Session, file: string, { content_hash, size_bytes }: ModelVersion): Promise<Check> {
  try {
    await readModelFile(session.store, file, content_hash);
    return { name: "file", passed: true, detail: `${size_bytes} bytes of the registered hash, and they load` };
  } catch (error) {
    return { name: "file", passed: false, detail: (error as Error).message };
  }
}

/** Whether rows that the version in production takes can be given to the new one, and its answers be read as before. */
function checkSchema({ signature, task_type }: ModelVersion, production: ModelVersion | undefined): Check {
  if (!production) return { name: "schema", passed: true, detail: "no version is in production" };
  const before = new Map(production.signature.columns.map((column) => [column.name, column.kind]));
  const problems = signature.columns.flatMap(({ name, kind }) => {
    const was = before.get(name);
    if (was === undefined) return [`it needs the column "${name}", which callers do not send`];
    return was === kind ? [] : [`column "${name}" is a ${kind}, it was a ${was}`];
  });
  if (task_type !== production.task_type) problems.push(`it is a ${task_type}, production a ${production.task_type}`);
  if (signature.target !== production.signature.target)
    problems.push(`it predicts "${signature.target}", production "${production.signature.target}"`);
  const [classes, known] = [signature.classes, production.signature.classes].map((list) => JSON.stringify(list));
  if (classes !== known) problems.push(`its classes are ${classes}, production's ${known}`);
  const detail = problems.length > 0 ? problems.slice(0, 5).join("; ") : `as ${production.version}`;
  return { name: "schema", passed: problems.length === 0, detail };
}

function checkMetric(version: ModelVersion, production: ModelVersion | undefined, name: string, maxDrop: number): Check {
  const value = read(version.metrics[name]);
  if (value === undefined) return { name: "metric", passed: false, detail: `${version.version} has no ${name}` };
  if (!production) return { name: "metric", passed: true, detail: `${name} ${value}; no version is in production` };
  const before = read(production.metrics[name]);
  if (before === undefined)
    return { name: "metric", passed: true, detail: `${production.version} has no ${name} to compare with` };
  const drop = greaterIsBetter(name, version.task_type) ? before - value : value - before;
  const detail = `${name} ${value}, production ${before}; it may be worse by ${maxDrop}`;
  return { name: "metric", passed: drop <= maxDrop, detail };
}

function read(value: MetricValue | undefined): number | undefined {
  return value === undefined ? undefined : toNumber(value);
}

/** Whether more is better, by the metric's name behind the split; unknown ones are, unless they speak of loss or error. */
export function greaterIsBetter(name: string, task: ModelVersion["task_type"]): boolean {
  const metric = name.slice(name.lastIndexOf(".") + 1);
  try {
    return task === "recommendation" || metricByName(metric, task).greaterIsBetter;
  } catch {
    return !/loss|error|rmse|mae|mse|deviance/i.test(metric);
  }
}
