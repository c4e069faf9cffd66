import type { ColumnDrift, ModelDrift } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { distributionFigure } from "./figures";
import { testOf, Verdict } from "./Verdict";

/** The columns by how far they moved from the reference; one that is opened shows both distributions. */
export function InputDrift({ drift }: { drift: ModelDrift }): React.JSX.Element | null {
  const { trans } = usePanel();
  const [opened, setOpened] = useState<string | null>(drift.columns[0]?.verdict === "moved" ? drift.columns[0].name : null);
  if (drift.columns.length === 0) return null;
  return (
    <section aria-label={trans.__("Drift of the inputs")}>
      <h2>{trans.__("Drift of the inputs")}</h2>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Column")}</th>
              <th scope="col">{trans.__("Verdict")}</th>
              <th scope="col" className="jp-mod-numeric">
                PSI
              </th>
              <th scope="col">{trans.__("Test")}</th>
              <th scope="col">{trans.__("Missing")}</th>
              <th scope="col">{trans.__("New or rare values")}</th>
            </tr>
          </thead>
          <tbody>
            {drift.columns.map((column) => (
              <ColumnRows
                key={column.name}
                column={column}
                isOpen={opened === column.name}
                onOpen={() => setOpened(opened === column.name ? null : column.name)}
              />
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

interface ColumnRowsProps {
  column: ColumnDrift;
  isOpen: boolean;
  onOpen(): void;
}

function ColumnRows({ column, isOpen, onOpen }: ColumnRowsProps): React.JSX.Element {
  const { trans } = usePanel();
  const figure = useMemo(
    () => distributionFigure(column, { reference: trans.__("reference"), current: trans.__("now") }),
    [column, trans],
  );
  const change = (shares: readonly [number, number] | null) =>
    shares ? shares.map((share) => `${(100 * share).toFixed(1)} %`).join(" → ") : "–";
  return (
    <>
      <tr data-column={column.name}>
        <th scope="row">
          <button type="button" className="jp-Assay-link" aria-expanded={isOpen} onClick={onOpen}>
            <span aria-hidden="true" className="jp-Assay-arrow">
              {isOpen ? "▾" : "▸"}
            </span>{" "}
            {column.name}
          </button>
        </th>
        <td>
          <Verdict drift={column} />
        </td>
        <td className="jp-mod-numeric">{column.psi?.toPrecision(3) ?? "–"}</td>
        <td>{testOf(column)}</td>
        <td>{change(column.missing)}</td>
        <td>{change(column.other)}</td>
      </tr>
      {isOpen && (
        <tr className="jp-AssayModel-open">
          <td colSpan={6}>
            <figure className="jp-AssayMonitoring-figure" data-figure={column.name}>
              <figcaption>{trans.__("%1, in percent of the rows", column.name)}</figcaption>
              <Figure figure={figure} label={trans.__("Distribution of %1, reference and now", column.name)} height={220} />
            </figure>
          </td>
        </tr>
      )}
    </>
  );
}
