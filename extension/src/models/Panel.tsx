import type { ModelVersion } from "assay-lab/contract";
import React, { useState } from "react";
import { formatBytes, formatInstant, formatMetric } from "../elements/format";
import { Empty, Failure, Loading } from "../elements/states";
import { Status } from "../elements/status";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { type Move, movesOf, moveVersion } from "./moves";
import { TryPrediction } from "./TryPrediction";
import { type Model, useModels } from "./use-models";

/** The registry: models, their versions, and what may be done with them. */
export function ModelsPanel({ model }: { model?: string | undefined }): React.JSX.Element {
  const { trans } = usePanel();
  const { data, error, reload } = useModels();
  const sorted = model ? [...(data ?? [])].sort((a, b) => Number(b.name === model) - Number(a.name === model)) : (data ?? []);
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayModels">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && error === null && <Loading rows={6} />}
      {data?.length === 0 && (
        <Empty title={trans.__("No models yet.")}>
          <p>{trans.__("Open a completed run and deploy it.")}</p>
        </Empty>
      )}
      {sorted.map((each) => (
        <ModelSection key={each.name} model={each} onMoved={reload} />
      ))}
    </div>
  );
}

function ModelSection({ model, onMoved }: { model: Model; onMoved(): void }): React.JSX.Element {
  const { trans } = usePanel();
  const [tried, setTried] = useState<string | null>(null);
  const production = model.versions.find((version) => version.version_status === "production");
  const shown = model.versions.find((version) => version.model_id === tried);
  return (
    <section className="jp-AssayModels-model" aria-label={model.name} data-model={model.name}>
      <h2>{model.name}</h2>
      <div className="jp-Assay-wide">
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Version")}</th>
              <th scope="col">{trans.__("Status")}</th>
              <th scope="col">{trans.__("Algorithm")}</th>
              <th scope="col">{trans.__("Test metrics")}</th>
              <th scope="col">{trans.__("Dataset")}</th>
              <th scope="col">{trans.__("Created")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Size")}
              </th>
              <th scope="col">
                <span className="jp-Assay-hidden">{trans.__("Actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {model.versions.map((version) => (
              <VersionRow
                key={version.model_id}
                version={version}
                moves={movesOf(version, production)}
                tried={version.model_id === tried}
                onTry={() => setTried(version.model_id === tried ? null : version.model_id)}
                onMoved={onMoved}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown && <TryPrediction key={shown.model_id} version={shown} />}
    </section>
  );
}

interface VersionRowProps {
  version: ModelVersion;
  moves: readonly Move[];
  tried: boolean;
  onTry(): void;
  onMoved(): void;
}

function VersionRow({ version, moves, tried, onTry, onMoved }: VersionRowProps): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const words: Record<Move, string> = {
    promote: trans.__("Promote"),
    demote: trans.__("Demote"),
    archive: trans.__("Archive"),
    rollback: trans.__("Roll back"),
  };
  const act = async (move: Move) => {
    if (await moveVersion(api, trans, version, move)) onMoved();
  };
  return (
    <tr data-version={version.version}>
      <th scope="row">{version.version}</th>
      <td>
        <Status status={version.version_status} />
      </td>
      <td>{version.algorithm}</td>
      <td>{testMetrics(version, preferences.values.decimals)}</td>
      <td>{version.dataset ?? "–"}</td>
      <td>{formatInstant(version.created_at)}</td>
      <td className="jp-mod-numeric">{formatBytes(version.size_bytes)}</td>
      <td className="jp-Assay-actions">
        <button type="button" className="jp-mod-styled jp-mod-minimal" aria-expanded={tried} onClick={onTry}>
          {trans.__("Try")}
        </button>
        {moves.map((move) => (
          <button type="button" key={move} className="jp-mod-styled jp-mod-minimal" onClick={() => void act(move)}>
            {words[move]}
          </button>
        ))}
        {version.run_id !== null && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void commands.execute(commandIds.run, { id: version.run_id })}
          >
            {trans.__("Run")}
          </button>
        )}
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => void routes.downloadVersion(api, version.model_id, `${version.name}-${version.version}.assay`)}
        >
          {trans.__("Download")}
        </button>
      </td>
    </tr>
  );
}

const named = ["accuracy", "f1_macro", "f1", "roc_auc", "r2", "rmse", "mae"];

/** Up to three of the test's metrics, the best known first. */
function testMetrics({ metrics }: ModelVersion, digits: number): string {
  const test = Object.entries(metrics).flatMap(([key, value]) =>
    key.startsWith("test.") ? [[key.slice(5), value] as const] : key.includes(".") ? [] : [[key, value] as const],
  );
  const place = (name: string) => (named.indexOf(name) + named.length + 1) % (named.length + 1);
  return test
    .sort(([a], [b]) => place(a) - place(b))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${formatMetric(value, digits)}`)
    .join(" · ");
}
