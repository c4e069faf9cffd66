import type { ModelVersion } from "assay-lab/contract";
import React from "react";
import { formatMetric } from "../elements/format";
import { usePanel } from "../panel";
import { allSplits, metricNames, metricOf } from "./metrics";

/** Every metric of a version, a row each, a column for each split. */
export function MetricsTable({ version }: { version: ModelVersion }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const splits = allSplits([version]);
  return (
    <table className="jp-Assay-table jp-AssayModel-metrics">
      <thead>
        <tr>
          <th scope="col">
            <span className="jp-Assay-hidden">{trans.__("Metric")}</span>
          </th>
          {splits.map((split) => (
            <th scope="col" key={split} className="jp-mod-numeric">
              {split || trans.__("value")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {metricNames([version]).map((name) => (
          <tr key={name}>
            <th scope="row">{name.replaceAll("_", " ")}</th>
            {splits.map((split) => (
              <td key={split} className="jp-mod-numeric jp-mod-code">
                {formatMetric(metricOf(version, split, name), preferences.values.decimals)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
