import { NotFoundError, suggest } from "assay";
import type { AbTest } from "../contract/ab-tests.ts";
import { isUuid } from "../datasets/index.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { authorize, type Session } from "../projects/session.ts";

/** A test by name or id. Throws NotFoundError with the near name. */
export async function getAbTest(session: Session, ref: string): Promise<AbTest> {
  return toAbTest(await findAbTest(session, ref));
}

/** Tests, newest first. */
export async function listAbTests(
  session: Session,
  {
    test_status,
    limit = 50,
    cursor,
  }: {
    readonly test_status?: AbTest["test_status"] | undefined;
    readonly limit?: number | undefined;
    readonly cursor?: string | undefined;
  } = {},
): Promise<Page<AbTest>> {
  let query = testRows(session)
    .orderBy("t.id", "desc")
    .limit(limit + 1);
  if (test_status !== undefined) query = query.where("t.status", "=", test_status);
  if (cursor !== undefined) query = query.where("t.id", "<", String(readCursor(cursor, 1)[0]));
  return pageOf(await query.execute(), limit, toAbTest, (row) => [row.id]);
}

function testRows({ db, projectId }: Session) {
  return db
    .selectFrom("ab_tests as t")
    .innerJoin("model_versions as a", "a.id", "t.model_a")
    .innerJoin("models as ma", "ma.id", "a.model_id")
    .innerJoin("model_versions as b", "b.id", "t.model_b")
    .innerJoin("models as mb", "mb.id", "b.model_id")
    .selectAll("t")
    .select([
      "a.version as version_a",
      "ma.name as name_a",
      "b.version as version_b",
      "mb.name as name_b",
      "mb.id as family",
      "b.task",
    ])
    .where("t.project_id", "=", projectId);
}

/** A test as the database has it. */
export type AbTestRow = Awaited<ReturnType<ReturnType<typeof testRows>["execute"]>>[number];

/** A test's row by name or id. Throws NotFoundError with the near name. */
export async function findAbTest(session: Session, ref: string): Promise<AbTestRow> {
  await authorize(session, "read");
  const row = await testRows(session)
    .where((is) => (isUuid(ref) ? is.or([is("t.id", "=", ref), is("t.name", "=", ref)]) : is("t.name", "=", ref)))
    .executeTakeFirst();
  if (row) return row;
  const known = await session.db
    .selectFrom("ab_tests")
    .select("name")
    .where("project_id", "=", session.projectId)
    .orderBy("name")
    .limit(200)
    .execute();
  const names = known.map(({ name }) => name);
  throw new NotFoundError(`A/B test: there is no "${ref}"${suggest(ref, names)}`);
}

/** A test as it is shown. */
export function toAbTest(row: AbTestRow): AbTest {
  return {
    id: row.id,
    test_name: row.name,
    description: row.description,
    test_status: row.status,
    model_a_id: row.model_a,
    model_a: `${row.name_a}@${row.version_a}`,
    model_b_id: row.model_b,
    model_b: `${row.name_b}@${row.version_b}`,
    split_ratio: row.split_ratio,
    shadow: row.shadow,
    seed: row.seed,
    metrics: row.metrics as AbTest["metrics"],
    segment_columns: row.segment_columns,
    confidence: row.confidence,
    planned_users: row.planned_users,
    winner: row.winner,
    stop_reason: row.stop_reason,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    stopped_at: row.stopped_at?.toISOString() ?? null,
  };
}
