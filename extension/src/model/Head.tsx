import React from "react";
import { formatInstant } from "../elements/format";
import { usePanel } from "../panel";
import type { ModelState } from "./use-model";

/** Which version answers now and since when, and what wants to be looked at. */
export function Head({ model, onTab }: { model: ModelState; onTab(tab: string): void }): React.JSX.Element {
  const { trans } = usePanel();
  const { name, production, versions, audit } = model;
  const since = audit.find(({ model_id, to_status }) => to_status === "production" && model_id === production?.model_id);
  const reason = since?.reason ?? "";
  return (
    <div className="jp-AssayModel-head">
      <h1>{name}</h1>
      {production ? (
        <p>
          <span className="jp-Assay-status" data-status="production">
            <span className="jp-Assay-dot" aria-hidden="true" />
            {trans.__("%1 is in production", production.version)}
          </span>
          {since && (
            <span className="jp-Assay-faint">
              {" "}
              {trans.__("since %1", formatInstant(since.at))}
              {since.actor && ` · ${since.actor}`}
              {reason !== "" && ` · ${reason}`}
            </span>
          )}
        </p>
      ) : (
        <p className="jp-Assay-faint">
          {trans.__("No version is in production: %1 answers who asks for the model by its name.", versions[0]?.version ?? "–")}
        </p>
      )}
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-accept" data-autofocus onClick={() => onTab("try")}>
          {trans.__("Try a prediction")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => onTab("monitoring")}>
          {trans.__("See how it does")}
        </button>
      </div>
    </div>
  );
}
