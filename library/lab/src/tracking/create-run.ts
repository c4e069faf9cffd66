import { NotFoundError, ParamsError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Event } from "../contract/events.ts";
import type { Run } from "../contract/training.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { channel } from "../db/events.ts";
import { authorize, type Session } from "../projects/session.ts";
import { groupCommit } from "./group-commit.ts";
import { redactText } from "./redact.ts";
import { plainText, runJson } from "./run-json.ts";

/** What is known of a run when it begins. */
export interface NewRun {
  readonly experiment: string;
  /** A UUID that the caller made, so that asking twice makes one run. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly notes?: string | undefined;
  readonly status?: "pending" | "training";
  readonly algorithm?: string | undefined;
  readonly task?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly datasetVersionId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly target?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly request?: unknown;
  readonly split?: unknown;
  readonly code?: unknown;
  readonly environment?: Readonly<Record<string, unknown>> | undefined;
  readonly seed?: number | undefined;
  /** The run that this one is a part of. */
  readonly parentId?: string | undefined;
  /** The run that this one does again. */
  readonly replayOf?: string | undefined;
  /** Seconds without a word of its program after which the run has failed; for programs that hold no connection to the database. */
  readonly leaseSeconds?: number | undefined;
}

/** Fields of a run that may be set while it lives. */
export interface RunChanges extends Partial<Omit<NewRun, "id" | "experiment" | "status" | "leaseSeconds">> {
  readonly evaluation?: unknown;
}

/**
 * Makes a run in the experiment of this name, which is made too when it is not there. An id that is there is answered as it is. Throws
 * ParamsError for a name of nothing.
 */
export async function createRun(session: Session, run: NewRun, inside?: Work): Promise<string> {
  checkRunNames(run);
  const made = { ...run, id: run.id?.toLowerCase() ?? uuidv7() };
  if (!inside) return creatorOf(session)(made);
  await authorize({ ...session, db: inside }, "write");
  await insertRuns(session, inside, [made]);
  return made.id;
}

type RunStatus = Run["status"];
type KnownRun = NewRun & { readonly id: string };
const creators = new WeakMap<Session, (run: KnownRun) => Promise<string>>();

/** Runs that are made at the same time share a transaction. */
function creatorOf(session: Session): (run: KnownRun) => Promise<string> {
  let create = creators.get(session);
  if (!create) {
    create = groupCommit(
      async (runs: readonly KnownRun[]) => {
        await authorize(session, "write");
        await transaction(session.db, (db) => insertRuns(session, db, runs));
        return runs.map(({ id }) => id);
      },
      () => 100,
    );
    creators.set(session, create);
  }
  return create;
}

async function insertRuns(session: Session, db: Work, runs: readonly KnownRun[]): Promise<void> {
  const experiments = await experimentIds(session, db, [...new Set(runs.map(({ experiment }) => plainText(experiment)))].sort());
  for (const run of runs) await checkParent(session, db, run);
  const rows = runs.map((run) => ({
    id: run.id,
    project_id: session.projectId,
    experiment_id: experiments.get(plainText(run.experiment))!,
    name: plainText(run.name || run.algorithm?.trim() || "run"),
    status: run.status ?? "pending",
    started_at: run.status === "training" ? new Date() : null,
    created_by: session.userId,
    lease_seconds: run.leaseSeconds ?? null,
    lease_until: run.leaseSeconds === undefined ? null : new Date(Date.now() + run.leaseSeconds * 1000),
    ...columnsOfRun({ params: {}, tags: {}, features: [], environment: {}, ...dropUndefined(run) }),
  }));
  for (const group of sameColumns(rows)) {
    const made = await db
      .insertInto("runs")
      .values(group as never)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning(["id", "status"])
      .execute();
    await tellRuns(session, db, made);
  }
}

