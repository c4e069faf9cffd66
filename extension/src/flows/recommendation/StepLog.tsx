import React, { useState } from "react";
import { State } from "../../elements/states";
import { useLoaded } from "../../elements/use-loaded";
import { useRefresh } from "../../elements/use-refresh";
import { usePanel } from "../../panel";
import { Logs } from "../../run/Logs";
import { recommendationRoutes } from "./recommendation-routes";

/** Lines come without events: while the run goes on they are read again this often. */
const refreshMs = 2000;

/** What the steps of a run said, once the reader asks for it. */
export function StepLog({ job, isOpen }: { job: string; isOpen: boolean }): React.JSX.Element {
  const { trans } = usePanel();
  const [isShown, setShown] = useState(false);
  return (
    <section aria-label={trans.__("Log")}>
      <h3>{trans.__("Log")}</h3>
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-minimal" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? trans.__("Hide the log") : trans.__("Show the log")}
        </button>
      </div>
      {isShown && <Lines job={job} isOpen={isOpen} />}
    </section>
  );
}

function Lines({ job, isOpen }: { job: string; isOpen: boolean }): React.JSX.Element {
  const { api } = usePanel();
  const log = useLoaded(`${job} ${isOpen}`, () => recommendationRoutes.log(api, job));
  useRefresh(log.reload, refreshMs, isOpen);
  return <State of={log}>{(lines) => <Logs lines={lines} />}</State>;
}
