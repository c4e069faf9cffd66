import type { ILayoutRestorer, JupyterFrontEnd } from "@jupyterlab/application";
import { MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import { type LabIcon, Toolbar } from "@jupyterlab/ui-components";
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { SplitPanel, type Widget } from "@lumino/widgets";
import React from "react";
import { DocumentView } from "./document-view";
import { Offline } from "./elements/states";
import { addressOf, type LinkedCommand } from "./links";
import { PanelWidget, type Surroundings } from "./panel";
import { ViewContext } from "./use-kept";

/** A kind of document in the main area. */
export interface DocumentKind<Args> {
  command: string;
  label: string;
  caption: string;
  icon: LabIcon;
  /** JSON Schema of the arguments that say which document it is. */
  args: ReadonlyJSONObject;
  /** JSON Schema of the arguments that say what is shown of it, by name: a tab, a filter. */
  view?: ReadonlyJSONObject;
  /** The arguments, or null where they are not whole. */
  parse(args: ReadonlyPartialJSONObject): Args | null;
  /** What is meant where nothing is named, as the run that a menu was opened on. */
  meant?(): ReadonlyPartialJSONObject | null;
  /** Documents with one key are one document. */
  key(args: Args): string;
  title(args: Args): string;
  draw(args: Args): React.JSX.Element;
}

/** The links of open documents. */
const links = new WeakMap<Widget, () => string>();

/** The address that opens a document as it is shown now; null for a widget that is none. */
export function linkOf(widget: Widget): string | null {
  return links.get(widget)?.() ?? null;
}

/**
 * Adds the command that opens a kind of document, once for each key, and brings its documents back after a reload, as they were shown. Answers with what
 * a link may ask of it.
 */
export function addDocument<Args extends object>(
  app: JupyterFrontEnd,
  surroundings: Surroundings,
  restorer: ILayoutRestorer | null,
  kind: DocumentKind<Args>,
): LinkedCommand {
  // the state database takes what stands before the first colon for the namespace
  const tracker = new WidgetTracker<MainAreaWidget<PanelWidget>>({ namespace: kind.command.replace(":", "-") });
  const opened = new WeakMap<MainAreaWidget, { args: Args; view: DocumentView }>();
  const schema = { ...kind.args, properties: { ...(kind.args["properties"] as ReadonlyJSONObject), ...kind.view } };
  const viewOf = (given: ReadonlyPartialJSONObject) =>
    Object.fromEntries(
      Object.entries(given).filter(([name, value]) => value !== undefined && Object.hasOwn(kind.view ?? {}, name)),
    );

  const argsOf = (given: ReadonlyPartialJSONObject) => kind.parse(given) ?? kind.parse(kind.meant?.() ?? {});
  app.commands.addCommand(kind.command, {
    label: kind.label,
    caption: kind.caption,
    icon: ({ isPalette }) => (isPalette ? undefined : kind.icon),
    describedBy: { args: schema },
    isEnabled: (given) => argsOf(given) !== null,
    execute: (given) => {
      const args = argsOf(given);
      if (!args) throw new Error(`${kind.command}: arguments must fit ${JSON.stringify(schema)}, got ${JSON.stringify(given)}`);
      const key = kind.key(args);
      const known = tracker.find((each) => each.id === key);
      const asked = viewOf(given);
      const widget = known ?? open(args, key, asked);
      if (known && Object.keys(asked).length > 0) opened.get(known)?.view.ask(asked); // else it stays as it is shown
      if (known) void tracker.save(known);
      if (!widget.isAttached) addTo(app, widget);
      app.shell.activateById(widget.id);
      return widget;
    },
  });

  function open(args: Args, key: string, asked: ReadonlyPartialJSONObject): MainAreaWidget<PanelWidget> {
    const view = new DocumentView(asked);
    const draw = () => (
      <ViewContext.Provider value={view}>
        <Offline />
        {kind.draw(args)}
      </ViewContext.Provider>
    );
    const widget: MainAreaWidget<PanelWidget> = new MainAreaWidget({
      content: new PanelWidget(surroundings, draw),
      toolbar: new Toolbar(), // the usual one leaves nodes behind when it is closed
    });
    widget.id = key;
    widget.toolbar.hide();
    const dataset = { assay: "document" }; // on the tab, for its menu
    Object.assign(widget.title, { label: kind.title(args), caption: kind.caption, icon: kind.icon, closable: true, dataset });
    opened.set(widget, { args, view });
    links.set(widget, () => addressOf(kind.command, { ...args, ...view.link } as ReadonlyPartialJSONObject));
    view.keptAnew.connect(() => void tracker.save(widget));
    widget.disposed.connect(() => view.dispose());
    void tracker.add(widget);
    return widget;
  }

  if (restorer)
    void restorer.restore(tracker, {
      command: kind.command,
      name: (widget) => widget.id,
      args: (widget) => {
        const { args, view } = opened.get(widget) ?? {};
        return { ...args, ...view?.values } as ReadonlyPartialJSONObject;
      },
    });
  return { command: kind.command, args: schema };
}

/** Adds a document where documents stand: Jupyter Notebook's main area holds the notebook alone, and what is beside it goes below. */
function addTo({ shell }: JupyterFrontEnd, widget: MainAreaWidget): void {
  shell.add(widget, "mode" in shell ? "main" : "down");
  if ("mode" in shell) return;
  for (let around = widget.parent; around; around = around.parent)
    if (around instanceof SplitPanel && around.orientation === "vertical") around.setRelativeSizes([2, 3]); // it begins without any height
}
