import type { Schedule } from "assay-lab/contract";
import React from "react";
import { formatInstant } from "../elements/format";
import { Empty, Failure, State } from "../elements/states";
import { Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { useSchedules } from "./use-jobs";

/** Jobs that come again and again: when next, pause, delete. Of one kind where it is given: then nothing is drawn where there is none. */
export function Schedules({ kind: wanted }: { kind?: string }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const schedules = useSchedules();
  const { act, failure } = useAction(schedules.reload);
  const isWanted = ({ kind }: Schedule) => wanted === undefined || kind === wanted;
  const none = (
    <Empty
      title={trans.__("No schedules yet.")}
      action={{ label: trans.__("Choose a run"), run: () => void commands.execute(commandIds.experiments) }}
    >
      <p>{trans.__("Make one from a run: Schedule… in its document.")}</p>
    </Empty>
  );
  return (
    <>
      <Failure error={failure} />
      <State of={schedules} empty={(all) => all.length === 0 && wanted === undefined && none}>
        {(all) => (
          <ul className="jp-AssayJobs-list" aria-label={trans.__("Schedules")}>
            {all.filter(isWanted).map((schedule) => (
              <li key={schedule.schedule_id} data-schedule={schedule.name}>
                <div className="jp-Assay-bar">
                  <strong>{schedule.name}</strong>
                  <Status status={schedule.paused ? "paused" : "active"} />
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
      </State>
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
