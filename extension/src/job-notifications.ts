import { Notification } from "@jupyterlab/apputils";
import type { Event, Job } from "assay-lab/contract";
import { formatDuration } from "./elements/format";
import { jobRoutes } from "./job-routes";
import { openJob } from "./jobs/open-job";
import type { Surroundings } from "./panel";

/** Who starts a job that is over sooner is still looking. */
const shortMs = 10_000;

/** Tells when a longer job has ended, or any has failed, with the way to what it made. Ends when the returned function is called. */
export function notifyOfJobs({ api, commands, live, preferences, trans }: Surroundings): () => void {
  const told = new Set<string>();
  const tell = (job: Job) => {
    const took = Date.parse(job.completed_at ?? "") - Date.parse(job.started_at ?? job.created_at);
    const failed = job.job_status === "failed";
    if (!failed && !(took >= shortMs)) return;
    const actions = job.run_id ? [{ label: trans.__("Open"), callback: () => openJob(commands, job) }] : [];
    if (failed)
      Notification.error(trans.__("%1 failed: %2", job.kind, job.error ?? trans.__("no error was told")), {
        actions,
        autoClose: 12_000,
      });
    else Notification.success(trans.__("%1 is done, it took %2.", job.kind, formatDuration(took)), { actions, autoClose: 8000 });
  };
  const hear = (event: Event) => {
    if (event.kind !== "job" || !preferences.values.notifications) return;
    if (event.job_status !== "completed" && event.job_status !== "failed") return void told.delete(event.job_id);
    if (told.has(event.job_id)) return;
    told.add(event.job_id);
    jobRoutes.get(api, event.job_id).then(tell, (error) => console.warn("assay: an ended job was not read", error));
  };
  return live.listen(hear);
}
