import React, { useState } from "react";
import { askForm, textOf } from "../elements/ask-form";
import { SelectField } from "../elements/Field";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { contentOf, draftFrom } from "./template";
import { templateRoutes } from "./template-routes";
import type { Draft } from "./use-draft";

interface TemplatesProps {
  draft: Draft;
  change(part: Partial<Draft>): void;
}

/** Kept forms: one fills this form, and this one may be kept. */
export function Templates({ draft, change }: TemplatesProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const [chosen, setChosen] = useState("");
  const kept = useLoaded("templates", () => templateRoutes.list(api));
  const { act, failure } = useAction();
  const template = kept.data?.find(({ id }) => id === chosen);

  const save = async () => {
    const form = await askForm(trans, {
      title: trans.__("Save as template"),
      accept: trans.__("Save"),
      fields: (
        <label>
          {trans.__("Name")}
          <input className="jp-mod-styled" name="name" required maxLength={200} defaultValue={template?.name ?? draft.runName} />
        </label>
      ),
    });
    const name = form && textOf(form, "name");
    if (!name) return;
    const { id } = await templateRoutes.keep(api, name, contentOf(draft));
    setChosen(id);
    kept.reload();
  };
  const remove = async () => {
    await templateRoutes.delete(api, chosen);
    setChosen("");
    kept.reload();
  };
  return (
    <section aria-label={trans.__("Template")} className="jp-AssayNew-templates">
      <State of={kept} rows={0} />
      <Failure error={failure} />
      <div className="jp-Assay-bar">
        {(kept.data?.length ?? 0) > 0 && (
          <SelectField
            label={trans.__("Template")}
            name="template"
            value={chosen}
            none={trans.__("none")}
            options={(kept.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
            onChange={(next) => {
              setChosen(next);
              const content = kept.data?.find(({ id: each }) => each === next)?.content;
              if (content) change(draftFrom(content, draft));
            }}
          />
        )}
        {draft.target !== "" && (
          <button type="button" name="save_template" className="jp-Assay-link" onClick={() => act(save)}>
            {trans.__("Save as template…")}
          </button>
        )}
        {template && (
          <button type="button" className="jp-Assay-link" onClick={() => act(remove)}>
            {trans.__("Delete the template %1", template.name)}
          </button>
        )}
      </div>
    </section>
  );
}
