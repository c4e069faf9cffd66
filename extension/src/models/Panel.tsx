import React, { useState } from "react";
import { Find, holds } from "../elements/Find";
import { formatInstant } from "../elements/format";
import { Empty, State } from "../elements/states";
import { Wide } from "../elements/Wide";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { type Model, useModels, useTraffic } from "./use-models";

/** Models whose traffic is asked for: each is a question to the service. */
const trafficMost = 50;

/** The registry: a row for each model, which leads to its document. */
export function ModelsPanel(): React.JSX.Element {
  const { commands, trans } = usePanel();
  const models = useModels();
  const [filter, setFilter] = useState("");
  const fits = (model: Model) => holds(wordsOf(model), filter);
  const none = (
    <Empty
      title={trans.__("No models yet.")}
      action={{ label: trans.__("Choose a run"), run: () => void commands.execute(commandIds.experiments) }}
    >
      <p>{trans.__("Open a completed run and deploy it.")}</p>
    </Empty>
  );
  const noneFits = (
    <Empty title={trans.__("No model fits.")} action={{ label: trans.__("Show all"), run: () => setFilter("") }} />
  );
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayModels">
      <div className="jp-Assay-bar">
        <Find
          autofocus
          name="filter"
          label={trans.__("Find models by name, algorithm, alias or tag")}
          placeholder={trans.__("Find models")}
          value={filter}
          onChange={setFilter}
        />
        <span className="jp-Assay-spring" />
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => void commands.execute(commandIds.abTests)}>
          {trans.__("A/B tests")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => void commands.execute(commandIds.alerts)}>
          {trans.__("Alerts")}
        </button>
      </div>
      <State of={models} rows={6} empty={(all) => (all.length === 0 ? none : !all.some(fits) && noneFits)}>
        {(all) => <ModelsTable models={all.filter(fits)} />}
      </State>
    </div>
  );
}

function ModelsTable({ models }: { models: readonly Model[] }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Wide>
      <table className="jp-Assay-table">
        <thead>
          <tr>
            <th scope="col">{trans.__("Model")}</th>
            <th scope="col">{trans.__("Production")}</th>
            <th scope="col">{trans.__("Aliases")}</th>
            <th scope="col">{trans.__("Newest")}</th>
            <th scope="col" className="jp-mod-numeric">
              {trans.__("Predictions, 24 h")}
            </th>
            <th scope="col">{trans.__("Alerts")}</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model, k) => (
            <ModelRow key={model.name} model={model} wantsTraffic={k < trafficMost} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function ModelRow({ model, wantsTraffic }: { model: Model; wantsTraffic: boolean }): React.JSX.Element {
  const { commands, trans } = usePanel();
  const traffic = useTraffic(model.name, wantsTraffic);
  const { name, versions, production, newest, aliases, openAlerts } = model;
  const open = (tab?: string) => void commands.execute(commandIds.model, { name, ...(tab && { tab }) });
  return (
    <tr data-model={name}>
      <th scope="row">
        <button type="button" className="jp-Assay-link" onClick={() => open()}>
          {name}
        </button>
        <span className="jp-Assay-faint jp-AssayModels-under">{newest.algorithm}</span>
      </th>
      <td data-production={production?.version ?? ""}>
        {production ? (
          <span className="jp-Assay-status" data-status="production">
            <span className="jp-Assay-dot" aria-hidden="true" />
            {production.version}
          </span>
        ) : (
          <span className="jp-Assay-faint">{trans.__("none")}</span>
        )}
      </td>
      <td>
        {aliases.length === 0 && <span className="jp-Assay-faint">–</span>}
        {aliases.map(({ alias, version }) => (
          <span key={alias} className="jp-Assay-chip">
            {alias} → {version}
          </span>
        ))}
      </td>
      <td>
        {newest.version}
        <span className="jp-Assay-faint jp-AssayModels-under">
          {formatInstant(newest.created_at)} · {trans._n("%1 version", "%1 versions", versions)}
        </span>
      </td>
      <td className="jp-mod-numeric">{traffic.data === null ? "–" : traffic.data.toLocaleString()}</td>
      <td>
        {openAlerts === 0 ? (
          <span className="jp-Assay-faint">{trans.__("none")}</span>
        ) : (
          <button
            type="button"
            className="jp-Assay-badge"
            data-tone="warning"
            aria-label={trans._n("%1 open alert of %2", "%1 open alerts of %2", openAlerts, name)}
            onClick={() => open("monitoring")}
          >
            {openAlerts}
          </button>
        )}
      </td>
    </tr>
  );
}

function wordsOf({ name, newest, production, aliases }: Model): string {
  const tags = [newest, production].flatMap((version) => Object.entries(version?.tags ?? {}).flat());
  return [name, newest.algorithm, production?.algorithm, ...aliases.map(({ alias }) => alias), ...tags].join("\n");
}
