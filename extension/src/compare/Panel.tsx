import type { Comparison } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { formatMetric, formatValue } from "../elements/format";
import { Failure, Loading } from "../elements/states";
import { Status } from "../elements/status";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { metricBars, metricCurves, shortName } from "./figures";
import { useComparison } from "./use-comparison";

/** Two or more runs side by side: what differs, bars of the metrics, curves over each other. */
export function ComparePanel({ ids }: { ids: readonly string[] }): React.JSX.Element {
  const { trans } = usePanel();
  const { data, error, reload } = useComparison(ids);
  const bars = useMemo(() => (data ? metricBars(data) : []), [data]);
  const curves = useMemo(() => {
    const names = new Map(data?.runs.map((run, i) => [run.id, shortName(run.name, i)]));
    return data ? metricCurves(data.series, (id) => names.get(id) ?? id) : [];
  }, [data]);

  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayCompare">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && error === null && <Loading rows={10} />}
      {data && (
        <>
          <Differences comparison={data} />
          {bars.length > 0 && (
            <section aria-label={trans.__("Metrics")}>
              <h2>{trans.__("Metrics")}</h2>
              <div className="jp-Assay-figures jp-mod-small">
                {bars.map(({ name, title, figure }) => (
                  <figure key={name}>
                    <figcaption>{title}</figcaption>
                    <Figure figure={figure} label={trans.__("Bars of %1", title)} height={56 + 30 * data.runs.length} />
                  </figure>
                ))}
              </div>
            </section>
          )}
          {curves.length > 0 && (
            <section aria-label={trans.__("Curves")}>
              <h2>{trans.__("Curves by step")}</h2>
              <div className="jp-Assay-figures">
                {curves.map(({ name, title, figure }) => (
                  <figure key={name}>
                    <figcaption>{title}</figcaption>
                    <Figure figure={figure} label={trans.__("Curves of %1", title)} />
                  </figure>
                ))}
              </div>
            </section>
          )}
        </>
      )}
    </div>
  );
}

/** The table of parameters and metrics, a column a run; by choice only the rows that differ. */
function Differences({ comparison: { runs, params, metrics } }: { comparison: Comparison }): React.JSX.Element {
  const { commands, preferences, trans } = usePanel();
  const [onlyDiffering, setOnlyDiffering] = useState(true);
  const kept = <T extends { differs: boolean }>(rows: T[]) => rows.filter((row) => row.differs || !onlyDiffering);
  const digits = preferences.values.decimals;
  const rows = [
    {
      title: trans.__("Parameters"),
      rows: kept(params).map((row) => ({
        ...row,
        texts: row.values.map((value) => (value === null ? "–" : formatValue(value))),
      })),
    },
    {
      title: trans.__("Metrics"),
      rows: kept(metrics).map((row) => ({ ...row, texts: row.values.map((value) => formatMetric(value, digits)) })),
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
      </div>
      <div className="jp-Assay-wide">
        <table className="jp-Assay-table jp-AssayCompare-table">
          <thead>
            <tr>
              <th scope="col" />
              {runs.map((run, i) => (
                <th scope="col" key={run.id}>
                  <button
                    type="button"
                    className="jp-Assay-link"
                    onClick={() => void commands.execute(commandIds.run, { id: run.id, name: run.name })}
                  >
                    {shortName(run.name, i)}
                  </button>
                </th>
              ))}
            </tr>
            <tr>
              <th scope="row">{trans.__("Status")}</th>
              {runs.map((run) => (
                <td key={run.id}>
                  <Status status={run.status} />
                </td>
              ))}
            </tr>
          </thead>
          {rows.map((group) => (
            <tbody key={group.title}>
              <tr>
                <th scope="rowgroup" colSpan={runs.length + 1} className="jp-Assay-group">
                  {group.title}
                </th>
              </tr>
              {group.rows.map(({ name, texts, differs }) => (
                <tr key={name} data-differs={differs}>
                  <th scope="row">{name}</th>
                  {texts.map((text, i) => (
                    <td key={i} className="jp-mod-code">
                      {text}
                    </td>
                  ))}
                </tr>
              ))}
              {group.rows.length === 0 && (
                <tr>
                  <td colSpan={runs.length + 1} className="jp-Assay-faint">
                    {trans.__("No difference.")}
                  </td>
                </tr>
              )}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}
