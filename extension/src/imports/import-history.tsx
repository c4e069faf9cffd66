import { Dialog, ReactWidget, showDialog } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { ImportReport, ImportSource } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { studyRoutes } from "../study-routes";

/** Asks for a file of MLflow or Optuna, takes its runs and studies over, and shows what was taken and what was not. */
export async function importHistory(api: Api, trans: TranslationBundle): Promise<boolean> {
  const form = await askForm(trans, {
    title: trans.__("Import runs and studies"),
    accept: trans.__("Import"),
    fields: importFields(trans),
  });
  const file = form?.get("file");
  if (!form || !(file instanceof File) || file.name === "") return false;
  const report = await studyRoutes.import(api, textOf(form, "source") as ImportSource, file, () => undefined);
  await showDialog({
    title: trans.__("Imported from %1", file.name),
    body: new ReportBody(trans, report),
    buttons: [Dialog.okButton({ label: trans.__("Close") })],
  });
  return true;
}

function importFields(trans: TranslationBundle): React.JSX.Element {
  return (
    <>
      <label>
        {trans.__("Program")}
        <select className="jp-mod-styled" name="source" defaultValue="mlflow">
          <option value="mlflow">{trans.__("MLflow: SQLite, or the zipped folder mlruns")}</option>
          <option value="optuna">{trans.__("Optuna: SQLite or journal")}</option>
        </select>
      </label>
      <label>
        {trans.__("File")}
        <input type="file" name="file" required />
      </label>
    </>
  );
}

/** What was taken over in numbers, then what was left out with the reason. */
class ReportBody extends ReactWidget {
  private readonly trans: TranslationBundle;
  private readonly report: ImportReport;

  constructor(trans: TranslationBundle, report: ImportReport) {
    super();
    this.trans = trans;
    this.report = report;
    this.addClass("jp-AssayImport");
  }

  protected render(): React.JSX.Element {
    const { trans } = this;
    const { counts, items, format } = this.report;
    const words = {
      runs: trans.__("runs"),
      studies: trans.__("studies"),
      trials: trans.__("trials"),
      metrics: trans.__("points of metrics"),
      artifacts: trans.__("artifacts"),
      updated: trans.__("brought up to date"),
      there_already: trans.__("there already"),
      left_out: trans.__("left out"),
    };
    const facts = Object.entries(words).flatMap(([key, word]) => {
      const count = counts[key as keyof typeof words];
      return count > 0 ? [`${count} ${word}`] : [];
    });
    return (
      <>
        <p>{`${format}: ${facts.join(", ") || trans.__("nothing")}`}</p>
        <ul>
          {items
            .filter(({ outcome }) => outcome === "left out")
            .slice(0, 100)
            .map(({ kind, name, reason, place }, k) => (
              <li key={k}>{[`${kind} ${name}`, reason, place].filter(Boolean).join(" · ")}</li>
            ))}
        </ul>
      </>
    );
  }
}
