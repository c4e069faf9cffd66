import React from "react";
import { formatInstant } from "../../elements/format";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { jobRoutes } from "../../job-routes";
import { useSchedules } from "../../jobs/use-jobs";
import { usePanel } from "../../panel";

/** Early on Mondays, when nobody waits for it. */
const weekly = "0 4 * * 1";

/** Trains somebody's ensemble every week by a schedule, until it is taken back. */
export function Retraining({ userId }: { userId: string }): React.JSX.Element {
  const { api, trans } = usePanel();
  const schedules = useSchedules();
  const { act, failure, busy } = useAction(schedules.reload);
  const own = schedules.data?.find(({ kind, request }) => kind === "workout" && request["user_id"] === userId);
  const isOn = own !== undefined && !own.paused;
  const turn = () =>
    void act<unknown>(() => {
      if (own) return jobRoutes.pause(api, own.schedule_id, isOn);
      const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const request = { user_id: userId };
      return jobRoutes.schedule(api, {
        name: `workouts ${userId}`,
        cron: weekly,
        timezone,
        kind: "workout",
        request,
        experiment: "workouts",
      });
    });
  return (
    <>
      <label className="jp-Assay-check">
        <input type="checkbox" name="weekly" checked={isOn} disabled={busy || schedules.data === null} onChange={turn} />
        {trans.__("Train again every week")}
        {isOn && own.next_at !== null && (
          <span className="jp-Assay-faint">{trans.__("next on %1", formatInstant(own.next_at))}</span>
        )}
      </label>
      <Failure error={failure} />
    </>
  );
}
