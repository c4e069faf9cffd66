import { Dialog, Notification, ReactWidget, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { RunInfo } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { formatInstant } from "../elements/format";
import { jobRoutes } from "../job-routes";

interface Times {
  name: string;
  cron: string;
  timezone: string;
}

/** Asks when, then queues the training of a run again and again. */
export async function scheduleRun(api: Api, trans: TranslationBundle, run: RunInfo): Promise<void> {
  const { button, value } = await showDialog<Times>({
    title: trans.__("Schedule %1", run.name),
    body: new ScheduleForm(trans, run.name),
    focusNodeSelector: "input",
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__("Schedule") })],
  });
  if (!button.accept || !value) return;
  try {
    const { next_at } = await jobRoutes.schedule(api, {
      ...value,
      kind: "train",
      request: run.request as Record<string, unknown>,
      experiment: run.experiment,
      run_name: run.name,
    });
    Notification.success(trans.__("%1 comes next %2.", value.name, next_at ? formatInstant(next_at) : "–"), { autoClose: 4000 });
  } catch (error) {
    await showErrorMessage(trans.__("Not scheduled"), error instanceof Error ? error.message : String(error));
  }
}

class ScheduleForm extends ReactWidget implements Dialog.IBodyWidget<Times> {
  private readonly trans: TranslationBundle;
  private readonly suggested: string;

  constructor(trans: TranslationBundle, suggested: string) {
    super();
    this.trans = trans;
    this.suggested = suggested;
    this.addClass("jp-AssayDeploy");
  }

  protected render(): React.JSX.Element {
    const { trans } = this;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return (
      <>
        <label>
          {trans.__("Name")}
          <input className="jp-mod-styled" name="name" defaultValue={this.suggested} maxLength={200} required />
        </label>
        <label>
          {trans.__("When")}
          <input className="jp-mod-styled" name="cron" defaultValue="0 3 * * *" list="assay-crons" maxLength={200} required />
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

  getValue(): Times {
    const field = (name: string) => this.node.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value.trim() ?? "";
    return { name: field("name"), cron: field("cron"), timezone: field("timezone") };
  }
}
