import type { ModelVersion } from "assay-lab/contract";
import React, { useId, useState } from "react";
import { Select } from "../elements/Field";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { Benchmark } from "./Benchmark";
import { Board } from "./Board";
import { Comparison } from "./Comparison";
import { bestKnown, metricNames, splitsOf } from "./metrics";
import type { ModelState } from "./use-model";
import { VersionRow } from "./VersionRow";

interface VersionsProps {
  model: ModelState;
  onTry(version: string): void;
  onChanged(): void;
}

/** The versions of a model in a table; those that are chosen are compared, or measured on one dataset. */
export function Versions({ model, onTry, onChanged }: VersionsProps): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const { versions, production, actors } = model;
  const names = metricNames(versions);
  const [metric, setMetric] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [opened, setOpened] = useState<string | null>(null);
  const [form, setForm] = useState<"table" | "board">("table");
  const [beside, setBeside] = useState<"comparison" | "benchmark" | null>(null);
  const shown = names.includes(metric) ? metric : (bestKnown(names) ?? "");
  const splits = splitsOf(versions, shown);
  const picked = versions.filter(({ model_id }) => chosen.includes(model_id));
  const choose = ({ model_id }: ModelVersion) =>
    setChosen((old) => (old.includes(model_id) ? old.filter((each) => each !== model_id) : [...old, model_id]));
  return (
    <section aria-label={trans.__("Versions")}>
      <div className="jp-Assay-bar jp-AssayModel-tools">
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={picked.length < 2}
          title={trans.__("Choose two versions or more")}
          aria-pressed={beside === "comparison"}
          onClick={() => setBeside(beside === "comparison" ? null : "comparison")}
        >
          {trans.__("Compare (%1)", picked.length)}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={picked.length < 1}
          title={trans.__("Choose a version or more")}
          aria-pressed={beside === "benchmark"}
          onClick={() => setBeside(beside === "benchmark" ? null : "benchmark")}
        >
          {trans.__("Benchmark (%1)…", picked.length)}
        </button>
        <span className="jp-Assay-spring" />
        {(["table", "board"] as const).map((each) => (
          <button
            type="button"
            key={each}
            className="jp-mod-styled jp-mod-minimal"
            aria-pressed={form === each}
            onClick={() => setForm(each)}
          >
            {each === "table" ? trans.__("Table") : trans.__("Board")}
          </button>
        ))}
        {names.length > 0 && (
          <Select
            id={id}
            name="metric"
            label={trans.__("Metric that is shown")}
            value={shown}
            options={names.map((name) => ({ value: name, label: name.replaceAll("_", " ") }))}
            onChange={setMetric}
          />
        )}
      </div>
      {beside === "comparison" && picked.length > 1 && <Comparison versions={picked} />}
      {beside === "benchmark" && picked.length > 0 && <Benchmark versions={picked} />}
      {form === "board" ? (
        <Board model={model} metric={shown} split={splits.at(-1) ?? ""} onTry={onTry} onChanged={onChanged} />
      ) : (
        <Wide>
          <table className="jp-Assay-table jp-AssayModel-versions">
            <thead>
              <tr>
                <th scope="col">
                  <span className="jp-Assay-hidden">{trans.__("Choose")}</span>
                </th>
                <th scope="col">{trans.__("Version")}</th>
                <th scope="col">{trans.__("Status")}</th>
                {splits.map((split) => (
                  <th scope="col" key={split} className="jp-mod-numeric">
                    {split === "" ? shown.replaceAll("_", " ") : `${split} ${shown.replaceAll("_", " ")}`}
                  </th>
                ))}
                <th scope="col">{trans.__("Algorithm")}</th>
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
              {versions.map((version) => (
                <VersionRow
                  key={version.model_id}
                  version={version}
                  production={production}
                  actor={actors.get(version.model_id)}
                  metric={shown}
                  splits={splits}
                  isChosen={chosen.includes(version.model_id)}
                  isOpen={opened === version.model_id}
                  onChoose={() => choose(version)}
                  onOpen={() => setOpened(opened === version.model_id ? null : version.model_id)}
                  onTry={() => onTry(version.version)}
                  onChanged={onChanged}
                />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}
