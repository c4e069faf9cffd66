import type { Dataset } from "assay-lab/contract";
import React, { useState } from "react";
import { Find, holds } from "../elements/Find";
import { formatBytes, formatInstant, formatShape } from "../elements/format";
import { Empty, State } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { removeDataset } from "./remove-dataset";
import { UploadBox } from "./UploadBox";
import { useDatasets } from "./use-datasets";

/** Every dataset of the project: upload, open, train, delete. */
export function DatasetsPanel(): React.JSX.Element {
  const { commands, trans } = usePanel();
  const datasets = useDatasets();
  const [quick, setQuick] = useState("");
  const open = (id: string, name: string) => void commands.execute(commandIds.dataset, { id, name });
  const fits = ({ name }: Dataset) => holds(name, quick);
  const none = (choose: () => void) => (
    <Empty title={trans.__("No datasets yet.")} action={{ label: trans.__("Choose a file…"), run: choose }}>
      <p>{trans.__("Upload a file here, right-click one in the file browser, or from a cell: lab.datasets.put(name, table)")}</p>
    </Empty>
  );

  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayDatasets">
      <UploadBox onUploaded={open}>
        {(choose) => (
          <State of={datasets} rows={6} empty={({ items }) => items.length === 0 && none(choose)}>
            {({ items, storage }) => (
              <>
                <div className="jp-Assay-bar">
                  <Find label={trans.__("Search by name")} placeholder={trans.__("Search")} value={quick} onChange={setQuick} />
                  <span className="jp-Assay-spring" />
                  <span className="jp-Assay-faint" role="status">
                    {trans._n("%1 dataset", "%1 datasets", items.length)}
                    {`, ${formatBytes(storage.used_bytes)}`}
                    {storage.quota_bytes !== null && ` ${trans.__("of %1", formatBytes(storage.quota_bytes))}`}
                  </span>
                </div>
                {storage.quota_bytes !== null && <Quota used={storage.used_bytes} quota={storage.quota_bytes} />}
                <List datasets={items.filter(fits)} onOpen={open} onRemoved={datasets.reload} />
              </>
            )}
          </State>
        )}
      </UploadBox>
    </div>
  );
}

/** How much of the quota is used; red where little is left. */
function Quota({ used, quota }: { used: number; quota: number }): React.JSX.Element {
  const { trans } = usePanel();
  const share = quota > 0 ? used / quota : 1;
  return (
    <div className="jp-AssayDatasets-quota" data-full={share >= 0.9}>
      <Progress step={used} steps={Math.max(1, quota)} label={trans.__("Used of the quota")} />
      <span className="jp-Assay-faint">{trans.__("%1 % of the quota used", (100 * share).toFixed(share < 0.1 ? 1 : 0))}</span>
    </div>
  );
}

interface ListProps {
  datasets: readonly Dataset[];
  onOpen(id: string, name: string): void;
  onRemoved(): void;
}

function List({ datasets, onOpen, onRemoved }: ListProps): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  return (
    <ul className="jp-AssayDatasets-list" aria-label={trans.__("Datasets")}>
      {datasets.map((each) => (
        <li key={each.dataset_id} data-dataset={each.name}>
          <div className="jp-AssayDatasets-main">
            <button type="button" className="jp-Assay-link" title={each.name} onClick={() => onOpen(each.dataset_id, each.name)}>
              {each.name}
            </button>
            <Status status={each.processing_status} />
          </div>
          <p className="jp-Assay-faint">{factsOf(each).join(" · ")}</p>
          {each.error !== null && <p className="jp-Assay-fieldError">{each.error}</p>}
          <div className="jp-Assay-actions">
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              disabled={each.version === null}
              onClick={() => void commands.execute(commandIds.newExperiment, { datasetId: each.dataset_id })}
            >
              {trans.__("Train")}
            </button>
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Delete %1", each.name)}
              onClick={() => void removeDataset(api, trans, each).then((gone) => gone && onRemoved())}
            >
              {trans.__("Delete")}
            </button>
          </div>
        </li>
      ))}
    </ul>
  );

  function factsOf({ rows, columns, version, file_name, size_bytes, created_at }: Dataset): string[] {
    return [
      ...(rows === null ? [] : [formatShape(rows, columns)]),
      ...(version === null ? [] : [trans.__("version %1", version)]),
      ...(file_name === null ? [] : [file_name]),
      ...(size_bytes === null ? [] : [formatBytes(size_bytes)]),
      formatInstant(created_at),
    ];
  }
}
