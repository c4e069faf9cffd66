import type { RunInfo } from "assay-lab/contract";
import React from "react";
import { askForm, textOf } from "../elements/ask-form";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { tagsFrom, tagsText } from "../experiments/columns";
import { runsRoutes } from "../experiments/runs-routes";
import { usePanel } from "../panel";

interface NotesProps {
  run: RunInfo;
  onChanged(): void;
}

/** A run's tags and notes, and the dialog that changes them and its name. */
export function Notes({ run, onChanged }: NotesProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure } = useAction(onChanged);
  const tags = Object.entries(run.tags);

  const edit = async () => {
    const form = await askForm(trans, {
      title: trans.__("Tags and notes of %1", run.name),
      accept: trans.__("Save"),
      fields: (
        <>
          <label>
            {trans.__("Name")}
            <input className="jp-mod-styled" name="name" defaultValue={run.name} required maxLength={200} />
          </label>
          <label>
            {trans.__("Tags, as team=survey, draft")}
            <input className="jp-mod-styled" name="tags" defaultValue={tagsText(run.tags)} />
          </label>
          <label>
            {trans.__("Notes")}
            <textarea className="jp-mod-styled" name="notes" rows={5} defaultValue={run.notes} />
          </label>
        </>
      ),
    });
    if (!form) return;
    const next = tagsFrom(textOf(form, "tags"));
    const gone = Object.keys(run.tags).filter((name) => !Object.hasOwn(next, name));
    await runsRoutes.change(api, run.id, { name: textOf(form, "name") || run.name, notes: textOf(form, "notes") });
    await runsRoutes.tag(api, [run.id], next, gone);
  };
  return (
    <section aria-label={trans.__("Tags and notes")} className="jp-AssayRun-notes">
      <h2>{trans.__("Tags and notes")}</h2>
      <div className="jp-Assay-bar">
        {tags.map(([name, value]) => (
          <span key={name} className="jp-Assay-chip">
            {value === "" ? name : `${name}=${value}`}
          </span>
        ))}
        {tags.length === 0 && run.notes === "" && <span className="jp-Assay-faint">{trans.__("None.")}</span>}
        <button type="button" className="jp-Assay-link" name="edit_notes" onClick={() => void act(edit)}>
          {trans.__("Edit…")}
        </button>
      </div>
      {run.notes !== "" && <p>{run.notes}</p>}
      <Failure error={failure} />
    </section>
  );
}