/** One event a run, one line of the activity log, and one wake for each. */
async function tellRuns(
  { projectId, userId }: Session,
  db: Work,
  runs: readonly { id: string; status: RunStatus }[],
): Promise<void> {
  if (runs.length === 0) return;
  const events = runs.map(({ id, status }) => {
    const event: Event = { kind: "run", run_id: id, run_status: status };
    return { project_id: projectId, kind: event.kind, subject_id: id, data: JSON.stringify(event) };
  });
  await db.insertInto("events").values(events).execute();
  const deeds = runs.map(({ id }) => ({ project_id: projectId, user_id: userId, action: "run.create", subject: `run/${id}` }));
  await db.insertInto("activity_log").values(deeds).execute();
  await sql`select pg_notify(${channel}, json_build_object('project', ${projectId}::text, 'subject', id)::text)
    from unnest(${runs.map(({ id }) => id)}::text[]) as id`.execute(db);
}

/** Rows in groups that set the same columns: a statement of many rows sets one list of them. */
function sameColumns<T extends object>(rows: readonly T[]): T[][] {
  return [...Map.groupBy(rows, (row) => Object.keys(row).sort().join()).values()];
}

/** Throws unless the runs that a run names are other runs of its project. */
export async function checkParent(
  { projectId }: Session,
  db: Database | Work,
  { id, parentId, replayOf }: Pick<KnownRun, "id" | "parentId" | "replayOf">,
): Promise<void> {
  for (const [field, other] of [
    ["parent", parentId],
    ["replayed run", replayOf],
  ] as const) {
    if (other === undefined) continue;
    if (other === id) throw new ParamsError(`run: the ${field} must be another run, got its own id`);
    const found = await db
      .selectFrom("runs")
      .select("id")
      .where("id", "=", other)
      .where("project_id", "=", projectId)
      .executeTakeFirst();
    if (!found) throw new NotFoundError(`run: no ${field} ${other}`);
  }
}

/** Ids of experiments by name; those that are not there are made. Names come in their order: two makers never wait in a circle. */
export async function experimentIds(
  { projectId, userId }: Session,
  db: Database | Work,
  names: readonly string[],
): Promise<Map<string, string>> {
  const find = () =>
    db.selectFrom("experiments").select(["id", "name"]).where("project_id", "=", projectId).where("name", "in", names).execute();
  let found = await find();
  if (found.length < names.length) {
    const there = new Set(found.map(({ name }) => name));
    const absent = names.filter((name) => !there.has(name));
    await db
      .insertInto("experiments")
      .values(absent.map((name) => ({ id: uuidv7(), project_id: projectId, name, created_by: userId })))
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
      .execute();
    found = await find();
  }
  return new Map(found.map(({ id, name }) => [name, id]));
}

/** Throws ParamsError where a run or its experiment would have a name of nothing. */
export function checkRunNames({ name, experiment }: Pick<RunChanges & NewRun, "name"> & { readonly experiment?: string }): void {
  for (const [field, text] of Object.entries({ name, experiment }))
    if (text !== undefined && text.trim() === "")
      throw new ParamsError(`run: ${field} must have a letter or more, got ${JSON.stringify(text)}`);
}

/** Changes as columns; only what is given. */
export function columnsOfRun(changes: RunChanges): Record<string, unknown> {
  const json = (value: unknown): string | undefined => (value === undefined ? undefined : runJson(value));
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : plainText(value));
  const said = (value: string | undefined): string | undefined => text(value === undefined ? undefined : redactText(value));
  return dropUndefined({
    name: said(changes.name),
    description: said(changes.description),
    algorithm: text(changes.algorithm),
    task: text(changes.task),
    notes: said(changes.notes),
    dataset_version_id: changes.datasetVersionId,
    dataset_name: text(changes.datasetName),
    target: text(changes.target),
    seed: changes.seed,
    parent_id: changes.parentId,
    replay_of: changes.replayOf,
    params: json(changes.params),
    tags: json(changes.tags),
    features: json(changes.features),
    request: json(changes.request),
    code: json(changes.code),
    environment: json(changes.environment),
    split: json(changes.split),
    evaluation: json(changes.evaluation),
  });
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
