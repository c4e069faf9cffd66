import type { Job, Schedule } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { type JobQuery, jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import type { Page } from "../routes";

/** Loads jobs, newest first, and keeps the list live: their progress as it is told, their lists half a second later. */
export function useJobs(query: JobQuery): Loaded<Page<Job>> {
  const { api } = usePanel();
  const loaded = useLoaded(JSON.stringify(query), () => jobRoutes.list(api, query, 200));
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => {
    if (event.kind === "job" && !event.progress) soon();
    if (event.kind !== "job" && event.kind !== "progress") return;
    const { run_id, progress } = event;
    const isIts = (job: Job) => (event.kind === "job" ? job.job_id === event.job_id : job.run_id === run_id);
    if (progress)
      loaded.change((page) => ({ ...page, items: page.items.map((job) => (isIts(job) ? moved(job, progress) : job)) }));
  }, loaded.reload);
  return loaded;
}

function moved(job: Job, progress: Pick<NonNullable<Job["progress"]>, "step" | "steps" | "elapsed_ms">): Job {
  const { step, steps, elapsed_ms } = progress;
  const eta_ms = step > 0 && steps > step ? (elapsed_ms / step) * (steps - step) : null;
  return { ...job, progress: { ...progress, eta_ms } };
}

/** Loads the schedules, anew when one was made, changed, deleted or has fired. */
export function useSchedules(): Loaded<Schedule[]> {
  const { api } = usePanel();
  const loaded = useLoaded("schedules", () => jobRoutes.schedules(api));
  const soon = useSoon(loaded.reload, 300);
  useEvents((event) => event.kind === "schedule" && soon(), loaded.reload);
  return loaded;
}
