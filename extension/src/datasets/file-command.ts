import type { JupyterFrontEnd } from "@jupyterlab/application";
import { showErrorMessage } from "@jupyterlab/apputils";
import { commandIds } from "../ids";
import type { Surroundings } from "../panel";
import { uploadEndings } from "./Sendings";
import { sendFile } from "./use-uploads";

/** What the file browser tells of its selection. */
interface FileBrowser {
  selectedItems(): Iterable<{ path: string; name: string; type: string }>;
}

const endings = uploadEndings.split(",");
const isData = (name: string) => endings.some((ending) => name.toLowerCase().endsWith(ending));

/** Adds the command that makes datasets of the files selected in the file browser, and opens them. */
export function addFileCommand(app: JupyterFrontEnd, { api, commands, trans }: Surroundings): void {
  const selected = () => {
    const browser = [...app.shell.widgets("left")].find((widget) => "selectedItems" in widget) as FileBrowser | undefined;
    return [...(browser?.selectedItems() ?? [])].filter(({ type, name }) => type !== "directory" && isData(name));
  };
  commands.addCommand(commandIds.fileAsDataset, {
    label: trans.__("Open as Dataset"),
    caption: trans.__("Store the selected file as a dataset of Assay"),
    describedBy: {
      args: {
        type: "object",
        properties: { path: { type: "string", description: "Path of the file; default: the selected ones." } },
      },
    },
    isVisible: () => selected().length > 0,
    execute: async ({ path }) => {
      const paths = typeof path === "string" ? [path] : selected().map((file) => file.path);
      for (const each of paths)
        try {
          const { dataset_id: id, name } = await sendFile(api, await api.file(each), {}, () => undefined);
          await commands.execute(commandIds.dataset, { id, name });
        } catch (error) {
          await showErrorMessage(trans.__("%1 is no dataset", each), error instanceof Error ? error.message : String(error));
        }
    },
  });
}
