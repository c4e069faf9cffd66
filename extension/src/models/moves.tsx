import { Dialog, InputDialog, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { ModelVersion } from "assay-lab/contract";
import type { Api } from "../api";
import { routes } from "../routes";

/** What may be done to a version. */
export type Move = "promote" | "demote" | "archive" | "rollback";

/** The moves that a version's status allows. */
export function movesOf({ version_status: status }: ModelVersion, production: ModelVersion | undefined): Move[] {
  switch (status) {
    case "training":
    case "staged":
      return ["promote", "archive"];
    case "production":
      return ["demote", "archive"];
    case "archived":
      return production ? ["promote", "rollback"] : ["promote"];
  }
}

/** Asks for a reason, then moves the version; true when it moved. */
export async function moveVersion(api: Api, trans: TranslationBundle, version: ModelVersion, move: Move): Promise<boolean> {
  const cited = `${version.name}@${version.version}`;
  const titles: Record<Move, string> = {
    promote: trans.__("Promote %1?", cited),
    demote: trans.__("Demote %1?", cited),
    archive: trans.__("Archive %1?", cited),
    rollback: trans.__("Roll back to %1?", cited),
  };
  const { button, value } = await InputDialog.getText({
    title: titles[move],
    label: trans.__("Reason (kept in the history)"),
    placeholder: trans.__("optional"),
    okLabel: {
      promote: trans.__("Promote"),
      demote: trans.__("Demote"),
      archive: trans.__("Archive"),
      rollback: trans.__("Roll back"),
    }[move],
    renderer: Dialog.defaultRenderer,
  });
  if (!button.accept) return false;
  try {
    if (move === "rollback") await routes.rollback(api, version.name, version.version, value ?? "");
    else await routes.move(api, version.model_id, move, value ?? "");
    return true;
  } catch (error) {
    await showErrorMessage(trans.__("Not moved"), error instanceof Error ? error.message : String(error));
    return false;
  }
}
