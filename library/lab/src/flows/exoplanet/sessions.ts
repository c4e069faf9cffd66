import { NotFoundError, ParamsError } from "assay";
import {
  type SessionEpoch,
  type SessionStart,
  sessionStart,
  type TrainingSession,
  type TrainingSessionInfo,
} from "../../contract/exoplanet.ts";
import type { Run } from "../../contract/training.ts";
import type { Page } from "../../db/pages.ts";
import { cancelJob, ensureWorker, submitJob } from "../../jobs/index.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { getRun, lastMetrics, listRuns, runLogs, runSeries } from "../../tracking/index.ts";
import { exoplanetNetwork } from "./network.ts";

const experiment = "exoplanets";

/** Checks a session and queues it; returns at once. Throws NotFoundError, DataError or ParamsError for what cannot be trained. */
export async function startSession(session: Session, start: SessionStart): Promise<TrainingSession> {
  const parsed = sessionStart.safeParse(start);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join(".");
    throw Object.assign(new ParamsError(`exoplanets: ${field}: ${issue.message}`), { field });
  }
  const { workspace_key, ...request } = parsed.data;
  const { runId } = await submitJob(session, "exoplanet", request, { experiment, runName: request.model_name });
  await ensureWorker(session);
  return getSession(session, runId!);
}

/** Sessions, newest first, with their metrics as of now. */
export async function listSessions(
  session: Session,
  { limit, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<TrainingSession>> {
  await authorize(session, "read");
  const filter = `algorithm = '${exoplanetNetwork.estimator}'`;
  const { items, next_cursor } = await listRuns(session, { filter, experiment, limit, cursor });
  const jobs = await jobsOf(
    session,
    items.map(({ id }) => id),
  );
  const live = await Promise.all(
    items.map(async (run) => (run.status === "training" ? lastMetrics(session.db, run.id) : run.metrics)),
  );
  return { items: items.map((run, k) => toSession({ ...run, metrics: live[k]! }, jobs.get(run.id) ?? null)), next_cursor };
}

/** A session with every epoch and its log. Throws NotFoundError. */
export async function getSession(session: Session, id: string): Promise<TrainingSessionInfo> {
  await authorize(session, "read");
  const run = await getRun(session, id);
  if (run.algorithm !== exoplanetNetwork.estimator) throw new NotFoundError(`exoplanets: run ${id} is no training session`);
  const [history, logs] = await Promise.all([historyOf(session, run.id), runLogs(session, run.id)]);
  return { ...toSession(run, run.job_id), history, logs: [...logs] };
}

/** Ends a session; its run is cancelled. */
export async function cancelSession(session: Session, id: string): Promise<TrainingSessionInfo> {
  const { job_id } = await getSession(session, id);
  if (job_id !== null) await cancelJob(session, job_id);
  return getSession(session, id);
}

async function jobsOf({ db, projectId }: Session, runIds: readonly string[]): Promise<Map<string, string>> {
  if (runIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("jobs")
    .select(["id", "run_id"])
    .where("project_id", "=", projectId)
    .where("run_id", "in", runIds)
    .orderBy("created_at")
    .limit(5000)
    .execute();
  return new Map(rows.map(({ id, run_id }) => [run_id!, id]));
}

const epochNames = ["accuracy", "val_accuracy", "loss", "val_loss", "period_mae", "depth_mae"] as const;
const epochsMost = 1000;

/** The metrics of a session's epochs, in order; what an epoch did not tell is null. */
async function historyOf(session: Session, runId: string): Promise<SessionEpoch[]> {
  const names = epochNames.map((name) => `train.${name}`);
  const series = await runSeries(session, runId, { names, points: epochsMost });
  const epochs = new Map<number, SessionEpoch>();
  for (const { name, steps, values } of series)
    for (const [k, epoch] of steps.entries()) {
      const known = epochs.get(epoch) ?? { epoch, ...noMetrics };
      epochs.set(epoch, { ...known, [name]: values[k]! });
    }
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}

const noMetrics = { accuracy: null, val_accuracy: null, loss: null, val_loss: null, period_mae: null, depth_mae: null };

function toSession(run: Run, jobId: string | null): TrainingSession {
  const { metrics, tags, hyperparameters } = run;
  const epochs = Number(hyperparameters["epochs"]);
  const metric = (name: (typeof epochNames)[number]) => metrics[`train.${name}`] ?? null;
  return {
    session_id: run.id,
    job_id: jobId,
    session_status: run.status,
    model_name: String(hyperparameters["model_name"] ?? run.name),
    saved_as: tags["saved_as"] ?? null,
    model_id: tags["model_id"] ?? null,
    dataset: run.dataset,
    epochs,
    epoch: run.progress?.step ?? (run.status === "completed" ? epochs : 0),
    metrics: {
      accuracy: metric("accuracy"),
      val_accuracy: metric("val_accuracy"),
      loss: metric("loss"),
      val_loss: metric("val_loss"),
      period_mae: metric("period_mae"),
      depth_mae: metric("depth_mae"),
    },
    results: Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.startsWith("train."))),
    progress: run.progress,
    error: run.error,
    created_at: run.created_at,
    started_at: run.started_at,
    ended_at: run.ended_at,
  };
}
