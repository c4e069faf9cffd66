import React from "react";
import { formatMetric, formatValue } from "../elements/format";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import type { WorstRow } from "./evaluation";

/** The rows of greatest loss, with what the model saw of them. */
export function Worst({ rows }: { rows: readonly WorstRow[] }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const digits = preferences.values.decimals;
  const columns = rows[0]!.cells.map(([name]) => name);
  const isNumber = rows[0]!.residual !== null;
  const heads = [
    trans.__("Row"),
    trans.__("Truth"),
    trans.__("Prediction"),
    isNumber ? trans.__("Off by") : trans.__("Confidence"),
  ];
  return (
    <section aria-label={trans.__("Worst predictions")}>
      <h2>{trans.__("Worst predictions")}</h2>
      <p className="jp-Assay-faint">{trans.__("The rows of greatest loss, numbered among those the model was tested on.")}</p>
      <Wide>
        <table className="jp-Assay-table jp-AssayRun-worst">
          <thead>
            <tr>
              {[...heads, ...columns].map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, true: truth, predicted, confidence, residual, cells }) => (
              <tr key={row} data-row={row}>
                <th scope="row">{row + 1}</th>
                <td>{formatValue(truth, digits)}</td>
                <td>{formatValue(predicted, digits)}</td>
                <td className="jp-mod-numeric">{formatMetric(isNumber ? residual : confidence, digits)}</td>
                {cells.map(([name, value]) => (
                  <td key={name}>{value === null ? "" : formatValue(value, digits)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
