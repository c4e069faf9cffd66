import type {
  AddedTrial,
  Attributes,
  BeginOptions,
  Begun,
  Lease,
  NewStudy,
  ReclaimOptions,
  StudyChanges,
  StudyRecord,
  StudyStorage,
  TrialEnd,
  TrialUpdate,
} from "assay";
import * as ml from "assay";
import { sql } from "kysely";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { retried, transaction } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { keptText, plainText } from "./run-json.ts";
import { addTrials } from "./studies-add.ts";
import { emitStudy } from "./studies-events.ts";
import { jsonText } from "./studies-json.ts";
import { merged, pendingTrials } from "./studies-pending.ts";
import { type ChangeRow, type StudyRow, toChanges, toStudyRecord, toTrialRecord } from "./studies-rows.ts";

/** The store of studies, with what jobs need besides. */
export interface LabStudyStorage extends StudyStorage {
  create(study: NewStudy): Promise<StudyRecord>;
  find(name: string): Promise<StudyRecord | undefined>;
  /** `call`, an id that the caller made: asked again under it, the first answer counts. */
  begin(study: string, options: BeginOptions & { readonly call?: string | undefined }): Promise<Begun>;
  update(study: string, lease: Lease, update: TrialUpdate, call?: string): Promise<boolean>;
  finish(study: string, lease: Lease, end: TrialEnd, call?: string): Promise<boolean>;
  add(study: string, trials: readonly AddedTrial[]): Promise<readonly number[]>;
  changes(study: string, since: string, options?: { readonly worker?: string; readonly limit?: number }): Promise<StudyChanges>;
  heartbeat(study: string, worker: string): Promise<void>;
  setAttributes(study: string, attributes: Attributes): Promise<void>;
  setStopped(study: string, stopped: boolean): Promise<void>;
  /** Takes running trials from silent workers: of those whose name begins with `workers`, default all. */
  reclaim(study: string, options: ReclaimOptions & { readonly workers?: string }): Promise<number>;
  /** Merges attributes of a trial by key, whoever holds it and whether or not it has ended. Throws NotFoundError. */
  setTrialAttributes(study: string, number: number, attributes: Attributes): Promise<void>;
}

/** How long a caller's right to write is believed. */
const believedMs = 5000;

/**
 * Studies in PostgreSQL. A trial costs two statements, a begin and an end, however many trials the study has; an ended trial is on the
 * disk before the answer. What is told of a running trial may reach the table 20 ms late.
 */
