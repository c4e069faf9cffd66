import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { ModelVersion } from "assay-lab/contract";
import { type Api, ServiceError } from "../api";
import { modelRoutes } from "../model-routes";

/** Asks, then deletes a version; where only its log of predictions holds it, asks again. True when it is gone, ServiceError with what holds it. */
export async function deleteVersion(api: Api, trans: TranslationBundle, version: ModelVersion): Promise<boolean> {
  const cited = `${version.name}@${version.version}`;
  const ask = async (body: string) => {
    const { button } = await showDialog({
      title: trans.__("Delete %1?", cited),
      body,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__("Delete") })],
    });
    return button.accept;
  };
  if (!(await ask(trans.__("Its model file goes too, its line in the history stays. This cannot be undone.")))) return false;
  try {
    await modelRoutes.delete(api, version.model_id, false);
    return true;
  } catch (error) {
    const holdsOnlyLog = error instanceof ServiceError && /deleted: it has a log of predictions[^;]*$/.test(error.message);
    if (!holdsOnlyLog) throw error;
    if (!(await ask(trans.__("It has a log of predictions, which is deleted with it.")))) return false;
    await modelRoutes.delete(api, version.model_id, true);
    return true;
  }
}
