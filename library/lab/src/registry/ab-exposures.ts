import { ConflictError, ParamsError } from "assay";
import { sql } from "kysely";
import { type Arm, userKey } from "../contract/ab-tests.ts";
import { retried } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { armOf } from "./ab-arm.ts";
import { type AbTestRow, findAbTest } from "./ab-test-rows.ts";
import { onAbTestChange } from "./ab-tests.ts";
import type { InputRow } from "./read-rows.ts";
import { defineSubjectRows, eraseKeyed } from "./subjects.ts";

/** How long a test is taken from memory; one that began changes in nothing but its end. */
const freshMs = 1000;
/** How long an exposure is taken for stored: another process may erase the person. */
const storedMs = 60_000;
const testsMost = 1000;
const peopleMost = 200_000;

interface Desk {
  readonly tests: Map<string, { readonly row: AbTestRow; readonly at: number }>;
  /** When the exposure of `test person` was seen to be stored. */
  readonly exposed: Map<string, number>;
}
const desks = new WeakMap<object, Desk>();

function deskOf({ store }: Session): Desk {
  let desk = desks.get(store);
  if (!desk) desks.set(store, (desk = { tests: new Map(), exposed: new Map() }));
  return desk;
}

onAbTestChange(forgetAbTests);

defineSubjectRows({
  name: "assignments",
  erase(db, session, userKey) {
    deskOf(session).exposed.clear(); // whoever comes again is stored again
    return eraseKeyed(db, session.projectId, ["ab_assignments"], userKey);
  },
});

/** A test from memory when it is not older than a second. Throws NotFoundError. */
export async function servedAbTest(session: Session, ref: string): Promise<AbTestRow> {
  const { tests } = deskOf(session);
  const key = `${session.projectId} ${ref}`;
  const known = tests.get(key);
  if (known && performance.now() - known.at < freshMs) return known.row;
  const row = await findAbTest(session, ref);
  tests.set(key, { row, at: performance.now() });
  if (tests.size > testsMost) tests.delete(tests.keys().next().value!);
  return row;
}

/** Forgets tests that are in memory, after one was changed here. */
export function forgetAbTests(session: Session): void {
  deskOf(session).tests.clear();
}

/** Gives a person an arm and records the exposure, for programs that answer by themselves. Throws ConflictError unless the test runs. */
export async function assignUser(
  session: Session,
  ref: string,
  user: string,
  segments: InputRow = {},
): Promise<{ readonly arm: Arm; readonly model_id: string }> {
  await authorize(session, "write");
  const test = await servedAbTest(session, ref);
  const arm = armFor(test, user);
  if (!(await recordExposure(session, test, user, arm, segments))) {
    forgetAbTests(session);
    throw new ConflictError(`A/B test: "${test.name}" was stopped, nobody is assigned any more`);
  }
  return { arm, model_id: arm === "b" ? test.model_b : test.model_a };
}

/** The arm of a person in a running test. Throws ConflictError for one that does not run, ParamsError for a bad key. */
export function armFor(test: AbTestRow, user: string | undefined): Arm {
  if (test.status === "draft") throw new ConflictError(`A/B test: "${test.name}" is a draft: start it first`);
  if (test.status === "stopped") throw new ConflictError(`A/B test: "${test.name}" was stopped, nobody is assigned any more`);
  if (user === undefined) throw new ParamsError(`A/B test: "${test.name}" needs user_id, so that a person stays in one arm`);
  const { success } = userKey.safeParse(user);
  if (!success) throw new ParamsError("A/B test: user_id must have 1 to 200 characters, none of them NUL");
  return test.shadow ? "a" : armOf(test.seed, test.split_ratio, user);
}

/** Records that a person saw an arm's answer; the first time counts. False when the test does not run any more. */
export async function recordExposure(
  session: Session,
  test: AbTestRow,
  user: string,
  arm: Arm,
  segments: InputRow,
): Promise<boolean> {
  const { exposed } = deskOf(session);
  const key = `${test.id} ${user}`;
  if (performance.now() - (exposed.get(key) ?? -storedMs) < storedMs) return true;
  const kept = JSON.stringify(segmentsOf(test, segments));
  const { rows } = await retried(() =>
    sql<{
      running: boolean;
    }>`with test as (select id, project_id from ab_tests where id = ${test.id} and status = 'running' for share),
      stored as (insert into ab_assignments (ab_test_id, user_key, project_id, arm, segments)
        select id, ${user}, project_id, ${arm}, ${kept}::jsonb from test on conflict do nothing)
      select exists (select from test) as running`.execute(session.db),
  );
  if (!rows[0]!.running) return false;
  exposed.set(key, performance.now());
  if (exposed.size > peopleMost) exposed.delete(exposed.keys().next().value!);
  return true;
}

function segmentsOf({ segment_columns }: AbTestRow, row: InputRow): Record<string, string> {
  const kept = segment_columns.filter((column) => row[column] !== null && row[column] !== undefined);
  return Object.fromEntries(kept.map((column) => [column, String(row[column]).replaceAll("\0", "").slice(0, 100)]));
}
