import React, { useState } from "react";
import { Failure, State } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { useLoaded } from "../../elements/use-loaded";
import { usePanel } from "../../panel";
import { recommendationRoutes } from "./recommendation-routes";

/** The quality report of a run, one HTML file: shown in a frame in which nothing runs, or downloaded. */
export function QualityReport({ id, version }: { id: string; version: string }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [isShown, setShown] = useState(false);
  const { act, failure, busy } = useAction();
  return (
    <section aria-label={trans.__("Quality report")}>
      <h3>{trans.__("Quality report")}</h3>
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-minimal" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? trans.__("Hide the report") : trans.__("Show the report")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={busy}
          onClick={() => void act(() => recommendationRoutes.downloadReport(api, id, `quality_report_v${version}.html`))}
        >
          {trans.__("Download the report")}
        </button>
      </div>
      <Failure error={failure} />
      {isShown && <Frame id={id} version={version} />}
    </section>
  );
}

function Frame({ id, version }: { id: string; version: string }): React.JSX.Element {
  const { api, trans } = usePanel();
  const report = useLoaded(id, () => recommendationRoutes.report(api, id));
  return (
    <State of={report} rows={6}>
      {(html) => (
        <iframe
          className="jp-AssayRecommendations-report"
          title={trans.__("Quality report of version %1", version)}
          sandbox=""
          srcDoc={html}
        />
      )}
    </State>
  );
}
