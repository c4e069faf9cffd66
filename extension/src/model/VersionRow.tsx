import type { ModelVersion } from "assay-lab/contract";
import React from "react";
import { formatBytes, formatInstant, formatMetric } from "../elements/format";
import { Status } from "../elements/status";
import { usePanel } from "../panel";
import { metricOf } from "./metrics";
import { movesOf, moveVersion, moveWords } from "./moves";
import { VersionDetails } from "./VersionDetails";

interface VersionRowProps {
  version: ModelVersion;
  production: ModelVersion | undefined;
  actor: string | undefined;
  metric: string;
  splits: readonly string[];
  isChosen: boolean;
  isOpen: boolean;
  onChoose(): void;
  onOpen(): void;
  onTry(): void;
  onChanged(): void;
}

/** A version in the table: its likeliest move at hand, everything else below it when it is opened. */
export function VersionRow(props: VersionRowProps): React.JSX.Element {
  const { version, production, actor, metric, splits, isChosen, isOpen, onChoose, onOpen, onTry, onChanged } = props;
  const { api, preferences, trans } = usePanel();
  const [first] = movesOf(version, production);
  const act = async () => {
    if (await moveVersion(api, trans, version, first!, production)) onChanged();
  };
  return (
    <>
      <tr data-version={version.version} data-status={version.version_status}>
        <td>
          <input
            type="checkbox"
            checked={isChosen}
            aria-label={trans.__("Choose version %1", version.version)}
            onChange={onChoose}
          />
        </td>
        <th scope="row">
          <button type="button" className="jp-Assay-link" aria-expanded={isOpen} onClick={onOpen}>
            <span aria-hidden="true" className="jp-Assay-arrow">
              {isOpen ? "▾" : "▸"}
            </span>{" "}
            {version.version}
          </button>
          {version.aliases.map((alias) => (
            <span key={alias} className="jp-Assay-chip">
              {alias}
            </span>
          ))}
        </th>
        <td>
          <Status status={version.version_status} />
        </td>
        {splits.map((split) => (
          <td key={split} className="jp-mod-numeric">
            {formatMetric(metricOf(version, split, metric), preferences.values.decimals)}
          </td>
        ))}
        <td>{version.algorithm}</td>
        <td>{version.dataset ?? "–"}</td>
        <td>
          {formatInstant(version.created_at)}
          {actor && <span className="jp-Assay-faint"> · {actor}</span>}
        </td>
        <td className="jp-mod-numeric">{formatBytes(version.size_bytes)}</td>
        <td>
          <div className="jp-Assay-actions">
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Try %1", version.version)}
              onClick={onTry}
            >
              {trans.__("Try")}
            </button>
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              data-move={first}
              aria-label={`${moveWords(trans)[first!]} ${version.version}`}
              onClick={() => void act()}
            >
              {moveWords(trans)[first!]}
            </button>
          </div>
        </td>
      </tr>
      {isOpen && (
        <tr className="jp-AssayModel-open">
          <td colSpan={8 + splits.length}>
            <VersionDetails version={version} production={production} onChanged={onChanged} />
          </td>
        </tr>
      )}
    </>
  );
}
