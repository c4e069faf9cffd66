import type { ILayoutRestorer, JupyterFrontEnd } from "@jupyterlab/application";
import { MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import type { LabIcon } from "@jupyterlab/ui-components";
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from "@lumino/coreutils";
import React from "react";
import { PanelWidget, type Surroundings } from "./panel";

/** A kind of document in the main area. */
export interface DocumentKind<Args> {
  command: string;
  label: string;
  caption: string;
  icon: LabIcon;
  /** JSON Schema of the command's arguments. */
  args: ReadonlyJSONObject;
  /** The arguments, or null where they are not whole. */
  parse(args: ReadonlyPartialJSONObject): Args | null;
  /** Documents with one key are one document. */
  key(args: Args): string;
  title(args: Args): string;
  draw(args: Args): React.JSX.Element;
}

/** Adds the command that opens a kind of document, once for each key, and brings its documents back after a reload. */
export function addDocument<Args extends object>(
  app: JupyterFrontEnd,
  surroundings: Surroundings,
  restorer: ILayoutRestorer | null,
  kind: DocumentKind<Args>,
): void {
  // the state database takes what stands before the first colon for the namespace
  const tracker = new WidgetTracker<MainAreaWidget<PanelWidget>>({ namespace: kind.command.replace(":", "-") });
  const argsOf = new WeakMap<MainAreaWidget, Args>();

  app.commands.addCommand(kind.command, {
    label: kind.label,
    caption: kind.caption,
    icon: ({ isPalette }) => (isPalette ? undefined : kind.icon),
    describedBy: { args: kind.args },
    execute: (given) => {
      const args = kind.parse(given);
      if (!args)
        throw new Error(`${kind.command}: arguments must fit ${JSON.stringify(kind.args)}, got ${JSON.stringify(given)}`);
      const key = kind.key(args);
      const widget = tracker.find((each) => each.id === key) ?? open(args, key);
      if (!widget.isAttached) app.shell.add(widget, "main");
      app.shell.activateById(widget.id);
      return widget;
    },
  });

  function open(args: Args, key: string): MainAreaWidget<PanelWidget> {
    const widget = new MainAreaWidget({ content: new PanelWidget(surroundings, () => kind.draw(args)) });
    widget.id = key;
    widget.toolbar.hide();
    Object.assign(widget.title, { label: kind.title(args), caption: kind.caption, icon: kind.icon, closable: true });
    argsOf.set(widget, args);
    void tracker.add(widget);
    return widget;
  }

  if (restorer)
    void restorer.restore(tracker, {
      command: kind.command,
      name: (widget) => widget.id,
      args: (widget) => (argsOf.get(widget) ?? {}) as ReadonlyPartialJSONObject,
    });
}
