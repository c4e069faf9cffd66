import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard, Notification } from "@jupyterlab/apputils";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { linkOf } from "./documents";
import { commandIds } from "./ids";
import { askedBy, type LinkedCommand } from "./links";
import type { Surroundings } from "./panel";

/** Adds the command that copies the link of the current document, or of the one whose tab a menu was opened on. */
export function addLinkCommand(app: JupyterFrontEnd, { trans }: Surroundings): void {
  const link = ({ tab }: ReadonlyPartialJSONObject): string | null => {
    const node = tab === true ? app.contextMenuHitTest(({ dataset }) => dataset["assay"] === "document") : null;
    const widgets = node ? [...app.shell.widgets("main"), ...app.shell.widgets("down")] : [];
    const meant = widgets.find(({ id }) => id === node!.dataset["id"]) ?? app.shell.currentWidget;
    return meant && linkOf(meant);
  };
  app.commands.addCommand(commandIds.link, {
    label: trans.__("Copy Link"),
    caption: trans.__("Copy the address that opens this document of Assay as it is shown now"),
    describedBy: {
      args: {
        type: "object",
        properties: { tab: { type: "boolean", description: "Of the document whose tab the menu was opened on." } },
      },
    },
    isEnabled: (given) => link(given) !== null,
    execute: (given) => {
      const address = link(given);
      if (address === null) return;
      Clipboard.copyToSystem(address);
      Notification.info(trans.__("The link is in the clipboard."), { autoClose: 3000 });
    },
  });
}

/** Opens what the page's address asks for, when JupyterLab is there and whenever the part behind `#` is another. */
export function followLinks(app: JupyterFrontEnd, linked: readonly LinkedCommand[]): () => void {
  let hash = location.hash; // JupyterLab rewrites the address while it starts
  const follow = () => {
    const asked = askedBy(hash, linked);
    if (!asked) return;
    // once followed it is no part of the address: a reload shows what is open then
    if (location.hash !== "") history.replaceState(history.state, "", location.pathname + location.search);
    app.commands
      .execute(asked.command, asked.args)
      .catch((error: unknown) => console.warn(`assay: the link ${asked.command} was not followed`, error));
  };
  const hear = () => {
    hash = location.hash;
    follow();
  };
  void app.restored.then(follow);
  window.addEventListener("hashchange", hear);
  return () => window.removeEventListener("hashchange", hear);
}
