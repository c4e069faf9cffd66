import { type EtlRequest, nextVersion } from "assay-lab/contract";
import React from "react";
import { Schedules } from "../../jobs/Schedules";
import { scheduleJob } from "../../jobs/schedule-run";
import { usePanel } from "../../panel";

/** Early on Mondays, when nobody waits for it. */
const weekly = "0 4 * * 1";

/** A refresh that comes again and again with the settings of the form: 1.1, 1.2 and so on; those that are set stand below. */
export function Refresh({ request, isWhole }: { request: EtlRequest; isWhole: boolean }): React.JSX.Element {
  const { api, trans } = usePanel();
  const schedule = () =>
    void scheduleJob(api, trans, trans.__("refresh of the dataset"), { kind: "etl", request: refreshOf(request) }, weekly);
  return (
    <section aria-label={trans.__("Refresh on a schedule")} className="jp-AssayRecommendations-refresh">
      <h2>{trans.__("Refresh on a schedule")}</h2>
      <p className="jp-Assay-faint">
        {trans.__("With the settings above; each time the version behind the newest, over the days before that moment.")}
      </p>
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={!isWhole} onClick={schedule}>
          {trans.__("Schedule…")}
        </button>
      </div>
      <Schedules kind="etl" />
    </section>
  );
}

/** The settings of a run that is done again at another time. */
function refreshOf({ until: _, ...settings }: EtlRequest): Record<string, unknown> {
  return { ...settings, version: nextVersion };
}
