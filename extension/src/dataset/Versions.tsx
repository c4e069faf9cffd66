import type { DatasetInfo, DatasetVersionInfo } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { formatInstant, formatShape } from "../elements/format";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { Difference } from "./Difference";
import { stepText } from "./step-text";

/** The history, what differs between two versions, and a way back. */
export function Versions({ dataset, onRestored }: { dataset: DatasetInfo; onRestored(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { versions, dataset_id: id, version: active } = dataset;
  const [from, setFrom] = useState(Math.max(1, (active ?? 1) - 1));
  const [to, setTo] = useState(active ?? 1);
  const { act, failure } = useAction(onRestored);
  const restore = (version: number) => void act(() => datasetRoutes.restore(api, id, version));
  return (
    <>
      <Failure error={failure} />
      <Wide>
        <table className="jp-Assay-table jp-AssayDataset-versions">
          <thead>
            <tr>
              <th scope="col">{trans.__("Version")}</th>
              <th scope="col">{trans.__("From")}</th>
              <th scope="col">{trans.__("To")}</th>
              <th scope="col">{trans.__("Rows × columns")}</th>
              <th scope="col">{trans.__("Made by")}</th>
              <th scope="col">{trans.__("When")}</th>
              <th scope="col">{trans.__("What")}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {versions.map((each) => (
              <tr key={each.version} data-version={each.version}>
                <th scope="row">{each.version === active ? trans.__("%1 (active)", each.version) : each.version}</th>
                {(
                  [
                    [from, setFrom, trans.__("Compare from version %1", each.version), "from"],
                    [to, setTo, trans.__("Compare to version %1", each.version), "to"],
                  ] as const
                ).map(([chosen, choose, label, name]) => (
                  <td key={name}>
                    <input
                      type="radio"
                      name={`${name}-${id}`}
                      aria-label={label}
                      checked={chosen === each.version}
                      onChange={() => choose(each.version)}
                    />
                  </td>
                ))}
                <td>{formatShape(each.rows, each.columns)}</td>
                <td>{each.created_by ?? "–"}</td>
                <td>{formatInstant(each.created_at)}</td>
                <td className="jp-AssayDataset-what">
                  <What version={each} />
                </td>
                <td>
                  {each.version !== active && (
                    <button
                      type="button"
                      className="jp-mod-styled jp-mod-minimal"
                      aria-label={trans.__("Restore version %1", each.version)}
                      onClick={() => restore(each.version)}
                    >
                      {trans.__("Restore")}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {versions.length > 1 && <Difference key={`${from} ${to}`} id={id} from={from} to={to} />}
    </>
  );
}

/** Where a version comes from, in words. */
function What({ version }: { version: DatasetVersionInfo }): React.JSX.Element {
  const { trans } = usePanel();
  const { origin, parent, restored, steps, note, file_name } = version;
  const words = {
    upload: file_name === null ? trans.__("a table was stored") : trans.__("uploaded %1", file_name),
    steps: trans._n("%1 step on version %2", "%1 steps on version %2", steps.length, parent),
    restore: trans.__("version %1 restored", restored),
  };
  return (
    <>
      {words[origin]}
      {note && <span className="jp-Assay-faint">{` · ${note}`}</span>}
      {steps.length > 0 && (
        <details>
          <summary>{trans.__("Steps")}</summary>
          <ol>
            {steps.map((step, k) => (
              <li key={k}>{stepText(step)}</li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}
