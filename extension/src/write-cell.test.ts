import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard, Notification } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import { Signal } from "@lumino/signaling";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cellWriter } from "./write-cell";

const trans = { __: (text: string, ...values: string[]) => text.replace("%1", values[0] ?? "") } as unknown as TranslationBundle;
const told = vi.fn();
const copied = vi.fn();
beforeEach(() => {
  vi.spyOn(Notification, "info").mockImplementation(told);
  vi.spyOn(Clipboard, "copyToSystem").mockImplementation(copied);
});
afterEach(() => {
  vi.restoreAllMocks();
  told.mockReset();
  copied.mockReset();
});

/** A notebook as JupyterLab holds it, with the kernel of this name. */
const notebook = (id: string, kernel: string | undefined) => ({
  id,
  isDisposed: false,
  title: { label: `${id}.ipynb` },
  hasClass: (name: string) => name === "jp-NotebookPanel",
  sessionContext: { session: kernel === undefined ? null : { kernel: { name: kernel } }, kernelPreference: {} },
});

/** A JupyterLab with these notebooks open; keeps the commands that it is given. */
function lab(widgets: ReturnType<typeof notebook>[]) {
  const executed: [string, Record<string, unknown>][] = [];
  const shell = { widgets: () => widgets[Symbol.iterator](), currentChanged: new Signal<object, unknown>({}) };
  const commands = {
    hasCommand: () => true,
    execute: async (command: string, args: Record<string, unknown>) => void executed.push([command, args]),
  };
  const lookAt = (newValue: object) => shell.currentChanged.emit({ newValue });
  return { app: { commands, shell } as unknown as JupyterFrontEnd, executed, lookAt };
}

test("a cell goes into the notebook that was looked at last, and that is said by its name", async () => {
  const [first, second] = [notebook("first", "assay"), notebook("second", "assay")];
  const { app, executed, lookAt } = lab([first, second]);
  const write = cellWriter(app, trans);
  lookAt(first);
  lookAt(second);
  lookAt({ ...notebook("panel", undefined), hasClass: () => false });
  await write("run\n");
  expect(executed.map(([command]) => command)).toEqual([
    "notebook:insert-cell-below",
    "notebook:change-cell-to-code",
    "notebook:replace-selection",
  ]);
  for (const [, args] of executed) expect(args["semanticWidget"]).toBe("second");
  expect(executed[2]![1]["text"]).toBe("run");
  expect(told).toHaveBeenCalledWith("The cell is in second.ipynb.", expect.anything());
  expect(copied).not.toHaveBeenCalled();
});

test("a notebook of another kernel gets no TypeScript: the cell goes into the clipboard, with a way to a new notebook", async () => {
  const { app, executed } = lab([notebook("analysis", "python3")]);
  await cellWriter(app, trans)("run\n");
  expect(executed).toEqual([]);
  expect(copied).toHaveBeenCalledWith("run\n");
  const [words, { actions }] = told.mock.calls[0] as [string, { actions: { label: string }[] }];
  expect(words).toContain("the cell is in the clipboard");
  expect(actions.map(({ label }) => label)).toEqual(["New notebook"]);
});

test("a notebook whose kernel is not chosen yet takes the cell", async () => {
  const { app, executed } = lab([notebook("fresh", undefined)]);
  await cellWriter(app, trans)("run\n");
  expect(executed).toHaveLength(3);
});
