import type { ModelVersion, VersionStatus } from "assay-lab/contract";
import React, { useState } from "react";
import { formatMetric } from "../elements/format";
import { Status } from "../elements/status";
import { usePanel } from "../panel";
import { metricOf } from "./metrics";
import { moveTo, moveVersion } from "./moves";
import type { ModelState } from "./use-model";

const statuses: readonly VersionStatus[] = ["training", "staged", "production", "archived"];

interface BoardProps {
  model: ModelState;
  /** What a card shows, with the split that it is of. */
  metric: string;
  split: string;
  onTry(version: string): void;
  onChanged(): void;
}

/** The versions as cards below their statuses; a card is moved by dragging it, or by the arrow keys. */
export function Board({ model, metric, split, onTry, onChanged }: BoardProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { versions, production } = model;
  const [dragged, setDragged] = useState<ModelVersion | null>(null);
  const takes = (status: VersionStatus) => dragged !== null && moveTo(dragged, status, production) !== undefined;
  const move = async (version: ModelVersion, to: VersionStatus) => {
    const wanted = moveTo(version, to, production);
    if (wanted && (await moveVersion(api, trans, version, wanted, production))) onChanged();
  };
  const nextTo = (version: ModelVersion, step: number) => {
    const at = statuses.indexOf(version.version_status);
    const reachable = (step > 0 ? statuses.slice(at + 1) : statuses.slice(0, at).reverse()).find((status) =>
      moveTo(version, status, production),
    );
    if (reachable) void move(version, reachable);
  };
  return (
    <>
      <p className="jp-Assay-faint">
        {trans.__("Drag a version to another status, or press the left and right arrow keys on it.")}
      </p>
      <div className="jp-AssayBoard">
        {statuses.map((status) => (
          <section
            key={status}
            aria-label={status}
            data-column={status}
            data-takes={takes(status)}
            onDragOver={(event) => takes(status) && event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged && takes(status)) void move(dragged, status);
              setDragged(null);
            }}
          >
            <h3>
              <Status status={status} />
            </h3>
            <ul>
              {versions
                .filter(({ version_status }) => version_status === status)
                .map((version) => (
                  <li key={version.model_id}>
                    <button
                      type="button"
                      draggable
                      className="jp-AssayBoard-card"
                      data-card={version.version}
                      aria-keyshortcuts="ArrowLeft ArrowRight"
                      title={trans.__("Try %1", version.version)}
                      onClick={() => onTry(version.version)}
                      onDragStart={({ dataTransfer }) => {
                        dataTransfer.effectAllowed = "move";
                        dataTransfer.setData("text/plain", `${version.name}@${version.version}`);
                        setDragged(version);
                      }}
                      onDragEnd={() => setDragged(null)}
                      onKeyDown={({ key }) => {
                        if (key === "ArrowRight") nextTo(version, 1);
                        if (key === "ArrowLeft") nextTo(version, -1);
                      }}
                    >
                      <strong>{version.version}</strong>
                      <span className="jp-Assay-faint">{version.algorithm}</span>
                      <span>
                        {metric !== "" && `${metric.replaceAll("_", " ")} ${formatted(version)}`}
                        {version.aliases.map((alias) => (
                          <span key={alias} className="jp-Assay-chip">
                            {alias}
                          </span>
                        ))}
                      </span>
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );

  function formatted(version: ModelVersion): string {
    return formatMetric(metricOf(version, split, metric), 4);
  }
}
