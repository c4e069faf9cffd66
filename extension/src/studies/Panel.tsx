import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { Study } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant, formatMetric } from "../elements/format";
import { Empty, Failure, Loading } from "../elements/states";
import { Status } from "../elements/status";
import { commandIds } from "../ids";
import { importHistory } from "../imports/import-history";
import { usePanel } from "../panel";
import { studyRoutes } from "../study-routes";
import { useStudies } from "./use-studies";

/** Every search of the project: state, trials, best value. */
export function StudiesPanel(): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { data, error, loading, reload } = useStudies();
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayStudies">
      <div className="jp-Assay-bar">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          onClick={() => void commands.execute(commandIds.newExperiment)}
        >
          {trans.__("New experiment")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => {
            setFailure(null);
            importHistory(api, trans).then(reload, setFailure);
          }}
        >
          {trans.__("Import…")}
        </button>
      </div>
      {failure !== null && <Failure error={failure} />}
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && loading && <Loading rows={6} />}
      {data?.length === 0 && (
        <Empty title={trans.__("No studies yet.")}>
          <p>{trans.__("Search hyperparameters in New experiment, or from a cell: lab.tune({ … })")}</p>
        </Empty>
      )}
      {data && data.length > 0 && <List studies={data} onChanged={reload} />}
    </div>
  );
}

function List({ studies, onChanged }: { studies: readonly Study[]; onChanged(): void }): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const [failure, setFailure] = useState<unknown>(null);
  const remove = async ({ id, name }: Study) => {
    const { button } = await showDialog({
      title: trans.__("Delete %1?", name),
      body: trans.__("Its trials go too; their runs stay."),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__("Delete") })],
    });
    if (button.accept) await studyRoutes.delete(api, id).then(onChanged);
  };
  return (
    <>
      {failure !== null && <Failure error={failure} />}
      <div className="jp-Assay-wide">
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Study")}</th>
              <th scope="col">{trans.__("State")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Trials")}
              </th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Best")}
              </th>
              <th scope="col">{trans.__("Metric")}</th>
              <th scope="col">{trans.__("Dataset")}</th>
              <th scope="col">{trans.__("Created")}</th>
              <th scope="col" aria-label={trans.__("Actions")} />
            </tr>
          </thead>
          <tbody>
            {studies.map((study) => (
              <tr key={study.id} data-study={study.name}>
                <th scope="row">
                  <button
                    type="button"
                    className="jp-Assay-link"
                    onClick={() => void commands.execute(commandIds.study, { id: study.id, name: study.name })}
                  >
                    {study.name}
                  </button>
                </th>
                <td>
                  <Status status={study.study_status} />
                </td>
                <td className="jp-mod-numeric">{study.n_trials}</td>
                <td className="jp-mod-numeric">{formatMetric(study.best_value, preferences.values.decimals)}</td>
                <td>{study.metric?.replaceAll("_", " ") ?? "–"}</td>
                <td>{study.dataset ?? "–"}</td>
                <td>{formatInstant(study.created_at)}</td>
                <td>
                  <button
                    type="button"
                    className="jp-Assay-sign"
                    aria-label={trans.__("Delete %1", study.name)}
                    title={trans.__("Delete %1", study.name)}
                    onClick={() => {
                      setFailure(null);
                      remove(study).catch(setFailure);
                    }}
                  >
                    ×
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
