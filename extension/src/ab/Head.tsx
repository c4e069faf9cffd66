import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { AbTest } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant } from "../elements/format";
import { Failure } from "../elements/states";
import { Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { usePanel } from "../panel";
import { abRoutes } from "./ab-routes";
import { stopTest } from "./stop-test";

/** A test's name and state, and what may be done with it. */
export function Head({ test, onChanged }: { test: AbTest; onChanged(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure } = useAction(onChanged);
  const [isGone, setGone] = useState(false);
  const { id, test_name, test_status, model_a, model_b, split_ratio, shadow, started_at, stopped_at, winner, stop_reason } = test;
  const remove = async () => {
    const { button } = await showDialog({
      title: trans.__("Delete %1?", test_name),
      body: trans.__("Who got what and what was found go too. This cannot be undone."),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__("Delete") })],
    });
    if (!button.accept) return;
    await abRoutes.delete(api, id);
    setGone(true);
  };
  if (isGone) return <p role="status">{trans.__("%1 is deleted.", test_name)}</p>;
  return (
    <div className="jp-AssayModel-head">
      <div className="jp-Assay-bar">
        <h1>{test_name}</h1>
        <Status status={test_status} />
      </div>
      <p>
        {shadow
          ? trans.__("%1 answers; %2 is asked in its shadow.", model_a, model_b)
          : trans.__(
              "A %1 answers %2 % of the people, B %3 the other %4 %.",
              model_a,
              percent(1 - split_ratio),
              model_b,
              percent(split_ratio),
            )}
      </p>
      <p className="jp-Assay-faint">
        {[
          ...(started_at ? [trans.__("started %1", formatInstant(started_at))] : []),
          ...(stopped_at ? [trans.__("stopped %1", formatInstant(stopped_at))] : []),
          ...(winner ? [trans.__("%1 answers from now on", winner.toUpperCase())] : []),
          ...(stop_reason ? [stop_reason] : []),
        ].join(" · ")}
      </p>
      {test.description !== "" && <p>{test.description}</p>}
      <Failure error={failure} />
      <div className="jp-Assay-bar">
        {test_status === "draft" && (
          <button
            type="button"
            data-autofocus
            className="jp-mod-styled jp-mod-accept"
            onClick={() => act(() => abRoutes.start(api, id))}
          >
            {trans.__("Start the test")}
          </button>
        )}
        {test_status === "running" && (
          <button
            type="button"
            data-autofocus
            className="jp-mod-styled jp-mod-warn"
            onClick={() => act(() => stopTest(api, trans, test))}
          >
            {trans.__("Stop the test…")}
          </button>
        )}
        {test_status !== "running" && (
          <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => act(remove)}>
            {trans.__("Delete…")}
          </button>
        )}
      </div>
    </div>
  );
}

function percent(share: number): string {
  return String(Math.round(1000 * share) / 10);
}
