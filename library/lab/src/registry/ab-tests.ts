import { ConflictError, ParamsError } from "assay";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import {
  type AbStop,
  type AbTest,
  type AbTestChange,
  type AbTestRequest,
  abTestChange,
  abTestRequest,
} from "../contract/ab-tests.ts";
import { transaction, type Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { type AbTestRow, findAbTest, getAbTest } from "./ab-test-rows.ts";
import { auditModel } from "./audit.ts";
import { promote } from "./moves.ts";
import { defineVersionReferences } from "./references.ts";
import { findVersion, getVersion, type VersionRow } from "./versions.ts";

defineVersionReferences(async (db, versionId) => {
  const tests = await db
    .selectFrom("ab_tests")
    .select(["name", "status"])
    .where((is) => is.or([is("model_a", "=", versionId), is("model_b", "=", versionId)]))
    .orderBy("name")
    .limit(10)
    .execute();
  return tests.map(({ name, status }) =>
    status === "running"
      ? `A/B test "${name}" is running on it`
      : `A/B test "${name}" (${status}) refers to it: delete the test first`,
  );
});

const watchers: ((session: Session) => void)[] = [];

/** Has every change of a test told, once it is made. */
export function onAbTestChange(watcher: (session: Session) => void): void {
  watchers.push(watcher);
}

/**
 * Makes an A/B test of two versions, and starts it unless `start` is false. Throws ParamsError for versions that do not answer the same
 * question, NotFoundError for unknown ones, ConflictError for a name that is taken or an archived version.
 */
export async function createAbTest(session: Session, request: AbTestRequest): Promise<AbTest> {
  await authorize(session, "promote");
  const wanted = parsed(abTestRequest, request);
  checkMetrics(wanted.metrics);
  const [a, b] = await arms(session, wanted.model_a_id, wanted.model_b_id);
  const id = uuidv7();
  await transaction(session.db, async (db) => {
    const { numInsertedOrUpdatedRows: made } = await db
      .insertInto("ab_tests")
      .values({
        id,
        project_id: session.projectId,
        name: wanted.test_name,
        description: wanted.description,
        model_a: a.id,
        model_b: b.id,
        split_ratio: wanted.split_ratio,
        shadow: wanted.shadow,
        seed: wanted.seed ?? id,
        metrics: JSON.stringify(wanted.metrics),
        segment_columns: JSON.stringify(wanted.segment_columns),
        confidence: wanted.confidence,
        planned_users: wanted.planned_users,
        created_by: session.userId,
        ...(wanted.start && { status: "running" as const, started_at: new Date() }),
      })
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
      .executeTakeFirst();
    if (made === 0n) throw new ConflictError(`A/B test: there is one of the name "${wanted.test_name}": take another`);
    await told(session, db, b, { test: wanted.test_name, did: wanted.start ? "started" : "made" });
  });
  return changed(session, id);
}

/** The test as it is after a change, which is told. */
function changed(session: Session, id: string): Promise<AbTest> {
  for (const watcher of watchers) watcher(session);
  return getAbTest(session, id);
}

/** Changes a draft, or the description of a test that began. Throws ConflictError for anything else of the latter. */
export async function changeAbTest(session: Session, ref: string, change: AbTestChange): Promise<AbTest> {
  await authorize(session, "promote");
  const wanted = parsed(abTestChange, change);
  const { id, name, status, model_a, model_b } = await findAbTest(session, ref);
  const { description, model_a_id, model_b_id, metrics, segment_columns, ...plain } = wanted;
  const fixed = Object.keys(wanted).filter((field) => field !== "description");
  if (status !== "draft" && fixed.length > 0)
    throw new ConflictError(
      `A/B test: "${name}" is ${status}, its ${fixed.join(", ")} cannot change, or people would move between arms: stop it and make a new test`,
    );
  if (metrics) checkMetrics(metrics);
  const [a, b] = model_a_id || model_b_id ? await arms(session, model_a_id ?? model_a, model_b_id ?? model_b) : [];
  const set = {
    ...plain,
    ...(description !== undefined && { description }),
    ...(a && { model_a: a.id }),
    ...(b && { model_b: b.id }),
    ...(metrics && { metrics: JSON.stringify(metrics) }),
    ...(segment_columns && { segment_columns: JSON.stringify(segment_columns) }),
  };
  if (Object.keys(set).length > 0)
    await session.db.updateTable("ab_tests").set(set).where("id", "=", id).where("status", "=", status).execute();
  return changed(session, id);
}

/** Draft → running. Throws ConflictError for another status. */
export async function startAbTest(session: Session, ref: string): Promise<AbTest> {
  await authorize(session, "promote");
  const { id, name, status, model_a, model_b } = await findAbTest(session, ref);
  const [, b] = await arms(session, model_a, model_b);
  await transaction(session.db, async (db) => {
    const { numUpdatedRows } = await db
      .updateTable("ab_tests")
      .set({ status: "running", started_at: new Date() })
      .where("id", "=", id)
      .where("status", "=", "draft")
      .executeTakeFirst();
    if (numUpdatedRows === 0n)
      throw new ConflictError(`A/B test: "${name}" is ${status === "draft" ? "started" : status} already`);
    await told(session, db, b!, { test: name, did: "started" });
  });
  return changed(session, id);
}

/**
 * Running → stopped, with the winner that answers from now on (default A); `promote` puts it into production first, and where that is refused
 * the test goes on. Throws ConflictError for a test that does not run.
 */
export async function stopAbTest(
  session: Session,
  ref: string,
  { reason = "", winner, promote: wins = false }: AbStop = {},
): Promise<AbTest> {
  await authorize(session, "promote");
  const test = await findAbTest(session, ref);
  refuseIdle(test);
  if (wins && winner === undefined) throw new ParamsError('A/B test: promote needs the winner, "a" or "b"');
  const version = await getVersion(session, winner === "b" ? test.model_b : test.model_a);
  if (wins && version.version_status === "archived") await promote(session, version.model_id, `won A/B test "${test.name}"`);
  if (wins && version.version_status !== "production") await promote(session, version.model_id, `won A/B test "${test.name}"`);
  await transaction(session.db, async (db) => {
    if (!(await endAbTest(session, db, test, { reason, winner }))) refuseIdle(await findAbTest(session, ref));
  });
  return changed(session, test.id);
}

/** Stops a test inside a transaction with its line in the audit trail; false when it had stopped. */
export async function endAbTest(
  session: Session,
  db: Work,
  test: AbTestRow,
  { reason, winner, detail = {} }: { readonly reason: string; readonly winner?: "a" | "b" | undefined; readonly detail?: object },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("ab_tests")
    .set({ status: "stopped", stopped_at: new Date(), stop_reason: reason, winner: winner ?? null })
    .where("id", "=", test.id)
    .where("status", "=", "running")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const b = { id: test.model_b, model_id: test.family, version: test.version_b };
  await told(session, db, b, { test: test.name, did: "stopped", winner: winner ?? null, ...detail }, reason);
  return true;
}

/** Removes a test that does not run, with its assignments. Throws ConflictError for a running one. */
export async function deleteAbTest(session: Session, ref: string): Promise<void> {
  await authorize(session, "delete");
  const { id, name } = await findAbTest(session, ref);
  const { numDeletedRows } = await session.db
    .deleteFrom("ab_tests")
    .where("id", "=", id)
    .where("status", "!=", "running")
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new ConflictError(`A/B test: "${name}" is running: stop it first`);
  for (const watcher of watchers) watcher(session);
}

function refuseIdle({ name, status, stopped_at }: AbTestRow): void {
  if (status === "running") return;
  const when = stopped_at ? ` since ${stopped_at.toISOString()}` : "";
  throw new ConflictError(`A/B test: "${name}" is ${status}${when}, only a running one can be stopped`);
}

/** The versions of both arms, which must answer the same question. */
async function arms(session: Session, refA: string, refB: string): Promise<[VersionRow, VersionRow]> {
  const [a, b] = await Promise.all([findVersion(session, refA), findVersion(session, refB)]);
  const cited = ({ name, version }: VersionRow): string => `${name}@${version}`;
  for (const version of [a, b])
    if (version.status === "archived") throw new ConflictError(`A/B test: ${cited(version)} is archived: stage it first`);
  const question = ({ task, signature }: VersionRow): string => `${task} of ${JSON.stringify(signature.classes ?? "numbers")}`;
  if (question(a) !== question(b))
    throw new ParamsError(
      `A/B test: both versions must answer the same question, ${cited(a)} is ${question(a)}, ${cited(b)} ${question(b)}`,
    );
  return [a, b];
}

function checkMetrics(metrics: readonly { readonly name: string }[]): void {
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) throw new ParamsError(`A/B test: metric "${twice}" is there twice`);
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = issue.path.join(".");
  throw Object.assign(new ParamsError(`A/B test: ${field}: ${issue.message}`), { field });
}

function told(
  session: Session,
  db: Work,
  { id, model_id, version }: Pick<VersionRow, "id" | "model_id" | "version">,
  detail: Readonly<Record<string, unknown>>,
  reason = "",
): Promise<void> {
  return auditModel(session, db, { modelId: model_id, versionId: id, version, action: "ab_test", reason, detail });
}
