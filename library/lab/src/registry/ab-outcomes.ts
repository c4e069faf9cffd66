import { DataError, NotFoundError, ParamsError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { type Outcome, type OutcomeReport, outcome } from "../contract/ab-tests.ts";
import type { Cell } from "../contract/values.ts";
import { transaction, type Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { watchGuardrails } from "./ab-guardrails.ts";
import { agreement } from "./ab-shadow.ts";
import { findAbTest } from "./ab-test-rows.ts";
import { findLogged, type Logged } from "./logged-predictions.ts";
import { defineSubjectRows, eraseKeyed } from "./subjects.ts";

const outcomesMost = 10_000;
/** Clocks of reporters may be ahead by so much. */
const aheadMs = 300_000;

defineSubjectRows({
  name: "outcomes",
  erase: (db, { projectId }, userKey) => eraseKeyed(db, projectId, ["outcomes", "ab_outcomes"], userKey),
});

type Report = z.output<typeof outcome>;

/** A person's number, as it is stored. */
interface PersonValue {
  readonly user: string;
  readonly metric: string;
  readonly key: string;
  readonly value: number;
  readonly at: Date;
}

/**
 * Stores what came of predictions and people: true values (`truth`, from which "correct" or "absolute_error" of the person is made) or numbers. They
 * may come late, in any order and again: the same changes nothing, another value replaces the former. Predictions that are not in the log,
 * and people who are not in the named test, are listed as unknown and not kept. Throws ParamsError for a malformed report, DataError for a
 * truth that does not fit its prediction; nothing is stored then.
 */
export async function reportOutcomes(session: Session, outcomes: readonly Outcome[]): Promise<OutcomeReport> {
  await authorize(session, "write");
  if (outcomes.length === 0 || outcomes.length > outcomesMost)
    throw new ParamsError(`outcomes: needs 1 to ${outcomesMost} at a time, got ${outcomes.length}`);
  const reports = outcomes.map(checked);
  const logged = await findLogged(
    session,
    reports.flatMap(({ prediction_id }) => prediction_id ?? []),
  );
  const members = await findMembers(session, reports);
  const unknown = new Set<string>();
  const truths: { readonly report: Report; readonly of: Logged }[] = [];
  const values = new Map<string, PersonValue>();
  for (const report of reports) {
    const { prediction_id, ab_test_name } = report;
    const of = prediction_id === undefined ? undefined : logged.get(prediction_id);
    const user = report.user_id ?? of?.user_key ?? undefined;
    const isMember = ab_test_name === undefined || members.get(ab_test_name)!.has(user ?? "");
    if ((prediction_id !== undefined && !of) || !isMember || (user === undefined && report.truth === undefined)) {
      unknown.add(prediction_id ?? report.user_id!);
      continue;
    }
    if (of && report.truth !== undefined) truths.push({ report: fitting(report, of), of });
    const value = personValue(report, user, of);
    if (value) values.set(JSON.stringify([value.user, value.metric, value.key]), value);
  }
  const people = [...values.values()];
  const counts = await transaction(session.db, async (db) => {
    await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`erase ${session.projectId}`}, 6))`.execute(db);
    const stored = {
      truths: await storeTruths(session, db, truths),
      values: await storeValues(session, db, people, [...logged.keys()]),
    };
    await scoreShadows(db, truths);
    return stored;
  });
  await watchGuardrails(
    session,
    people.map(({ user }) => user),
  );
  return {
    ...counted(reports, unknown, counts),
    unknown: [...unknown].slice(0, 100),
    unknown_count: unknown.size,
  };
}

/** Stores what came of one prediction. Throws NotFoundError where it is not in the log, or says of nobody whom it is about. */
export async function reportOutcome(
  session: Session,
  predictionId: string,
  report: Omit<Outcome, "prediction_id">,
): Promise<OutcomeReport> {
  const done = await reportOutcomes(session, [{ ...report, prediction_id: predictionId }]);
  if (done.unknown_count > 0)
    throw new NotFoundError(`outcomes: no prediction ${predictionId} in the log, or it says of nobody whom it is about`);
  return done;
}

interface Counts {
  readonly stored: number;
  readonly changed: number;
}

function counted(
  reports: readonly Report[],
  unknown: ReadonlySet<string>,
  { truths, values }: { readonly truths: Counts; readonly values: Counts },
): Pick<OutcomeReport, "stored" | "changed" | "repeated"> {
  const known = reports.filter((report) => !unknown.has(report.prediction_id ?? report.user_id!)).length;
  const [stored, changed] = [truths.stored + values.stored, truths.changed + values.changed];
  return { stored, changed, repeated: Math.max(0, known - stored - changed) };
}

function checked(given: Outcome): Report {
  const result = outcome.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw Object.assign(new ParamsError(`outcomes: ${issue.path.join(".")}: ${issue.message}`), { field: issue.path.join(".") });
  }
  const { at, value } = result.data;
  if (at !== undefined && Date.parse(at) > Date.now() + aheadMs)
    throw new ParamsError(`outcomes: at must not lie in the future, got ${at}`);
  if (typeof value === "number" && !Number.isFinite(value)) throw new ParamsError(`outcomes: value must be finite, got ${value}`);
  return result.data;
}

async function findMembers(session: Session, reports: readonly Report[]): Promise<Map<string, Set<string>>> {
  const members = new Map<string, Set<string>>();
  for (const { ab_test_name } of reports) if (ab_test_name !== undefined) members.set(ab_test_name, new Set());
  const users = reports.flatMap(({ user_id }) => user_id ?? []);
  for (const name of members.keys()) {
    const { id } = await findAbTest(session, name);
    const rows = await sql<{ user_key: string }>`select user_key from ab_assignments
      where ab_test_id = ${id} and user_key = any(${users}::text[])`.execute(session.db);
    members.set(name, new Set(rows.rows.map(({ user_key }) => user_key)));
  }
  return members;
}

/** The report with one true value for each row. */
function fitting(report: Report, { id, row_count, task }: Logged): Report {
  const list = Array.isArray(report.truth) ? report.truth : [report.truth as Cell];
  if (list.length !== row_count)
    throw new DataError(`outcomes: prediction ${id} has ${row_count} rows, the truth ${list.length}`);
  const odd = list.find(
    (value) => value === null || (task === "regression" && (typeof value !== "number" || !Number.isFinite(value))),
  );
  if (odd !== undefined)
    throw new DataError(
      `outcomes: the truth of prediction ${id} must be ${task === "regression" ? "numbers" : "labels"}, got ${JSON.stringify(odd)}`,
    );
  return { ...report, truth: list };
}

function personValue(report: Report, user: string | undefined, of: Logged | undefined): PersonValue | undefined {
  if (user === undefined) return undefined;
  const at = report.at === undefined ? new Date() : new Date(report.at);
  if (report.value !== undefined) {
    const key = of?.id ?? report.outcome_id ?? (report.at === undefined ? uuidv7() : at.toISOString());
    return { user, metric: report.metric, key, value: Number(report.value), at };
  }
  const truth = Array.isArray(report.truth) ? report.truth : [report.truth as Cell];
  const value = of?.prediction ? agreement(of.task, of.prediction, truth) : null;
  const metric = of?.task === "regression" ? "absolute_error" : "correct";
  return value === null ? undefined : { user, metric, key: of!.id, value, at };
}

async function storeTruths(
  { projectId }: Session,
  db: Work,
  truths: readonly { readonly report: Report; readonly of: Logged }[],
): Promise<Counts> {
  const newest = [...new Map(truths.map((truth) => [truth.of.id, truth])).values()];
  const rows = newest.flatMap(({ report, of }) => (report.truth as Cell[]).map((actual, row) => ({ report, of, row, actual })));
  if (rows.length === 0) return { stored: 0, changed: 0 };
  const { rows: done } = await sql<{ prediction_id: string; fresh: boolean }>`
    insert into outcomes as o (prediction_id, row, project_id, user_key, model_version_id, predicted_at, actual, happened_at)
    select t.id, t.row, ${projectId}::uuid, t.user_key, t.version, p.at, t.actual::jsonb, t.at
    from unnest(${rows.map(({ of }) => of.id)}::uuid[], ${rows.map(({ row }) => row)}::integer[], ${rows.map(({ of }) => of.user_key)}::text[],
      ${rows.map(({ of }) => of.version)}::uuid[], ${rows.map(({ actual }) => JSON.stringify(actual))}::text[],
      ${rows.map(({ report }) => report.at ?? null)}::timestamptz[]) as t (id, row, user_key, version, actual, at)
    join predictions p on p.id = t.id
    on conflict (prediction_id, row) do update set actual = excluded.actual, happened_at = excluded.happened_at, reported_at = clock_timestamp()
      where o.actual is distinct from excluded.actual
    returning o.prediction_id, (xmax = 0) as fresh`.execute(db);
  const fresh = new Set(done.filter((row) => row.fresh).map((row) => row.prediction_id));
  const touched = new Set(done.map((row) => row.prediction_id));
  return { stored: fresh.size, changed: touched.size - fresh.size };
}

/** Counts the values that were reported as such: those made of truths are counted there. */
async function storeValues(
  { projectId }: Session,
  db: Work,
  values: readonly PersonValue[],
  predictions: readonly string[],
): Promise<Counts> {
  if (values.length === 0) return { stored: 0, changed: 0 };
  const { rows } = await sql<{ metric: string; outcome_key: string; fresh: boolean }>`
    insert into ab_outcomes as o (project_id, user_key, metric, outcome_key, value, at)
    select ${projectId}::uuid, t.* from unnest(${values.map(({ user }) => user)}::text[], ${values.map(({ metric }) => metric)}::text[],
      ${values.map(({ key }) => key)}::text[], ${values.map(({ value }) => value)}::float8[],
      ${values.map(({ at }) => at.toISOString())}::timestamptz[]) as t (user_key, metric, outcome_key, value, at)
    on conflict (project_id, user_key, metric, outcome_key) do update set value = excluded.value, reported_at = clock_timestamp()
      where o.value <> excluded.value
    returning o.metric, o.outcome_key, (xmax = 0) as fresh`.execute(db);
  const ids = new Set(predictions);
  const own = rows.filter(
    ({ metric, outcome_key }) => !(ids.has(outcome_key) && (metric === "correct" || metric === "absolute_error")),
  );
  const stored = own.filter(({ fresh }) => fresh).length;
  return { stored, changed: own.length - stored };
}

async function scoreShadows(db: Work, truths: readonly { readonly report: Report; readonly of: Logged }[]): Promise<void> {
  for (const { report, of } of truths) {
    if (of.shadow_id === null || !of.prediction || !of.shadow_prediction) continue;
    const truth = report.truth as Cell[];
    const scores = {
      score_a: agreement(of.task, of.prediction, truth),
      score_b: agreement(of.task, of.shadow_prediction, truth),
    };
    await db.updateTable("ab_shadows").set(scores).where("prediction_id", "=", of.id).execute();
  }
}
