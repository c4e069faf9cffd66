import type { ComparedMetric, Comparison } from "assay-lab/contract";
import React, { useState } from "react";
import { formatMetric, formatSigned, formatValue } from "../elements/format";
import { colorsOf } from "../elements/identity-colors";
import { Swatch } from "../elements/Swatch";
import { Status } from "../elements/status";
import { Wide } from "../elements/Wide";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { shortName } from "./figures";

interface Cell {
  text: string;
  /** Against the baseline: signed difference, spread, significance. */
  notes: readonly string[];
  /** Why there is no significance. */
  reason?: string | undefined;
  isBest: boolean;
}

interface DifferencesProps {
  comparison: Comparison;
  /** Runs that lie within the marks of the parallel coordinates: only they have a column. */
  shown: ReadonlySet<string>;
  /** Axes on which something is marked. */
  marks: readonly string[];
}

/** The table of parameters and metrics, a column a run; by choice only the rows that differ. */
export function Differences({ comparison, shown, marks }: DifferencesProps): React.JSX.Element {
  const { runs, params, metrics, baseline } = comparison;
  const { commands, preferences, trans } = usePanel();
  const [onlyDiffering, setOnlyDiffering] = useState(true);
  const kept = <T extends { differs: boolean }>(rows: T[]) => rows.filter((row) => row.differs || !onlyDiffering);
  const digits = preferences.values.decimals;
  const colors = colorsOf(runs.map(({ id }) => id));
  const place = runs.findIndex(({ id }) => id === baseline);
  const plain = (value: unknown): Cell => ({ text: value === null ? "–" : formatValue(value), notes: [], isBest: false });
  const isShown = runs.map(({ id }) => shown.has(id));
  const count = isShown.filter(Boolean).length;
  const groups = [
    {
      title: trans.__("Parameters"),
      rows: kept(params).map((row) => ({ ...row, cells: row.values.map(plain) })),
    },
    {
      title: trans.__("Metrics"),
      rows: kept(metrics).map((row) => ({ ...row, cells: row.values.map((_, i) => metricCell(row, i)) })),
    },
  ];
  return (
    <section aria-label={trans.__("Differences")}>
      <div className="jp-Assay-bar">
        <h2>{trans.__("Differences")}</h2>
        <label className="jp-Assay-check">
          <input type="checkbox" checked={onlyDiffering} onChange={({ target }) => setOnlyDiffering(target.checked)} />
          {trans.__("Only what differs")}
        </label>
        {marks.length > 0 && (
          <span role="status" className="jp-Assay-faint">
            {trans.__("%1 of %2 runs, marked by %3", count, runs.length, marks.join(", "))}
          </span>
        )}
      </div>
      <Wide>
        <table className="jp-Assay-table jp-AssayCompare-table" data-all={!onlyDiffering}>
          <thead>
            <tr>
              <th scope="col">
                <span className="jp-Assay-hidden">{trans.__("Parameter or metric")}</span>
              </th>
              {runs.map(
                (run, i) =>
                  isShown[i] && (
                    <th scope="col" key={run.id} data-run={run.id} data-baseline={i === place}>
                      <Swatch color={colors.get(run.id)!} />
                      <button
                        type="button"
                        className="jp-Assay-link"
                        onClick={() => void commands.execute(commandIds.run, { id: run.id, name: run.name })}
                      >
                        {shortName(run.name, i)}
                      </button>
                      {i === place && <span className="jp-Assay-kind"> {trans.__("baseline")}</span>}
                    </th>
                  ),
              )}
            </tr>
            <tr>
              <th scope="row">{trans.__("Status")}</th>
              {runs.map(
                (run, i) =>
                  isShown[i] && (
                    <td key={run.id}>
                      <Status status={run.status} />
                    </td>
                  ),
              )}
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.title}>
              <tr>
                <th scope="rowgroup" colSpan={count + 1} className="jp-Assay-group">
                  {group.title}
                </th>
              </tr>
              {group.rows.map(({ name, cells, differs }) => (
                <tr key={name} data-differs={differs} data-row={name}>
                  <th scope="row">{name}</th>
                  {cells.map(
                    ({ text, notes, reason, isBest }, i) =>
                      isShown[i] && (
                        <td key={i} className="jp-mod-code" data-best={isBest || undefined} title={reason}>
                          {text}
                          {notes.length > 0 && <span className="jp-AssayCompare-notes">{notes.join(" · ")}</span>}
                        </td>
                      ),
                  )}
                </tr>
              ))}
              {group.rows.length === 0 && (
                <tr>
                  <td colSpan={count + 1} className="jp-Assay-faint">
                    {trans.__("No difference.")}
                  </td>
                </tr>
              )}
            </tbody>
          ))}
        </table>
      </Wide>
    </section>
  );

  /** A metric's value with its difference from the baseline, the spread of its folds, and whether chance may have made it. */
  function metricCell({ values, deltas, spread, significance, best }: ComparedMetric, i: number): Cell {
    const [delta, folds, test] = [deltas[i], spread[i], significance[i]];
    return {
      text: formatMetric(values[i], digits),
      isBest: best === i,
      reason: test?.reason ?? undefined,
      notes: [
        ...(delta !== null && delta !== undefined && i !== place ? [formatSigned(delta, 3)] : []),
        ...(folds ? [`± ${formatMetric(folds.sd, 2)}`] : []),
        ...(test?.p !== null && test?.p !== undefined ? [`p ${test.p < 0.001 ? "< 0.001" : `= ${test.p.toPrecision(2)}`}`] : []),
      ],
    };
  }
}
