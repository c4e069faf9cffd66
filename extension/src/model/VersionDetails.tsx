import type { ModelVersion } from "assay-lab/contract";
import React from "react";
import { formatValue } from "../elements/format";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { deleteVersion } from "./delete-version";
import { MetricsTable } from "./MetricsTable";
import { movesOf, moveVersion, moveWords } from "./moves";

interface VersionDetailsProps {
  version: ModelVersion;
  production: ModelVersion | undefined;
  onChanged(): void;
}

/** What a version is made of, and everything that may be done with it. */
export function VersionDetails({ version, production, onChanged }: VersionDetailsProps): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const action = useAction();
  const words = moveWords(trans);
  const pairs = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).map(([name, value]) => [name, formatValue(value)] as const);
  const { classes, target, columns } = version.signature;
  const groups = [
    { title: trans.__("Hyperparameters"), pairs: pairs(version.hyperparameters) },
    {
      title: trans.__("What it answers"),
      pairs: [
        [trans.__("target"), target ?? "–"],
        [trans.__("task"), version.task_type],
        ...(classes ? [[trans.__("classes"), classes.map(String).join(", ")]] : []),
        [trans.__("columns"), columns.map(({ name, kind }) => `${name} (${kind})`).join(", ")],
        [trans.__("preprocessing"), version.preprocessing.join(" → ") || "–"],
        [trans.__("hash"), version.content_hash.slice(0, 16)],
        ...Object.entries(version.tags),
      ] as const,
    },
  ];
  const act = (move: () => Promise<boolean>) => action.act(move, (isChanged) => isChanged && onChanged());
  return (
    <div className="jp-AssayModel-details">
      {version.description !== "" && <p>{version.description}</p>}
      <div className="jp-Assay-bar">
        {movesOf(version, production).map((move) => (
          <button
            type="button"
            key={move}
            className="jp-mod-styled jp-mod-minimal"
            data-move={move}
            onClick={() => void act(() => moveVersion(api, trans, version, move, production))}
          >
            {words[move]}…
          </button>
        ))}
        {version.run_id !== null && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void commands.execute(commandIds.run, { id: version.run_id })}
          >
            {trans.__("Open run")}
          </button>
        )}
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() =>
            void act(async () => {
              await modelRoutes.download(api, version.model_id, `${version.name}-${version.version}.assay`);
              return false;
            })
          }
        >
          {trans.__("Download")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => void act(() => deleteVersion(api, trans, version))}
        >
          {trans.__("Delete…")}
        </button>
      </div>
      <Failure error={action.failure} />
      <div className="jp-AssayRun-details">
        <section aria-label={trans.__("Metrics")}>
          <h3>{trans.__("Metrics")}</h3>
          <MetricsTable version={version} />
        </section>
        {groups.map(({ title, pairs: rows }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl className="jp-Assay-pairs">
              {rows.map(([name, value]) => (
                <div key={name}>
                  <dt title={name}>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </div>
  );
}
