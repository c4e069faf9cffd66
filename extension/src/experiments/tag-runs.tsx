import type { TranslationBundle } from "@jupyterlab/translation";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { tagsFrom } from "./columns";
import { runsRoutes } from "./runs-routes";

/** Asks for tags, then sets and removes them at every run; false when the person left the question. */
export async function tagRuns(api: Api, trans: TranslationBundle, ids: readonly string[]): Promise<boolean> {
  const form = await askForm(trans, {
    title: trans._n("Tag a run", "Tag %1 runs", ids.length),
    accept: trans.__("Tag"),
    fields: (
      <>
        <label>
          {trans.__("Set, as team=survey, draft")}
          <input className="jp-mod-styled" name="set" />
        </label>
        <label>
          {trans.__("Remove, by name")}
          <input className="jp-mod-styled" name="remove" />
        </label>
      </>
    ),
  });
  if (!form) return false;
  await runsRoutes.tag(api, ids, tagsFrom(textOf(form, "set")), Object.keys(tagsFrom(textOf(form, "remove"))));
  return true;
}
