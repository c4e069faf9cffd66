import { Notification, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { RunInfo, ScheduleCreate } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { formatInstant } from "../elements/format";
import { jobRoutes } from "../job-routes";

/** Asks when, then queues the training of a run again and again. */
export function scheduleRun(api: Api, trans: TranslationBundle, run: RunInfo): Promise<void> {
  const request = run.request as Record<string, unknown>;
  return scheduleJob(api, trans, run.name, { kind: "train", request, experiment: run.experiment, run_name: run.name });
}

/** Asks when, then queues a job again and again; `cron` is what the form begins with. */
export async function scheduleJob(
  api: Api,
  trans: TranslationBundle,
  suggested: string,
  job: Pick<ScheduleCreate, "kind" | "request" | "experiment" | "run_name">,
  cron = "0 3 * * *",
): Promise<void> {
  const form = await askForm(trans, {
    title: trans.__("Schedule %1", suggested),
    accept: trans.__("Schedule"),
    fields: scheduleFields(trans, suggested, cron),
  });
  if (!form) return;
  const name = textOf(form, "name");
  try {
    const { next_at } = await jobRoutes.schedule(api, {
      name,
      cron: textOf(form, "cron"),
      timezone: textOf(form, "timezone"),
      ...job,
    });
    Notification.success(trans.__("%1 comes next %2.", name, next_at ? formatInstant(next_at) : "–"), { autoClose: 4000 });
  } catch (error) {
    await showErrorMessage(trans.__("Not scheduled"), error instanceof Error ? error.message : String(error));
  }
}

function scheduleFields(trans: TranslationBundle, suggested: string, cron: string): React.JSX.Element {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <label>
        {trans.__("Name")}
        <input className="jp-mod-styled" name="name" defaultValue={suggested} maxLength={200} required />
      </label>
      <label>
        {trans.__("When")}
        <input className="jp-mod-styled" name="cron" defaultValue={cron} list="assay-crons" maxLength={200} required />
        <datalist id="assay-crons">
          <option value="0 3 * * *">{trans.__("every night at three")}</option>
          <option value="0 3 * * 1">{trans.__("Mondays at three")}</option>
          <option value="0 * * * *">{trans.__("every hour")}</option>
        </datalist>
        <span className="jp-Assay-hint">{trans.__("cron: minute, hour, day, month, day of the week")}</span>
      </label>
      <label>
        {trans.__("Time zone")}
        <input className="jp-mod-styled" name="timezone" defaultValue={zone} maxLength={100} required />
      </label>
    </>
  );
}
