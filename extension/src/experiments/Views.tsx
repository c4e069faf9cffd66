import type { Kept } from "assay-lab/contract";
import React, { useState } from "react";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Popover } from "./Popover";
import { runsRoutes } from "./runs-routes";
import type { KeptView } from "./view";

interface ViewsProps {
  /** What would be kept now. */
  current: KeptView;
  onChoose(view: Kept): void;
}

/** The views that people keep in this project: chosen, kept under a name, deleted. */
export function Views({ current, onChoose }: ViewsProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Popover label={trans.__("Views")} title={trans.__("Kept views")}>
      {(close) => <ViewList current={current} onChoose={onChoose} onDone={close} />}
    </Popover>
  );
}

function ViewList({ current, onChoose, onDone }: ViewsProps & { onDone(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const views = useLoaded("views", () => runsRoutes.views(api));
  const [name, setName] = useState("");
  const { act, failure } = useAction(views.reload);
  const isKnown = views.data?.some((view) => view.name === name.trim()) ?? false;
  const none = <p className="jp-Assay-faint">{trans.__("No views yet: keep this one.")}</p>;
  return (
    <>
      <Failure error={failure} />
      <State of={views} rows={2} empty={(all) => all.length === 0 && none}>
        {(all) => (
          <ul className="jp-AssayExperiments-views">
            {all.map((view) => (
              <li key={view.id} data-view={view.name}>
                <button
                  type="button"
                  className="jp-Assay-link"
                  title={[view.created_by, String(view.content["filter"] ?? "")].filter(Boolean).join("\n")}
                  onClick={() => {
                    onChoose(view);
                    onDone();
                  }}
                >
                  {view.name}
                </button>
                <button
                  type="button"
                  className="jp-AssaySidebar-remove"
                  aria-label={trans.__("Delete the view %1", view.name)}
                  onClick={() => act(() => runsRoutes.deleteView(api, view.id))}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        )}
      </State>
      <form
        className="jp-Assay-bar"
        onSubmit={(event) => {
          event.preventDefault();
          act(() => runsRoutes.keepView(api, name.trim(), current));
          setName("");
        }}
      >
        <input
          className="jp-mod-styled"
          name="view_name"
          aria-label={trans.__("Name of the view")}
          placeholder={trans.__("Name of the view")}
          maxLength={200}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <button type="submit" className="jp-mod-styled jp-mod-minimal" disabled={name.trim() === ""}>
          {isKnown ? trans.__("Replace") : trans.__("Keep")}
        </button>
      </form>
    </>
  );
}
