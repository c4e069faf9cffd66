import { Dialog, ReactWidget, showDialog } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import React from "react";

/** What a dialog asks. */
interface FormQuestion {
  title: string;
  /** Word on the button that goes on. */
  accept: string;
  /** Labelled fields with names. */
  fields: React.JSX.Element;
}

/** Shows a form in a dialog; its fields by name, or null when the person left it. */
export async function askForm(trans: TranslationBundle, { title, accept, fields }: FormQuestion): Promise<FormData | null> {
  const { button, value } = await showDialog<FormData>({
    title,
    body: new FormBody(fields),
    focusNodeSelector: "input, select, textarea",
    buttons: [Dialog.cancelButton({ label: trans.__("Cancel") }), Dialog.okButton({ label: accept })],
  });
  return button.accept ? value : null;
}

/** A field's text without the spaces around it. */
export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}

class FormBody extends ReactWidget implements Dialog.IBodyWidget<FormData> {
  private readonly fields: React.JSX.Element;

  constructor(fields: React.JSX.Element) {
    super();
    this.fields = fields;
    this.addClass("jp-Assay-form");
  }

  protected render(): React.JSX.Element {
    return <form onSubmit={(event) => event.preventDefault()}>{this.fields}</form>;
  }

  getValue(): FormData {
    return new FormData(this.node.querySelector("form") ?? undefined);
  }
}
