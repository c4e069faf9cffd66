import { Notification } from "@jupyterlab/apputils";
import type { Job } from "assay-lab/contract";
import { isPassing } from "./api";
import { formatDuration } from "./elements/format";
import { EndedJobs } from "./ended-jobs";
import { commandIds } from "./ids";
import { jobRoutes } from "./job-routes";
import { openJob } from "./jobs/open-job";
import type { Surroundings } from "./panel";

/** Several ends of a moment are told as one from this count on. */
const manyJobs = 4;
/** Ends of a moment are read together. */
const restMs = 300;
/** How soon they are read again where that was refused by no fault of the reader's. */
const againMs = 5000;

/**
 * Tells when a job of this person has ended, each once, with the way to what it made and to another attempt: also where no panel was opened, and those
 * that ended while the page was away. Ends when the returned function is called.
 */
export function notifyOfJobs(surroundings: Surroundings): () => void {
  const { api, live, preferences } = surroundings;
  const ended = new EndedJobs(api);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let me: Promise<string> | null = null;
  let isOver = false;
  const read = async () => {
    timer = null;
    if (document.visibilityState !== "visible") return; // read when the page is seen, and the stream is back
    me ??= jobRoutes.me(api);
    const name = await me.catch((error: unknown) => {
      me = null; // asked again with the next end
      throw error;
    });
    const mine = (await ended.news()).filter((job) => job.created_by === name && isNews(job, surroundings));
    if (!preferences.values.notifications) return;
    if (mine.length >= manyJobs) tellMany(mine, surroundings);
    else for (const job of mine) tellEnd(job, surroundings);
  };
  const readIn = (ms: number) => {
    timer ??= setTimeout(() => {
      read().catch((error: unknown) => {
        console.warn("assay: ended jobs were not read", error);
        if (isPassing(error) && !isOver) readIn(againMs);
      });
    }, ms);
  };
  const soon = () => readIn(restMs);
  const follow = (_: unknown, state: string) => {
    if (state === "live") soon(); // what ended before
  };
  live.stateChanged.connect(follow);
  const stop = live.listen((event) => {
    if (event.kind === "job" && event.job_status !== "queued" && event.job_status !== "running") soon();
  });
  return () => {
    isOver = true;
    stop();
    live.stateChanged.disconnect(follow);
    if (timer !== null) clearTimeout(timer);
  };
}

/** Whether somebody may have gone away meanwhile: who starts a job that is over sooner is still looking. A session is always followed elsewhere. */
function isNews(job: Job, { preferences }: Surroundings): boolean {
  return job.job_status !== "completed" || job.kind === "exoplanet" || tookMs(job) >= 1000 * preferences.values.notifyAfter;
}

function tookMs({ created_at, started_at, completed_at }: Job): number {
  return Date.parse(completed_at ?? created_at) - Date.parse(started_at ?? created_at);
}

function tellEnd(job: Job, { api, commands, trans }: Surroundings): void {
  const what = job.name ?? job.kind;
  const retry = () => {
    jobRoutes
      .retry(api, job.job_id)
      .catch((error: Error) => Notification.error(trans.__("%1 was not queued again: %2", what, error.message)));
  };
  const open = job.run_id ? [{ label: trans.__("Open run"), callback: () => void openJob(commands, job) }] : [];
  const again = [...open, { label: trans.__("Retry"), callback: retry }];
  switch (job.job_status) {
    case "failed":
      Notification.error(trans.__("%1 failed: %2", what, job.error ?? trans.__("no error was told")), {
        actions: again,
        autoClose: 12_000,
      });
      break;
    case "cancelled":
      Notification.warning(trans.__("%1 was cancelled.", what), { actions: again, autoClose: 8000 });
      break;
    default:
      Notification.success(trans.__("%1 is done, it took %2.", what, formatDuration(tookMs(job))), {
        actions: open,
        autoClose: 8000,
      });
  }
}

/** One word for many ends, as after a night. */
function tellMany(jobs: readonly Job[], { commands, trans }: Surroundings): void {
  const failed = jobs.filter(({ job_status }) => job_status === "failed").length;
  const text =
    failed > 0
      ? trans.__("%1 jobs have ended, %2 of them failed.", jobs.length, failed)
      : trans.__("%1 jobs have ended.", jobs.length);
  Notification[failed > 0 ? "error" : "success"](text, {
    actions: [{ label: trans.__("Open Training"), callback: () => void commands.execute(commandIds.jobs) }],
    autoClose: 12_000,
  });
}
