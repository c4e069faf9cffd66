import type { Run } from "assay-lab/contract";
import React, { useEffect, useRef, useState } from "react";
import { Field } from "../elements/Field";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { tagsFrom, tagsText } from "./columns";
import { runsRoutes } from "./runs-routes";

interface EditRunProps {
  run: Run;
  onDone(): void;
}

/** A run's name, tags and notes, changed where they stand; Escape leaves them, Ctrl with Enter keeps them. */
export function EditRun({ run, onDone }: EditRunProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const loaded = useLoaded(run.id, () => routes.run(api, run.id));
  const card = useRef<HTMLFormElement>(null);
  const { data } = loaded;
  const { act, failure } = useAction(onDone);
  const top = usePlaceBelow(card, run.id);
  useEffect(() => card.current?.querySelector<HTMLElement>("input[name=tags]")?.focus(), [data !== null]);

  const save = async () => {
    const form = new FormData(card.current!);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const tags = tagsFrom(text("tags"));
    const gone = Object.keys(data!.tags).filter((name) => !Object.hasOwn(tags, name));
    await runsRoutes.change(api, run.id, { name: text("name"), notes: text("notes") });
    await runsRoutes.tag(api, [run.id], tags, gone);
  };
  const keep = () => void act(save);
  return (
    <form
      ref={card}
      className="jp-AssayExperiments-card"
      style={{ top }}
      role="dialog"
      aria-label={trans.__("Tags and notes of %1", run.name)}
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
      }}
    >
      <Failure error={failure} />
      <State of={loaded} rows={3}>
        {(info) => (
          <>
            <Field label={trans.__("Name")}>
              {(id) => <input id={id} name="name" className="jp-mod-styled" defaultValue={info.name} required maxLength={200} />}
            </Field>
            <Field label={trans.__("Tags")} hint={trans.__("As team=survey, draft")}>
              {(id) => <input id={id} name="tags" className="jp-mod-styled" defaultValue={tagsText(info.tags)} />}
            </Field>
            <Field label={trans.__("Notes")}>
              {(id) => <textarea id={id} name="notes" rows={4} className="jp-mod-styled" defaultValue={info.notes} />}
            </Field>
          </>
        )}
      </State>
      <div className="jp-Assay-bar">
        <span className="jp-Assay-spring" />
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={onDone}>
          {trans.__("Leave")}
        </button>
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={!data}>
          {trans.__("Save")}
        </button>
      </div>
    </form>
  );
}

/** Pixels from the panel's top to the lower edge of the run's row, or as low as the card fits. */
function usePlaceBelow(card: React.RefObject<HTMLElement>, id: string): number {
  const [top, setTop] = useState(80);
  useEffect(() => {
    const panel = card.current?.parentElement;
    const row = panel?.querySelector(`tr[data-run="${id}"]`);
    if (!panel || !row) return;
    const { top: origin, height } = panel.getBoundingClientRect();
    setTop(Math.max(8, Math.min(row.getBoundingClientRect().bottom - origin, height - 320)));
  }, [id]);
  return top;
}
