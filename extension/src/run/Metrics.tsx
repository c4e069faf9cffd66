import type { MetricValue } from "assay-lab/contract";
import React from "react";
import { formatMetric } from "../elements/format";
import { Empty } from "../elements/states";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { wordOf } from "../words";
import type { Interval } from "./evaluation";

interface MetricsProps {
  metrics: Record<string, MetricValue>;
  /** Confidence intervals of the evaluated rows' metrics, which are the test's where a run has some. */
  intervals: Readonly<Record<string, Interval>>;
}

/** The final metrics as a table, a column a split; where intervals are known they stand below their metric. */
export function Metrics({ metrics, intervals }: MetricsProps): React.JSX.Element {
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

  const evaluated = splits.includes("test") ? "test" : splits.at(-1);
  const format = (value: MetricValue | undefined) => formatMetric(value, preferences.values.decimals);

  if (rows.size === 0) return <Empty title={trans.__("No metrics yet.")} />;
  return (
    <Wide>
      <table className="jp-Assay-table jp-AssayRun-metrics">
        <thead>
          <tr>
            <th scope="col">{trans.__("Metric")}</th>
            {splits.map((split) => (
              <th scope="col" className="jp-mod-numeric" key={split}>
                {wordOf(trans, split)}
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
                  {row.has(split) ? format(row.get(split)) : ""}
                  {split === evaluated && intervals[name] && (
                    <small
                      className="jp-AssayRun-interval"
                      title={trans.__("%1 % confidence", 100 * intervals[name].confidence)}
                    >{`${format(intervals[name].low)} … ${format(intervals[name].high)}`}</small>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
