import type { Schedule } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant } from "../elements/format";
import { Empty, Failure, Loading } from "../elements/states";
import { Status } from "../elements/status";
import { jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { useSchedules } from "./use-jobs";

/** Jobs that come again and again: when next, pause, delete. */
export function Schedules(): React.JSX.Element {
  const { api, trans } = usePanel();
  const { data, error, loading, reload } = useSchedules();
  const [failure, setFailure] = useState<unknown>(null);
  const act = (action: () => Promise<unknown>) => {
    setFailure(null);
    action().then(reload, setFailure);
  };
  return (
    <>
      {failure !== null && <Failure error={failure} />}
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && loading && <Loading rows={4} />}
      {data?.length === 0 && (
        <Empty title={trans.__("No schedules yet.")}>
          <p>{trans.__("Make one from a run: Schedule… in its document.")}</p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className="jp-AssayJobs-list" aria-label={trans.__("Schedules")}>
          {data.map((schedule) => (
            <li key={schedule.schedule_id} data-schedule={schedule.name}>
              <div className="jp-Assay-bar">
                <strong>{schedule.name}</strong>
                <Status status={schedule.paused ? trans.__("paused") : trans.__("active")} />
                <span className="jp-Assay-spring" />
                <div className="jp-Assay-actions">
                  <button
                    type="button"
                    className="jp-mod-styled jp-mod-minimal"
                    onClick={() => act(() => jobRoutes.pause(api, schedule.schedule_id, !schedule.paused))}
                  >
                    {schedule.paused ? trans.__("Resume") : trans.__("Pause")}
                  </button>
                  <button
                    type="button"
                    className="jp-mod-styled jp-mod-minimal"
                    aria-label={trans.__("Delete %1", schedule.name)}
                    onClick={() => act(() => jobRoutes.unschedule(api, schedule.schedule_id))}
                  >
                    {trans.__("Delete")}
                  </button>
                </div>
              </div>
              <p className="jp-Assay-faint">{factsOf(schedule).join(" · ")}</p>
              {schedule.error !== null && <p className="jp-Assay-fieldError">{schedule.error}</p>}
            </li>
          ))}
        </ul>
      )}
    </>
  );

  function factsOf({ kind, cron, timezone, next_at, last_at }: Schedule): string[] {
    return [
      kind,
      `${cron} (${timezone})`,
      ...(next_at === null ? [] : [trans.__("next %1", formatInstant(next_at))]),
      ...(last_at === null ? [] : [trans.__("last %1", formatInstant(last_at))]),
    ];
  }
}
