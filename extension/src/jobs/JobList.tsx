import type { Job } from "assay-lab/contract";
import React, { useState } from "react";
import { formatDuration, formatInstant } from "../elements/format";
import { Empty, Failure, Loading } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { type JobQuery, jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { openJob } from "./open-job";
import { useJobs } from "./use-jobs";

/** Jobs of one kind of state: progress, time left, cancel, retry. */
export function JobList({ query, empty }: { query: JobQuery; empty: string }): React.JSX.Element {
  const { trans } = usePanel();
  const { data, error, loading, reload } = useJobs(query);
  const [failure, setFailure] = useState<unknown>(null);
  const act = (action: () => Promise<unknown>) => {
    setFailure(null);
    action().then(reload, setFailure);
  };
  return (
    <>
      {failure !== null && <Failure error={failure} />}
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && loading && <Loading rows={6} />}
      {data?.items.length === 0 && <Empty title={empty} />}
      {data && data.items.length > 0 && (
        <ul className="jp-AssayJobs-list" aria-label={trans.__("Jobs")}>
          {data.items.map((job) => (
            <JobItem key={job.job_id} job={job} act={act} />
          ))}
        </ul>
      )}
      {data?.next_cursor && <p className="jp-Assay-faint">{trans.__("The newest %1 are shown.", data.items.length)}</p>}
    </>
  );
}

interface JobItemProps {
  job: Job;
  act(action: () => Promise<unknown>): void;
}

function JobItem({ job, act }: JobItemProps): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { job_id, kind, job_status, run_id, progress, error, dead } = job;
  const isOpen = job_status === "queued" || job_status === "running";
  const retries = job_status === "failed" || job_status === "cancelled";
  const label = trans.__("%1 of %2", kind, formatInstant(job.created_at));
  return (
    <li data-job={job_id} data-status={job_status} data-dead={dead}>
      <div className="jp-Assay-bar">
        <strong>{kind}</strong>
        <Status status={job_status} />
        {dead && <span className="jp-AssayJobs-dead">{trans.__("dead letter")}</span>}
        <span className="jp-Assay-spring" />
        <div className="jp-Assay-actions">
          {run_id && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Open %1", label)}
              onClick={() => openJob(commands, job)}
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
