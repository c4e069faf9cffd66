import type { EtlStepState } from "assay-lab/contract";
import React from "react";
import { formatCount, formatDuration } from "../../elements/format";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { stepWord } from "./names";

/** The ten steps of a run: where each stands, the rows of what it wrote, and how long it took. */
export function Steps({ steps }: { steps: readonly EtlStepState[] }): React.JSX.Element {
  const { trans } = usePanel();
  const words: Record<EtlStepState["step_status"], string> = {
    pending: trans.__("waits"),
    running: trans.__("runs"),
    completed: trans.__("done"),
    kept: trans.__("kept from before"),
    failed: trans.__("failed"),
  };
  return (
    <section aria-label={trans.__("Steps")}>
      <h3>{trans.__("Steps")}</h3>
      <Wide>
        <table className="jp-Assay-table jp-AssayRecommendations-steps">
          <thead>
            <tr>
              <th scope="col" className="jp-mod-numeric">
                #
              </th>
              <th scope="col">{trans.__("Name of the step")}</th>
              <th scope="col">{trans.__("Status")}</th>
              <th scope="col">{trans.__("Rows written")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Time")}
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ step, name, step_status, rows, elapsed_ms }) => (
              <tr key={step} data-step={step} data-status={step_status}>
                <td className="jp-mod-numeric">{step}</td>
                <td>{stepWord(trans, name)}</td>
                <td>
                  <span className="jp-Assay-status" data-status={step_status === "kept" ? "completed" : step_status}>
                    <span className="jp-Assay-dot" aria-hidden="true" />
                    {words[step_status]}
                  </span>
                </td>
                <td>
                  {Object.entries(rows)
                    .map(([table, count]) => `${table} ${formatCount(count)}`)
                    .join(", ")}
                </td>
                <td className="jp-mod-numeric">{elapsed_ms === null ? "–" : formatDuration(elapsed_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
