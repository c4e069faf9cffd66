import type { RunInfo } from "assay-lab/contract";
import React from "react";
import { formatInstant, formatValue } from "../elements/format";
import { usePanel } from "../panel";
import { wordOf } from "../words";

/** Hyperparameters, data, split, preprocessing, environment and artifacts of a run. */
export function Details({ run }: { run: RunInfo }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <div className="jp-AssayRun-details">
      <section aria-label={trans.__("Hyperparameters")} className="jp-AssayRun-params">
        <h2>{trans.__("Hyperparameters")}</h2>
        <Pairs entries={Object.entries(run.hyperparameters)} />
      </section>
      <section aria-label={trans.__("Data")}>
        <h2>{trans.__("Data")}</h2>
        <Pairs
          entries={[
            [trans.__("dataset"), run.dataset],
            [trans.__("target"), run.target_column],
            [trans.__("features"), run.feature_columns.join(", ")],
            ...splitFacts(run.split, (part) => trans.__("%1 rows", wordOf(trans, part))),
            [trans.__("seed"), run.random_seed],
          ]}
        />
      </section>
      <section aria-label={trans.__("Preprocessing")}>
        <h2>{trans.__("Preprocessing")}</h2>
        {run.preprocessing ? (
          <pre className="jp-Assay-code" tabIndex={0}>
            {JSON.stringify(run.preprocessing, null, 2)}
          </pre>
        ) : (
          <p className="jp-Assay-faint">{trans.__("None.")}</p>
        )}
      </section>
      <section aria-label={trans.__("Environment")}>
        <h2>{trans.__("Environment")}</h2>
        <Pairs
          entries={[
            [trans.__("created"), formatInstant(run.created_at)],
            ["id", run.id],
            ...Object.entries(run.environment).filter(([, value]) => typeof value !== "object"),
          ]}
        />
      </section>
    </div>
  );
}

/** Names and values, aligned. */
function Pairs({ entries }: { entries: readonly (readonly [string, unknown])[] }): React.JSX.Element {
  return (
    <dl className="jp-Assay-pairs">
      {entries.map(([name, value]) => (
        <div key={name} data-name={name}>
          <dt>{name}</dt>
          <dd>{formatValue(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The parts of a split with their numbers of rows, then what it was made from. */
function splitFacts(split: unknown, rowsOfPart: (part: string) => string): [string, unknown][] {
  if (typeof split !== "object" || split === null) return [];
  return Object.entries(split).map(([name, value]) => {
    const rows = rowsOf(value);
    return rows === null ? [name, value] : [rowsOfPart(name), rows];
  });
}

/** The length of a list, which JSON may have made an object with numbers for keys. */
function rowsOf(value: unknown): number | null {
  if (typeof value !== "object" || value === null) return null;
  const keys = Object.keys(value);
  return keys.every((key) => /^\d+$/.test(key)) ? keys.length : null;
}
