import * as ml from "assay";
import type { z } from "zod";
import { tuneRequest } from "../contract/studies.ts";
import { id } from "../contract/values.ts";
import { transaction } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import { ActiveRun, changeRun, getStudy, type NewRun } from "../tracking/index.ts";
import { defineJobKind, type JobContext } from "./kinds.ts";
import type { MemoryNeed } from "./memory.ts";
import { type QueueOptions, queueJob } from "./queue.ts";
import { train } from "./training.ts";
import { parametrised, planTuning, studyOf, type Tuning } from "./tune-plan.ts";
import { searchStudy } from "./tune-search.ts";

/** A search as it is queued: its study is there. A helper's job runs trials of it and nothing else. */
const tuneJobRequest = tuneRequest.extend({ study_id: id.optional(), lead: id.optional() });
type TuneJobRequest = z.infer<typeof tuneJobRequest>;

/** A search that was queued. */
export interface QueuedTuning {
  readonly jobId: string;
  readonly runId: string;
  readonly study: ml.StudyRecord;
}

/**
 * A search for the best parameters of an algorithm: trials until the budget is used up or the study is stopped, by as many jobs as asked
 * for; then the best parameters are fitted on the training rows, evaluated on the test rows, and saved as the model of the study's run.
 */
defineJobKind<TuneJobRequest>({
  name: "tune",
  request: tuneJobRequest,
  goesOn: true,
  async plan(session, body) {
    const tuning = await planTuning(session, body);
    const study = await studyOf(session, tuning);
    return { request: queuedRequest(tuning, study), run: runOf(tuning, study), memory: tuning.training.memory };
  },
  async run(session, request, job) {
    const tuning = await planTuning(session, request);
    const study = await getStudy(session, request.study_id ?? (await studyOf(session, tuning)).id);
    const work = { session, tuning, study, job };
    if (request.lead !== undefined || !job.runId) return { trials: (await searchStudy({ ...work, parentId: request.lead })).ran };
    await lead(session, request, study.id, job, tuning.training.memory);
    const { tuned, ran } = await searchStudy({ ...work, parentId: job.runId, observer: new ActiveRun(session, job.runId) });
    const { best } = tuned;
    await fitBest(session, tuning, study.name, best, job);
    return { study_id: study.id, trials: ran, best_trial: best.number, best_value: best.values![0] };
  },
});

/** Checks a search and queues it: study, run and job, all or none but the study. */
export async function queueTuning(
  session: Session,
  body: unknown,
  options: QueueOptions = {},
  said: Pick<NewRun, "description" | "tags"> = {},
): Promise<QueuedTuning> {
  const tuning = await planTuning(session, body);
  const study = await studyOf(session, tuning, options.idempotencyKey); // the same key, the same study
  const { experiment, run_name } = tuning.request;
  const { tags, ...ofStudy } = runOf(tuning, study);
  const named = run_name === undefined ? {} : { name: run_name };
  const run = { ...ofStudy, experiment, ...named, ...said, tags: { ...tags, ...said.tags } };
  const { jobId, runId } = await transaction(session.db, async (db) => {
    const asked = { ...options, run, memory: tuning.training.memory };
    const queued = await queueJob(session, "tune", queuedRequest(tuning, study), asked, db);
    await db.updateTable("studies").set({ run_id: queued.runId! }).where("id", "=", study.id).execute();
    return queued;
  });
  return { jobId, runId: runId!, study };
}

function queuedRequest({ request }: Tuning, { id, name }: ml.StudyRecord): TuneJobRequest {
  return { ...request, study: name, study_id: id };
}

function runOf({ training }: Tuning, { name }: ml.StudyRecord) {
  return { ...training.run, name, tags: { study: name } };
}

/** What the first job of a study does before it searches: it is the study's, and calls the others. */
async function lead(
  session: Session,
  request: TuneJobRequest,
  studyId: string,
  job: JobContext,
  memory: MemoryNeed,
): Promise<void> {
  await session.db.updateTable("studies").set({ run_id: job.runId! }).where("id", "=", studyId).execute();
  const helper = { ...request, study_id: studyId, lead: job.runId! };
  for (let k = 1; k < request.workers; k++)
    await queueJob(session, "tune", helper, { idempotencyKey: `tune ${job.runId} helper ${k}`, memory });
}

/** Fits, evaluates and saves the best parameters as the model of the run, whose record becomes that of a training with them. */
async function fitBest(
  session: Session,
  { request, training, tunable }: Tuning,
  study: string,
  best: ml.TrialRecord,
  job: JobContext,
): Promise<void> {
  const estimator = parametrised(tunable, best.params);
  const { cv_folds, ...rest } = training.request;
  const asked = ml.algorithmByName(request.algorithm).isPreset
    ? { ...rest, hyperparameters: { ...rest.hyperparameters, ...best.params } }
    : { ...rest, hyperparameters: ml.hyperparametersOf(estimator) };
  job.log(`the best of ${study} is trial ${best.number} with ${best.values![0]}: ${JSON.stringify(best.params)}`);
  await changeRun(session, job.runId!, { request: asked, params: estimator.params });
  await train(session, { ...training, request: asked, estimator }, job.runId!, job.signal);
}
