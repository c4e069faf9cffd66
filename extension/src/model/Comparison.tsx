import type { ModelVersion } from "assay-lab/contract";
import React from "react";
import { formatMetric, formatValue } from "../elements/format";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { Wide } from "../elements/Wide";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { wordOf } from "../words";

/** Versions side by side: what differs in how they were made, and their metrics with the best of each marked. */
export function Comparison({ versions }: { versions: readonly ModelVersion[] }): React.JSX.Element {
  const { api, preferences, trans } = usePanel();
  const ids = versions.map(({ model_id }) => model_id);
  const comparison = useLoaded(ids.join(), () => modelRoutes.compare(api, ids));
  return (
    <section className="jp-AssayModel-beside" aria-label={trans.__("Comparison of versions")}>
      <h3>{trans.__("Comparison")}</h3>
      <State of={comparison} rows={5}>
        {(data) => (
          <Wide>
            <table className="jp-Assay-table jp-AssayCompare-table">
              <thead>
                <tr>
                  <th scope="col">
                    <span className="jp-Assay-hidden">{trans.__("What")}</span>
                  </th>
                  {data.versions.map(({ model_id, version, version_status }) => (
                    <th scope="col" key={model_id}>
                      {version} <span className="jp-Assay-kind">{wordOf(trans, version_status)}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                <GroupHead title={trans.__("What differs")} columns={data.versions.length} />
                {data.differences.map(({ what, name, values }) => (
                  <tr key={`${what} ${name}`} data-row={name} data-differs>
                    <th scope="row">{name}</th>
                    {values.map((value, k) => (
                      <td key={k} className="jp-mod-code">
                        {formatValue(value)}
                      </td>
                    ))}
                  </tr>
                ))}
                {data.differences.length === 0 && (
                  <tr>
                    <td colSpan={data.versions.length + 1} className="jp-Assay-faint">
                      {trans.__("They were made alike.")}
                    </td>
                  </tr>
                )}
              </tbody>
              <tbody>
                <GroupHead title={trans.__("Metrics")} columns={data.versions.length} />
                {data.metrics.map(({ name, values, best }) => (
                  <tr key={name} data-row={name}>
                    <th scope="row">{name}</th>
                    {values.map((value, k) => (
                      <td key={k} className="jp-mod-code" data-best={k === best || undefined}>
                        {formatMetric(value, preferences.values.decimals)}
                        {k === best && <span className="jp-Assay-hidden"> {trans.__("best")}</span>}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
      </State>
    </section>
  );
}

function GroupHead({ title, columns }: { title: string; columns: number }): React.JSX.Element {
  return (
    <tr>
      <th scope="rowgroup" colSpan={columns + 1} className="jp-Assay-group">
        {title}
      </th>
    </tr>
  );
}
