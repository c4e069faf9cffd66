import type { OutcomeFileReport } from "assay-lab/contract";
import React, { useState } from "react";
import { FileDrop } from "../elements/FileDrop";
import { Failure } from "../elements/states";
import { Progress } from "../elements/status";
import { useSending } from "../elements/use-sending";
import { usePanel } from "../panel";
import { monitorRoutes } from "./monitor-routes";

/** Takes a file of what really happened, and tells how its lines were read. */
export function Outcomes({ onSent }: { onSent(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { send, share, failure } = useSending();
  const [report, setReport] = useState<OutcomeFileReport | null>(null);
  const take = (file: File) => {
    setReport(null);
    void send(
      (onProgress) => monitorRoutes.outcomes(api, file, onProgress),
      (answer) => {
        setReport(answer);
        onSent();
      },
    );
  };
  return (
    <section aria-label={trans.__("Report outcomes")}>
      <FileDrop
        label={trans.__("Report outcomes from a CSV file…")}
        hint={trans.__("columns prediction_id, outcome, and at where it is known; the same file again changes nothing")}
        accept=".csv,text/csv"
        disabled={share !== null}
        onFiles={([file]) => file && take(file)}
      />
      {share !== null && <Progress step={Math.round(100 * share)} steps={100} label={trans.__("Sending the outcomes")} />}
      <Failure error={failure} />
      {report && <Report report={report} />}
    </section>
  );
}

function Report({ report }: { report: OutcomeFileReport }): React.JSX.Element {
  const { trans } = usePanel();
  const { stored, repeated, changed, failed, errors } = report;
  return (
    <div role="status" data-stored={stored}>
      <p>
        {[
          trans.__("%1 stored", stored.toLocaleString()),
          ...(repeated > 0 ? [trans.__("%1 were there already", repeated.toLocaleString())] : []),
          ...(changed > 0 ? [trans.__("%1 replaced another value", changed.toLocaleString())] : []),
        ].join(" · ")}
      </p>
      {failed > 0 && (
        <details>
          <summary className="jp-Assay-warning">{trans._n("%1 line was not stored", "%1 lines were not stored", failed)}</summary>
          <ul>
            {errors.map(({ line, detail }) => (
              <li key={line}>{trans.__("line %1: %2", line, detail)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
