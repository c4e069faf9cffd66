import { Dialog, Notification, ReactWidget, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { RunInfo } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { routes } from "../routes";

interface Deployment {
  model_name: string;
  version: string;
  description: string;
  promote_to_production: boolean;
}

/** Asks for a name and a version, then puts the run's model into the registry. */
export async function deployRun(api: Api, trans: TranslationBundle, run: RunInfo): Promise<boolean> {
  const form = new DeployForm(trans, run.experiment);
  const { button, value } = await showDialog<Deployment>({
    title: trans.__("Deploy %1", run.name),
    body: form,
    focusNodeSelector: "input",
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__("Deploy") })],
  });
  if (!button.accept || !value) return false;
  const { version, ...rest } = value;
  try {
    const { model } = await routes.deploy(api, { experiment_id: run.id, ...rest, ...(version ? { version } : {}) });
    Notification.success(trans.__("%1 is %2.", `${model.name}@${model.version}`, model.version_status), { autoClose: 4000 });
    return true;
  } catch (error) {
    await showErrorMessage(trans.__("Not deployed"), error instanceof Error ? error.message : String(error));
    return false;
  }
}

class DeployForm extends ReactWidget implements Dialog.IBodyWidget<Deployment> {
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
    return (
      <>
        <label>
          {trans.__("Model name")}
          <input className="jp-mod-styled" name="model_name" defaultValue={this.suggested} maxLength={200} required />
        </label>
        <label>
          {trans.__("Version")}
          <input className="jp-mod-styled" name="version" placeholder={trans.__("the next one")} maxLength={50} />
        </label>
        <label>
          {trans.__("Description")}
          <textarea className="jp-mod-styled" name="description" rows={3} />
        </label>
        <label className="jp-Assay-check">
          <input type="checkbox" name="promote" />
          {trans.__("Put into production at once")}
        </label>
      </>
    );
  }

  getValue(): Deployment {
    const field = (name: string) => this.node.querySelector<HTMLInputElement>(`[name="${name}"]`);
    return {
      model_name: field("model_name")?.value.trim() ?? "",
      version: field("version")?.value.trim() ?? "",
      description: field("description")?.value ?? "",
      promote_to_production: field("promote")?.checked ?? false,
    };
  }
}
