import * as ml from "assay";
import type { StudyInfo } from "../contract/studies.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { createRun, finishRun, getStudy, type LabStudyStorage, logMetrics, studyStorage } from "../tracking/index.ts";
import type { JobContext } from "./kinds.ts";
import { stepsAsked } from "./prepare.ts";
import { trainingRows } from "./training.ts";
import { foldsOf, type Tuning } from "./tune-plan.ts";

/** One job's part in a study. */
interface Search {
  readonly session: Session;
  readonly tuning: Tuning;
  readonly study: StudyInfo;
  readonly job: JobContext;
  /** The run that the trials' runs are parts of. */
  readonly parentId: string | undefined;
  readonly observer?: ml.Observer;
}

const silentMs = 30_000;
const attempts = 3;
/** How often the last trials of other jobs are looked at. */
const lookMs = 500;

/**
 * Runs trials until the study's budget is used up, it is stopped, or the signal ends it; then waits for those that other jobs still run.
 * What earlier attempts of the same job had begun waits again. Throws at an abort, and the last error of too many failures in a row.
 */
export async function searchStudy(search: Search): Promise<{ readonly tuned: ml.Study; readonly ran: number }> {
  const { session, tuning, study, job } = search;
  const { jobId, attempt, signal } = job;
  const storage = studyStorage(session);
  const lost = await storage.reclaim(study.id, { silentMs: 0, attempts, workers: `${jobId}/` });
  if (lost > 0) job.log(`${lost} trials of the attempt before are run again`, "warn");
  const table = (await trainingRows(session, tuning.training, { info: job.log, warn: (line) => job.log(line, "warn") })).train;
  const deadline = await deadlineOf(storage, search);
  const own = ownStorage(storage, study.id, `${jobId}/${attempt}/`, signal);
  let ran = 0;
  for (;;) {
    const secondsLeft = deadline === undefined ? undefined : Math.max(0, deadline - Date.now()) / 1000;
    const tuned = await tuneOn(search, table, own, secondsLeft, async (trial) => {
      ran++;
      await track(search, storage, trial);
    });
    signal.throwIfAborted();
    await othersEnded(session, storage, study.id, signal);
    const { trials, study_status } = await getStudy(session, study.id);
    const goesOn = trials.waiting > 0 && study_status !== "stopped" && (deadline === undefined || Date.now() < deadline);
    if (goesOn) continue; // another job fell silent, and its trials wait
    await tuned.sync();
    return { tuned, ran };
  }
}

async function tuneOn(
  { tuning, study, job, observer }: Search,
  table: ml.Table,
  storage: ml.StudyStorage,
  seconds: number | undefined,
  onTrial: (trial: ml.TrialRecord) => Promise<void>,
): Promise<ml.Study> {
  const { request, training, tunable, space, metric, sampler, pruner, resource } = tuning;
  const trials = tuning.trials === undefined ? undefined : tuning.trials + Number(study.attributes["taken"] ?? 0);
  return ml.tune(tunable, table, {
    target: request.target_column,
    features: training.features,
    ...(request.group_column !== undefined && { group: request.group_column }),
    ...(request.time_column !== undefined && { time: request.time_column }),
    task: training.task,
    folds: foldsOf(request),
    seed: request.random_seed,
    ...(request.stratified !== undefined && { stratified: request.stratified }),
    preprocess: stepsAsked(request, training.task) ?? false,
    space,
    metric,
    metrics: ml
      .metricsFor(training.task)
      .map(({ name }) => name)
      .filter((name) => name !== metric.name),
    sampler,
    pruner,
    ...(resource !== undefined && { resource }),
    storage,
    name: study.name,
    resume: false,
    concurrency: request.concurrency,
    ...(trials !== undefined && { trials }),
    ...(seconds !== undefined && { seconds: Math.max(0.001, seconds) }),
    signal: job.signal,
    ...(observer && { observer }),
    onTrial: async (current: ml.Study, trial: ml.TrialRecord) => {
      job.progress(current.trials.length, Math.max(trials ?? 0, current.trials.length));
      await onTrial(trial);
    },
  });
}

/** The storage as one attempt of a job uses it: its workers bear the job's name, and what an abort breaks off waits for the next. */
function ownStorage(storage: LabStudyStorage, study: string, prefix: string, signal: AbortSignal): ml.StudyStorage {
  const giveBack = () => storage.reclaim(study, { silentMs: 0, attempts: 1_000_000, workers: prefix });
  signal.addEventListener("abort", () => void giveBack().catch(() => {})); // a fit that does not obey is killed with this process
  const named = (worker: string): string => (worker.startsWith(prefix) ? worker : prefix + worker);
  return {
    ...storage,
    begin: (study, options) => storage.begin(study, { ...options, worker: named(options.worker) }),
    changes: (study, since, options) =>
      storage.changes(study, since, options?.worker === undefined ? options : { ...options, worker: named(options.worker) }),
    heartbeat: (study, worker) => storage.heartbeat(study, named(worker)),
    async finish(study, lease, end) {
      if (!signal.aborted || end.state !== "failed") return storage.finish(study, lease, end);
      await giveBack();
      return false;
    },
  };
}

/** Until when the study's run may search; the first attempt decides it for all. */
async function deadlineOf(storage: LabStudyStorage, { study, tuning, job, parentId }: Search): Promise<number | undefined> {
  const { timeout } = tuning.request;
  if (timeout === undefined) return undefined;
  const run = parentId ?? job.jobId;
  const known = ((await storage.find(study.name))?.attributes["deadline"] ?? {}) as { run?: string; at?: string };
  if (known.run === run) return Date.parse(known.at!);
  const at = Date.now() + 1000 * timeout;
  await storage.setAttributes(study.id, { deadline: { run, at: new Date(at).toISOString() } });
  return at;
}

/** Waits until nobody runs a trial of the study any more; a silent job's are taken from it. */
async function othersEnded(session: Session, storage: LabStudyStorage, study: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    await storage.reclaim(study, { silentMs, attempts });
    if ((await getStudy(session, study)).trials.running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    signal.throwIfAborted();
  }
}

/** Makes a trial that has ended a run, with the scores of its folds. */
async function track(
  { session, tuning, study, parentId }: Search,
  storage: LabStudyStorage,
  trial: ml.TrialRecord,
): Promise<void> {
  const { request, training, metric } = tuning;
  if (!request.tracked) return;
  const runId = await createRun(session, {
    ...training.run,
    experiment: request.experiment,
    name: `${study.name} #${trial.number}`,
    status: "training",
    params: { ...training.run.params, ...trial.params },
    tags: { study: study.name, trial: String(trial.number), trial_state: trial.state },
    request: undefined,
    parentId,
  });
  const means = (trial.attributes["metrics"] ?? {}) as Record<string, number | null>;
  const points = Object.entries(means).map(([name, value]) => ({
    name,
    split: "cv_mean",
    step: 0,
    value: toMetricValue(value ?? Number.NaN),
  }));
  const steps = trial.intermediate.map(([step, value]) => ({
    name: metric.name,
    split: "cv",
    step,
    value: toMetricValue(value),
  }));
  await logMetrics(session, runId, [...points, ...steps]);
  const status = trial.state === "completed" ? "completed" : trial.state === "pruned" ? "cancelled" : "failed";
  await finishRun(session, runId, status, trial.error === null ? {} : { error: trial.error });
  await storage.setTrialAttributes(study.id, trial.number, { runId });
}
