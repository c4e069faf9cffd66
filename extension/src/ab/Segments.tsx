import type { AbResult } from "assay-lab/contract";
import React from "react";
import { formatInterval, formatMetric } from "../elements/format";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";

/** The effect among people of each kind. */
export function Segments({ result }: { result: AbResult }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const number = (value: number | null) => formatMetric(value, preferences.values.decimals);
  return (
    <section aria-label={trans.__("Segments")}>
      <h2>{trans.__("By segment")}</h2>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Segment")}</th>
              <th scope="col">{trans.__("Metric")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("People")}
              </th>
              <th scope="col">{trans.__("Difference")}</th>
            </tr>
          </thead>
          <tbody>
            {result.segments.flatMap(({ column, value, effects }) =>
              effects.map(({ metric, difference, sequential: { low, high }, a, b }) => (
                <tr key={`${column} ${value} ${metric}`}>
                  <th scope="row">{`${column} = ${value}`}</th>
                  <td>{metric}</td>
                  <td className="jp-mod-numeric">{(a.users + b.users).toLocaleString()}</td>
                  <td>
                    {number(difference)}
                    {low !== null && high !== null && ` ${formatInterval(number(low), number(high))}`}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
