import type { MetricValue } from "assay-lab/contract";
import React from "react";
import { formatMetric } from "../elements/format";
import { Empty } from "../elements/states";
import { usePanel } from "../panel";

/** The final metrics as a table, a column a split. */
export function Metrics({ metrics }: { metrics: Record<string, MetricValue> }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const rows = new Map<string, Map<string, MetricValue>>();
  for (const [key, value] of Object.entries(metrics)) {
    const dot = key.indexOf(".");
    const [split, name] = dot < 0 ? ["", key] : [key.slice(0, dot), key.slice(dot + 1)];
    rows.set(name, (rows.get(name) ?? new Map()).set(split, value));
  }
  const order = ["train", "validation", "test"];
  const found = new Set([...rows.values()].flatMap((row) => [...row.keys()]));
  const splits = [...order.filter((split) => found.has(split)), ...[...found].filter((split) => !order.includes(split)).sort()];

  if (rows.size === 0) return <Empty title={trans.__("No metrics yet.")} />;
  return (
    <div className="jp-Assay-wide">
      <table className="jp-Assay-table jp-AssayRun-metrics">
        <thead>
          <tr>
            <th scope="col">{trans.__("Metric")}</th>
            {splits.map((split) => (
              <th scope="col" className="jp-mod-numeric" key={split}>
                {split}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows].sort().map(([name, row]) => (
            <tr key={name} data-metric={name}>
              <th scope="row">{name}</th>
              {splits.map((split) => (
                <td key={split} className="jp-mod-numeric">
                  {row.has(split) ? formatMetric(row.get(split), preferences.values.decimals) : ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
