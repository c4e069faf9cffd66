import type { ReplayReport, RunInfo } from "assay-lab/contract";
import React, { useState } from "react";
import { formatMetric, formatValue } from "../elements/format";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useEvents } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { commandIds } from "../ids";
import { jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** Does a training again from its record, and tells whether every metric is the same to the bit. */
export function Replay({ run }: { run: RunInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [jobId, setJobId] = useState<string | null>(null);
  const { act, failure } = useAction();
  const { data: job, reload } = useLoaded(jobId, () => jobRoutes.get(api, jobId!));
  useEvents((event) => event.kind === "job" && event.job_id === jobId && reload(), reload);
  const isOpen =
    jobId !== null && job?.job_status !== "completed" && job?.job_status !== "failed" && job?.job_status !== "cancelled";
  const start = () =>
    void act(
      () => routes.replay(api, run.id),
      ({ job_id }) => setJobId(job_id),
    );
  return (
    <section aria-label={trans.__("Replay")} className="jp-AssayRun-replay" data-replay={job?.job_status}>
      <h2>{trans.__("Replay")}</h2>
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={isOpen} onClick={start}>
          {isOpen ? trans.__("Training again…") : trans.__("Train again and compare")}
        </button>
        <span className="jp-Assay-faint">
          {trans.__("The same data, split, parameters and seed: every metric must be the same.")}
        </span>
      </div>
      <Failure error={failure} />
      {job?.error && <p className="jp-Assay-fieldError">{job.error}</p>}
      {job?.job_status === "completed" && <Verdict report={job.results as ReplayReport} />}
    </section>
  );
}

function Verdict({ report: { equal, metrics, differences, replay_id } }: { report: ReplayReport }): React.JSX.Element {
  const { commands, preferences, trans } = usePanel();
  const digits = preferences.values.decimals;
  const others = metrics.filter((metric) => !metric.equal);
  return (
    <div role="status" data-equal={equal}>
      <p>
        <strong>
          {equal
            ? trans._n("The one metric is the same to the bit.", "All %1 metrics are the same to the bit.", metrics.length)
            : trans.__("%1 of %2 metrics differ.", others.length, metrics.length)}
        </strong>{" "}
        {replay_id && (
          <button
            type="button"
            className="jp-Assay-link"
            onClick={() => void commands.execute(commandIds.run, { id: replay_id })}
          >
            {trans.__("Open the replay")}
          </button>
        )}
      </p>
      <ul>
        {others.map(({ name, recorded, replayed }) => (
          <li key={name}>
            {trans.__(
              "%1 was %2, is %3",
              name,
              formatMetric(recorded, Math.max(9, digits)),
              formatMetric(replayed, Math.max(9, digits)),
            )}
          </li>
        ))}
        {differences.map(({ input, recorded, now, matters }) => (
          <li key={input} className={matters ? undefined : "jp-Assay-faint"}>
            {trans.__("%1 was %2, is %3", input, formatValue(recorded), formatValue(now))}
            {!matters && ` (${trans.__("changes no metric")})`}
          </li>
        ))}
      </ul>
    </div>
  );
}
