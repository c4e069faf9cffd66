import type { EtlRun, Event, Job, ModelVersion, TrainedRecommender } from "assay-lab/contract";
import { useEvents, useSoon } from "../../elements/use-events";
import { type Loaded, useLoaded } from "../../elements/use-loaded";
import { useRefresh } from "../../elements/use-refresh";
import { jobRoutes } from "../../job-routes";
import { modelRoutes } from "../../model-routes";
import { usePanel } from "../../panel";
import { everyPage } from "../../routes";
import { recommendationRoutes } from "./recommendation-routes";

/** The steps of a run end without events of their own: while one runs they are read again this often. */
const refreshMs = 1500;

/** A run with the job that does it: what the queue knows first. */
export interface RunOfEtl extends EtlRun {
  /** Taken up for the so-manieth time; null where the job is gone. */
  attempt: number | null;
}

/** Loads the runs of the ETL, newest first, and keeps them live. */
export function useEtlRuns(): Loaded<RunOfEtl[]> {
  const { api } = usePanel();
  const loaded = useLoaded("etl runs", async () => {
    const [{ items }, jobs] = await Promise.all([recommendationRoutes.runs(api), jobRoutes.list(api, { kind: "etl" })]);
    const byId = new Map(jobs.items.map((job) => [job.job_id, job]));
    return items.map((run) => standing(run, run.job_id === null ? undefined : byId.get(run.job_id)));
  });
  const soon = useSoon(loaded.reload, 300);
  useEvents((event) => isOf(event, "etl") && soon(), loaded.reload);
  useRefresh(loaded.reload, refreshMs, loaded.data?.some(isOpen) ?? false);
  return loaded;
}

/** Loads the recommenders, newest first, anew when one was trained or registered. */
export function useRecommenders(): Loaded<TrainedRecommender[]> {
  const { api } = usePanel();
  const loaded = useLoaded("recommenders", () => recommendationRoutes.recommenders(api).then(({ items }) => items));
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => (isOf(event, "recommend") || event.kind === "model") && soon(), loaded.reload);
  return loaded;
}

/** Loads the newest comparison, and keeps it live; null where none was made. */
export function useComparison(): Loaded<{ job: Job | null }> {
  const { api } = usePanel();
  const loaded = useLoaded("comparison", async () => {
    const { items } = await jobRoutes.list(api, { kind: "recommend-compare" }, 1);
    return { job: items[0] ?? null };
  });
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => isOf(event, "recommend-compare") && soon(), loaded.reload);
  return loaded;
}

/** Loads the versions of recommenders in the registry that are not archived. */
export function useRecommenderVersions(): Loaded<ModelVersion[]> {
  const { api } = usePanel();
  const loaded = useLoaded("recommender versions", async () => {
    const versions = await everyPage((cursor) => modelRoutes.versions(api, cursor));
    return versions.filter(({ task_type, version_status }) => isRecommendation(task_type) && version_status !== "archived");
  });
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => event.kind === "model" && soon(), loaded.reload);
  return loaded;
}

function isRecommendation(task: string): boolean {
  return task === "recommendation";
}

/** Whether a run waits or goes on. */
export function isOpen({ run_status }: Pick<EtlRun, "run_status">): boolean {
  return run_status === "queued" || run_status === "running";
}

/** A run as its job stands: one that is taken up again waits before it says so itself. */
function standing(run: EtlRun, job: Pick<Job, "job_status" | "attempt"> | undefined): RunOfEtl {
  const attempt = job?.attempt ?? null;
  const isTakenUp = !isOpen(run) && run.run_status !== "completed" && isJobOpen(job);
  return { ...run, attempt, ...(isTakenUp && { run_status: "queued" as const, error: null }) };
}

function isJobOpen(job: Pick<Job, "job_status"> | undefined): boolean {
  return job?.job_status === "queued" || job?.job_status === "running";
}

function isOf(event: Event, kind: string): boolean {
  return event.kind === "job" && event.job_kind === kind;
}
