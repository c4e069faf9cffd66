import { Notification, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { RunInfo } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { type Deployment, modelRoutes } from "../model-routes";

/** Asks for a name and a version, then puts the run's model into the registry. */
export async function deployRun(api: Api, trans: TranslationBundle, run: RunInfo): Promise<boolean> {
  const form = await askForm(trans, {
    title: trans.__("Deploy %1", run.name),
    accept: trans.__("Deploy"),
    fields: (
      <>
        {versionFields(trans, run.experiment)}
        <label className="jp-Assay-check">
          <input type="checkbox" name="promote" />
          {trans.__("Put into production at once")}
        </label>
      </>
    ),
  });
  if (!form) return false;
  try {
    const { model } = await modelRoutes.deploy(api, {
      experiment_id: run.id,
      promote_to_production: form.has("promote"),
      ...versionIn(form),
    });
    Notification.success(trans.__("%1 is %2.", `${model.name}@${model.version}`, model.version_status), { autoClose: 4000 });
    return true;
  } catch (error) {
    await showErrorMessage(trans.__("Not deployed"), error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** What a form asks of a model's new version: its name, its number, and words about it. */
export function versionFields(trans: TranslationBundle, suggested: string): React.JSX.Element {
  return (
    <>
      <label>
        {trans.__("Model name")}
        <input className="jp-mod-styled" name="model_name" defaultValue={suggested} maxLength={200} required />
      </label>
      <label>
        {trans.__("Version")}
        <input className="jp-mod-styled" name="version" placeholder={trans.__("the next one")} maxLength={50} />
      </label>
      <label>
        {trans.__("Description")}
        <textarea className="jp-mod-styled" name="description" rows={3} />
      </label>
    </>
  );
}

/** What was filled into them, as the service takes it. */
export function versionIn(form: FormData): Pick<Deployment, "model_name" | "description" | "version"> {
  const version = textOf(form, "version");
  return {
    model_name: textOf(form, "model_name"),
    description: textOf(form, "description"),
    ...(version !== "" && { version }),
  };
}
