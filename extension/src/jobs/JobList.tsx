import type { Job } from "assay-lab/contract";
import React from "react";
import { formatDuration, formatInstant } from "../elements/format";
import { Failure, State } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { type JobQuery, jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { LiveMetrics } from "./LiveMetrics";
import { openJob } from "./open-job";
import { useJobs } from "./use-jobs";

interface JobListProps {
  query: JobQuery;
  empty: React.ReactNode;
  /** How many of the newest are shown; default all. */
  most?: number;
  /** Opens what a job makes; default its own document. */
  onOpen?: (job: Job) => void;
}

/** Jobs of one kind of state: progress, time left, metrics so far, cancel, retry. */
export function JobList({ query, empty, most, onOpen }: JobListProps): React.JSX.Element {
  const { commands, trans } = usePanel();
  const jobs = useJobs(query);
  const { act, failure } = useAction(jobs.reload);
  return (
    <>
      <Failure error={failure} />
      <State of={jobs} rows={6} empty={({ items }) => items.length === 0 && empty}>
        {({ items, next_cursor }) => (
          <>
            <ul className="jp-AssayJobs-list" aria-label={trans.__("Jobs")}>
              {items.slice(0, most).map((job) => (
                <JobItem key={job.job_id} job={job} act={act} onOpen={onOpen ?? ((each) => openJob(commands, each))} />
              ))}
            </ul>
            {next_cursor && most === undefined && (
              <p className="jp-Assay-faint">{trans.__("The newest %1 are shown.", items.length)}</p>
            )}
          </>
        )}
      </State>
    </>
  );
}

interface JobItemProps {
  job: Job;
  act(action: () => Promise<unknown>): void;
  onOpen(job: Job): void;
}

function JobItem({ job, act, onOpen }: JobItemProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { job_id, kind, name, job_status, run_id, progress, error, dead } = job;
  const isOpen = job_status === "queued" || job_status === "running";
  const retries = job_status === "failed" || job_status === "cancelled";
  const label = trans.__("%1 of %2", name ?? kind, formatInstant(job.created_at));
  return (
    <li data-job={job_id} data-status={job_status} data-dead={dead}>
      <div className="jp-Assay-bar">
        {run_id && name ? (
          <button type="button" className="jp-Assay-link jp-AssayJobs-name" onClick={() => onOpen(job)}>
            {name}
          </button>
        ) : (
          <strong className="jp-AssayJobs-name">{name ?? kind}</strong>
        )}
        {name && <span className="jp-Assay-kind">{kind}</span>}
        <Status status={job_status} />
        {dead && <span className="jp-AssayJobs-dead">{trans.__("dead letter")}</span>}
        <span className="jp-Assay-spring" />
        <div className="jp-Assay-actions">
          {run_id && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Open %1", label)}
              onClick={() => onOpen(job)}
            >
              {trans.__("Open")}
            </button>
          )}
          {isOpen && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Cancel %1", label)}
              onClick={() => act(() => jobRoutes.cancel(api, job_id))}
            >
              {trans.__("Cancel")}
            </button>
          )}
          {retries && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Retry %1", label)}
              onClick={() => act(() => jobRoutes.retry(api, job_id))}
            >
              {trans.__("Retry")}
            </button>
          )}
        </div>
      </div>
      <p className="jp-Assay-faint">{factsOf(job).join(" · ")}</p>
      {job_status === "running" && (
        <Progress step={progress?.step ?? 0} steps={progress?.steps ?? 0} label={trans.__("Progress of %1", label)} />
      )}
      {job_status === "running" && run_id && <LiveMetrics runId={run_id} />}
      {error !== null && <p className="jp-Assay-fieldError">{error}</p>}
    </li>
  );

  function factsOf({
    created_at,
    started_at,
    completed_at,
    not_before,
    attempt,
    priority,
    timeout_seconds,
    schedule_id,
    worker,
  }: Job): string[] {
    const isLater = job_status === "queued" && Date.parse(not_before) > Date.now();
    const left = progress?.eta_ms ?? null;
    return [
      formatInstant(created_at),
      ...(isLater ? [trans.__("not before %1", formatInstant(not_before))] : []),
      ...(started_at && completed_at ? [formatDuration(Date.parse(completed_at) - Date.parse(started_at))] : []),
      ...(job_status === "running" && progress && progress.steps > 0 ? [`${progress.step} / ${progress.steps}`] : []),
      ...(job_status === "running" && left !== null ? [trans.__("%1 left", formatDuration(left))] : []),
      ...(attempt > 1 ? [trans.__("attempt %1", attempt)] : []),
      ...(priority !== 0 ? [trans.__("priority %1", priority)] : []),
      ...(timeout_seconds !== null ? [trans.__("at most %1", formatDuration(timeout_seconds * 1000))] : []),
      ...(schedule_id ? [trans.__("by a schedule")] : []),
      ...(job_status === "running" && worker ? [worker] : []),
    ];
  }
}
