import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard, Notification, SemanticCommand } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { Widget } from "@lumino/widgets";

/**
 * Puts a cell into the notebook that was looked at last, below its active cell, and shows it there; where no notebook of Assay's kernel is open, into the
 * clipboard. Says where it is.
 */
export type WriteCell = (code: string) => Promise<void>;

/** The part of a notebook's widget that tells its kernel. */
interface NotebookWidget extends Widget {
  sessionContext?: { session?: { kernel?: { name: string } | null } | null; kernelPreference?: { name?: string } };
}

const kernelName = "assay";

/** Writes cells of one JupyterLab by its own commands, which come from the notebook extension where that is installed. */
export function cellWriter({ commands, shell }: JupyterFrontEnd, trans: TranslationBundle): WriteCell {
  let lookedAt: Widget[] = [];
  shell.currentChanged?.connect((_, { newValue }) => {
    if (newValue) lookedAt = [newValue, ...lookedAt.filter((each) => each !== newValue && !each.isDisposed)];
  });
  const insert = async (notebook: Widget, code: string) => {
    const into = { [SemanticCommand.WIDGET]: notebook.id };
    await commands.execute("notebook:insert-cell-below", into);
    await commands.execute("notebook:change-cell-to-code", into);
    await commands.execute("notebook:replace-selection", { ...into, text: code.trimEnd() });
    // the notebook may stand before the form in the same place: what is said there is not seen
    Notification.info(trans.__("The cell is in %1.", notebook.title.label), { autoClose: 4000 });
  };
  const create = async (code: string) => {
    const notebook = (await commands.execute("notebook:create-new", { kernelName })) as NotebookWidget & Shown;
    await notebook.revealed;
    await insert(notebook, code);
  };
  return async (code) => {
    const open = [...shell.widgets("main")].filter(isOfAssay);
    const notebook = lookedAt.find((each) => open.includes(each)) ?? open[0];
    if (notebook && commands.hasCommand("notebook:replace-selection")) return insert(notebook, code);
    Clipboard.copyToSystem(code);
    const actions = commands.hasCommand("notebook:create-new")
      ? [{ label: trans.__("New notebook"), callback: () => void create(code) }]
      : [];
    Notification.info(trans.__("No notebook of Assay is open: the cell is in the clipboard."), { actions, autoClose: 10_000 });
  };
}

interface Shown {
  revealed: Promise<void>;
}

/** Whether a widget is a notebook whose kernel runs the cell: Assay's, or none yet. */
function isOfAssay(widget: NotebookWidget): boolean {
  if (!widget.hasClass("jp-NotebookPanel")) return false;
  const name = widget.sessionContext?.session?.kernel?.name ?? widget.sessionContext?.kernelPreference?.name;
  return name === undefined || name === kernelName;
}
