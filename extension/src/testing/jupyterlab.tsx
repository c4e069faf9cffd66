// What panels take of JupyterLab's own widgets, in its simplest form: component tests draw ours, and answer its dialogs at once.
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import React from "react";
import { createRoot, type Root } from "react-dom/client";

/** A widget that draws a React element when it is asked to, and when it has its place. */
export abstract class ReactWidget extends Widget {
  private root: Root | null = null;

  protected abstract render(): React.JSX.Element;

  protected override onUpdateRequest(): void {
    this.root ??= createRoot(this.node);
    this.root.render(this.render());
  }

  protected override onAfterAttach(): void {
    MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
  }

  protected override onBeforeDetach(): void {
    this.root?.unmount();
    this.root = null;
  }
}

/** Buttons of dialogs. */
export const Dialog = {
  cancelButton: () => ({ accept: false }),
  okButton: () => ({ accept: true }),
  warnButton: () => ({ accept: true }),
};

/** Every dialog is accepted. */
export const showDialog = async () => ({ button: { accept: true }, value: null });
/** Nothing is shown. */
export const showErrorMessage = async () => undefined;
/** The same, for a text. */
export const InputDialog = { getText: showDialog };
/** Nobody is told. */
export const Notification = { success: () => "", error: () => "", info: () => "", warning: () => "", emit: () => "" };
/** Nothing is copied. */
export const Clipboard = { copyToSystem: () => undefined };

/** How a command is told the widget that it is about. */
export const SemanticCommand = { WIDGET: "semanticWidget" };

/** A form, of which its fields are no matter here. */
export function FormComponent(): React.JSX.Element {
  return <div className="rjsf" />;
}

/** An icon that draws nothing. */
export class LabIcon {}
