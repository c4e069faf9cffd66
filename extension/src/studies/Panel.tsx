import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { Study } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant, formatMetric } from "../elements/format";
import { colorOf } from "../elements/identity-colors";
import { Swatch } from "../elements/Swatch";
import { Empty, Failure, State } from "../elements/states";
import { Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { Wide } from "../elements/Wide";
import { commandIds } from "../ids";
import { importHistory } from "../imports/import-history";
import { usePanel } from "../panel";
import { studyRoutes } from "../study-routes";
import { useStudies } from "./use-studies";

/** Studies that one figure shows at most. */
const comparedMost = 10;

/** Every search of the project: state, trials, best value. */
export function StudiesPanel(): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const studies = useStudies();
  const { act, failure } = useAction(studies.reload);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const search = () => void commands.execute(commandIds.newExperiment);
  const none = (
    <Empty title={trans.__("No studies yet.")} action={{ label: trans.__("Search hyperparameters"), run: search }}>
      <p>{trans.__("Search hyperparameters in New experiment, or from a cell: lab.tune({ … })")}</p>
    </Empty>
  );
  const ids = (studies.data ?? []).filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const canCompare = ids.length > 1 && ids.length <= comparedMost;
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayStudies">
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-accept" onClick={search}>
          {trans.__("New experiment")}
        </button>
        {(studies.data?.length ?? 0) > 1 && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            disabled={!canCompare}
            title={canCompare ? undefined : trans.__("Choose two to %1 studies.", comparedMost)}
            onClick={() => void commands.execute(commandIds.compareStudies, { ids })}
          >
            {ids.length > 1 ? trans.__("Compare (%1)", ids.length) : trans.__("Compare")}
          </button>
        )}
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => act(() => importHistory(api, trans))}>
          {trans.__("Import…")}
        </button>
      </div>
      <Failure error={failure} />
      <State of={studies} rows={6} empty={(all) => all.length === 0 && none}>
        {(all) => <List studies={all} onChanged={studies.reload} chosen={chosen} onChoose={setChosen} />}
      </State>
    </div>
  );
}

interface ListProps {
  studies: readonly Study[];
  onChanged(): void;
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
}

function List({ studies, onChanged, chosen, onChoose }: ListProps): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const { act, failure } = useAction();
  const choose = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
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
      <Failure error={failure} />
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="jp-Assay-hidden">{trans.__("Choose")}</span>
              </th>
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
              <th scope="col">
                <span className="jp-Assay-hidden">{trans.__("Actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {studies.map((study) => (
              <tr key={study.id} data-study={study.name}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={trans.__("Choose %1", study.name)}
                    checked={chosen.has(study.id)}
                    onChange={({ target }) => choose(study.id, target.checked)}
                  />
                </td>
                <th scope="row">
                  <Swatch color={colorOf(study.id)} />
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
                    onClick={() => act(() => remove(study))}
                  >
                    ×
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
