import { NotFoundError, suggest } from "assay";
import { sql } from "kysely";
import type { AbTest } from "../contract/ab-tests.ts";
import { isUuid } from "../datasets/index.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { authorize, type Session } from "../projects/session.ts";

/** A test by name or id. Throws NotFoundError with the near name. */
export async function getAbTest(session: Session, ref: string): Promise<AbTest> {
  return toAbTest(await findAbTest(session, ref));
}

/** Tests, newest first. */
export async function listAbTests(
  session: Session,
  { test_status, ...page }: ListQuery & { readonly test_status?: AbTest["test_status"] | undefined } = {},
): Promise<Page<AbTest>> {
  let query = testRows(session);
  if (test_status !== undefined) query = query.where("t.status", "=", test_status);
  return listRows(query, page, { fields, item: toAbTest });
}

const fields: ListFields = {
  id: required(sql`t.id`, "uuid"),
  test_name: required(sql`t.name`),
  test_status: required(sql`t.status`),
  model_a: required(sql`(ma.name || '@' || a.version)`),
  model_b: required(sql`(mb.name || '@' || b.version)`),
  shadow: required(sql`t.shadow`, "boolean"),
  winner: optional(sql`t.winner`),
  split_ratio: required(sql`t.split_ratio`, "double precision"),
  created_at: required(sql`t.created_at`, "timestamptz"),
  started_at: optional(sql`t.started_at`, "timestamptz"),
  stopped_at: optional(sql`t.stopped_at`, "timestamptz"),
};

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
export type AbTestRow = RowOf<typeof testRows>;

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
