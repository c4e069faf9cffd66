import React, { useRef, useState } from "react";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { Wide } from "../elements/Wide";
import type { ModelState } from "../model/use-model";
import { usePanel } from "../panel";
import { monitorRoutes } from "./monitor-routes";
import { NewRule } from "./NewRule";
import { RuleRow } from "./RuleRow";
import { useMonitors } from "./use-monitoring";

/** The rules that open alerts: their bounds are edited where they stand. */
export function Rules({ model }: { model: ModelState }): React.JSX.Element {
  const { api, trans } = usePanel();
  const monitors = useMonitors(model.name);
  const { act, failure } = useAction(monitors.reload);
  const [found, setFound] = useState<string | null>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  // one after another: a check goes by the bound that was written just before it
  const inTurn = (action: () => Promise<unknown>) =>
    act(() => {
      last.current = last.current.catch(() => undefined).then(action);
      return last.current;
    });
  const check = () => {
    setFound(null);
    void inTurn(async () => {
      const { checked, opened, resolved } = await monitorRoutes.check(api, model.name);
      setFound(trans.__("Rules checked: %1 · alerts opened: %2 · resolved: %3", checked, opened, resolved));
    });
  };
  const none = <p className="jp-Assay-faint">{trans.__("No rule watches this model yet. A rule is checked every hour.")}</p>;
  return (
    <section aria-label={trans.__("Rules")}>
      <h2>{trans.__("Rules")}</h2>
      <Failure error={failure} />
      <State of={monitors} rows={3} empty={(all) => all.length === 0 && none}>
        {(all) => (
          <>
            <Wide>
              <table className="jp-Assay-table jp-AssayRules">
                <thead>
                  <tr>
                    <th scope="col">{trans.__("Rule")}</th>
                    <th scope="col">{trans.__("Now")}</th>
                    <th scope="col">{trans.__("Bound")}</th>
                    <th scope="col">{trans.__("Hours looked at")}</th>
                    <th scope="col">{trans.__("Rows at least")}</th>
                    <th scope="col">{trans.__("Hours of rest")}</th>
                    <th scope="col">
                      <span className="jp-Assay-hidden">{trans.__("Actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map((monitor) => (
                    <RuleRow key={monitor.monitor_id} monitor={monitor} act={inTurn} />
                  ))}
                </tbody>
              </table>
            </Wide>
            <div className="jp-Assay-bar">
              <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={check}>
                {trans.__("Check now")}
              </button>
              {found && <span role="status">{found}</span>}
            </div>
          </>
        )}
      </State>
      <NewRule model={model} onMade={monitors.reload} />
    </section>
  );
}