export function studyStorage(session: Session): LabStudyStorage {
  const { db, projectId } = session;
  const announce = emitStudy(session);
  const pending = pendingTrials((study, lease, update) => write(study, lease, update));
  let checkedAt = Number.NEGATIVE_INFINITY;

  const mayWrite = async (): Promise<void> => {
    if (performance.now() - checkedAt < believedMs) return;
    await authorize(session, "write");
    checkedAt = performance.now();
  };

  /** Throws NotFoundError for what is no id, which the database would not compare. */
  const known = (study: string): string => {
    if (!isUuid(study)) throw notFound(study);
    return study;
  };

  const write = async (
    study: string,
    lease: Lease,
    told: TrialUpdate,
    end?: TrialEnd,
    call: string = uuidv7(),
  ): Promise<boolean> => {
    await mayWrite();
    const who = `trial ${lease.number}`;
    const { params = {}, distributions = {}, attributes = {}, intermediate = [] } = told;
    const { rows } = await retried(() =>
      sql<{
        outcome: "done" | "lost" | "no study" | "no trial";
      }>`select write_trial(${projectId}, ${known(study)}, ${lease.number},
        ${lease.worker}, ${lease.attempt}, ${call}, ${jsonText(who, params)}, ${jsonText(who, distributions)},
        ${jsonText(who, attributes)}, ${intermediate.map(([step]) => step)}, ${intermediate.map(([, value]) => value)},
        ${end?.state ?? null}, ${end?.values ?? null}, ${end?.error == null ? null : keptText(end.error, 10_000)}) as outcome`.execute(
        db,
      ),
    );
    const { outcome } = rows[0]!;
    if (outcome === "no study") throw notFound(study);
    if (outcome === "no trial") throw new ml.NotFoundError(`study: no trial ${lease.number}`);
    return outcome === "done";
  };

  const storage: LabStudyStorage = {
    async create({ name, directions, attributes = {}, space }) {
      await authorize(session, "write");
      if (name.trim() === "" || name.length > 200)
        throw new ml.ParamsError(`study: name must have 1 to 200 signs, got ${name.length}`);
      const id = uuidv7();
      await transaction(db, async (work) => {
        const { numInsertedOrUpdatedRows } = await work
          .insertInto("studies")
          .values({
            id,
            project_id: projectId,
            name: plainText(name),
            directions: [...directions],
            attributes: jsonText("study", attributes),
            space: space === undefined ? null : jsonText("study", space),
            created_by: session.userId,
          })
          .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n) throw new ml.ConflictError(`study: the name "${name}" is taken`);
        await work.insertInto("study_progress").values({ study_id: id, project_id: projectId, revision: 0 }).execute();
      });
      announce(id);
      return (await storage.find(name))!;
    },

    async find(name) {
      const row = await db
        .selectFrom("studies as s")
        .innerJoin("study_progress as p", "p.study_id", "s.id")
        .select(["s.id", "s.name", "s.directions", "s.attributes", "p.stopped", "s.created_at"])
        .where("s.project_id", "=", projectId)
        .where("s.name", "=", name)
        .executeTakeFirst();
      return row && toStudyRecord(row as StudyRow);
    },

    async begin(study, { worker, since, limit, call = uuidv7() }) {
      await mayWrite();
      await pending.settle(study, worker);
      const { rows } = await retried(() =>
        sql<ChangeRow>`select * from begin_trial(${projectId}, ${known(study)}, ${worker}, ${call}, ${pending.numbers(study, worker)},
          ${limit ?? null}, ${since || "0"}, ${pageTrials + 1})`.execute(db),
      );
      if (rows.length === 0) throw notFound(study);
      const own = rows[0]!.begun ? rows[0] : undefined;
      const trial = own && toTrialRecord(own);
      if (trial) {
        pending.begin(study, trial);
        announce(study);
      }
      return { trial, changes: toChanges(own ? rows.slice(1) : rows, pageTrials) };
    },

    async update(study, lease, update, call) {
      return pending.update(study, lease, update) ?? write(study, lease, update, undefined, call);
    },

    async finish(study, lease, end, call) {
      const held = await write(study, lease, merged(await pending.rest(study, lease), end), end, call);
      pending.drop(study, lease);
      announce(study);
      return held;
    },

    async add(study, trials) {
      await mayWrite();
      const numbers = await addTrials(session, known(study), trials);
      announce(study);
      return numbers;
    },

    async changes(study, since, { worker, limit = pageTrials } = {}): Promise<StudyChanges> {
      await pending.settle(study, worker);
      const { rows } = await retried(() =>
        sql<ChangeRow>`select * from study_changes(${projectId}, ${known(study)}, ${since || "0"}, ${worker ?? null}, ${limit + 1})`.execute(
          db,
        ),
      );
      if (rows.length === 0) throw notFound(study);
      return toChanges(rows, limit);
    },

    async heartbeat(study, worker) {
      await mayWrite();
      const { rows } = await retried(() =>
        sql<{ heard: boolean }>`select hear_worker(${projectId}, ${known(study)}, ${worker}) as heard`.execute(db),
      );
      if (!rows[0]!.heard) throw notFound(study);
    },

    async reclaim(study, { silentMs, attempts, workers = "" }: ReclaimOptions & { readonly workers?: string }) {
      await mayWrite();
      const { rows } = await retried(() =>
        sql<{ numbers: number[] | null }>`select reclaim_trials(${projectId}, ${known(study)}, ${workers},
          ${silentMs} * interval '1 millisecond', ${attempts}) as numbers`.execute(db),
      );
      const { numbers } = rows[0]!;
      if (!numbers) throw notFound(study);
      pending.taken(study, numbers);
      if (numbers.length > 0) announce(study);
      return numbers.length;
    },

    async setTrialAttributes(study, number, attributes) {
      await mayWrite();
      const { numAffectedRows } = await sql`with changed as (
          update study_progress set revision = revision + 1, updated_at = now()
          where study_id = ${known(study)} and project_id = ${projectId} returning study_id, revision)
        update trials t set attributes = t.attributes || ${jsonText(`trial ${number}`, attributes)}::jsonb, revision = changed.revision,
          changed_by = null
        from changed where t.study_id = changed.study_id and t.number = ${number}`.execute(db);
      if (numAffectedRows === 0n) throw new ml.NotFoundError(`study: no trial ${number} in the study ${study}`);
      announce(study);
    },

    async setAttributes(study, attributes) {
      await mayWrite();
      const { numUpdatedRows } = await db
        .updateTable("studies")
        .set({ attributes: sql`attributes || ${jsonText("study", attributes)}::jsonb` as never })
        .where("id", "=", known(study))
        .where("project_id", "=", projectId)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw notFound(study);
    },

    async setStopped(study, stopped) {
      await mayWrite();
      const { numUpdatedRows } = await db
        .updateTable("study_progress")
        .set({ stopped, updated_at: new Date() })
        .where("study_id", "=", known(study))
        .where("project_id", "=", projectId)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw notFound(study);
      announce(study);
    },
  };
  return storage;
}

/** Trials of a page of changes. */
const pageTrials = 1000;

function notFound(study: string): Error {
  return new ml.NotFoundError(`study: no study ${study}`);
}
