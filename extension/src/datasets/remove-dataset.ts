import { Dialog, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import { type Api, ServiceError } from "../api";
import { datasetRoutes } from "../dataset-routes";

/** Asks, and deletes a dataset; asks once more where runs or models were made from it. Answers whether it is gone. */
export async function removeDataset(
  api: Api,
  trans: TranslationBundle,
  { dataset_id, name }: { dataset_id: string; name: string },
): Promise<boolean> {
  const body = trans.__("Its versions, splits and charts go too.");
  if (!(await confirmed(trans.__("Delete the dataset %1?", name), body))) return false;
  try {
    await datasetRoutes.delete(api, dataset_id);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError && error.status === 409)) return failed(error);
    if (!(await confirmed(trans.__("Delete %1 all the same?", name), `${error.message}.`))) return false;
    return datasetRoutes.delete(api, dataset_id, true).then(() => true, failed);
  }

  async function confirmed(title: string, text: string): Promise<boolean> {
    const buttons = [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__("Delete") })];
    return (await showDialog({ title, body: text, buttons })).button.accept;
  }

  async function failed(error: unknown): Promise<boolean> {
    await showErrorMessage(trans.__("Not deleted"), error instanceof Error ? error.message : String(error));
    return false;
  }
}
