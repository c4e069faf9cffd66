import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard } from "@jupyterlab/apputils";

/** Puts a cell into the notebook that was looked at last, below its active cell; where no notebook is open, into the clipboard. */
export type WriteCell = (code: string) => Promise<"notebook" | "clipboard">;

/** Writes cells of one JupyterLab by its own commands, which come from the notebook extension where that is installed. */
export function cellWriter({ commands, shell }: JupyterFrontEnd): WriteCell {
  return async (code) => {
    const isOpen = [...shell.widgets("main")].some((widget) => widget.hasClass("jp-NotebookPanel"));
    if (!isOpen || !commands.hasCommand("notebook:replace-selection")) {
      Clipboard.copyToSystem(code);
      return "clipboard";
    }
    await commands.execute("notebook:insert-cell-below", { activate: true });
    await commands.execute("notebook:change-cell-to-code", { activate: true });
    await commands.execute("notebook:replace-selection", { activate: true, text: code.trimEnd() });
    return "notebook";
  };
}
