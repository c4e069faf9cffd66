import type { TranslationBundle } from "@jupyterlab/translation";
import type { Run } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { runsRoutes } from "./runs-routes";

/** Asks for an experiment, then moves every run there; false when the person left the question. */
export async function moveRuns(api: Api, trans: TranslationBundle, runs: readonly Run[]): Promise<boolean> {
  const form = await askForm(trans, {
    title: trans._n("Move a run", "Move %1 runs", runs.length),
    accept: trans.__("Move"),
    fields: (
      <label>
        {trans.__("Experiment")}
        <input className="jp-mod-styled" name="experiment" required maxLength={200} defaultValue={runs[0]?.experiment} />
      </label>
    ),
  });
  const experiment = form && textOf(form, "experiment");
  if (!experiment) return false;
  const ids = runs.map(({ id }) => id);
  await runsRoutes.move(api, ids, experiment);
  return true;
}
