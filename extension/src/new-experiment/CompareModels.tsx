import type { Algorithm, TaskType } from "assay-lab/contract";
import React from "react";
import { NumberField, SelectField } from "../elements/Field";
import { usePanel } from "../panel";
import { MetricField } from "./Search";
import type { ComparisonDraft } from "./search-draft";

interface CompareModelsProps {
  comparison: ComparisonDraft;
  algorithms: readonly Algorithm[];
  task: TaskType;
  change(part: Partial<ComparisonDraft>): void;
}

/** Which algorithms are compared on the same folds, and how long. */
export function CompareModels({ comparison, algorithms, task, change }: CompareModelsProps): React.JSX.Element {
  const { trans } = usePanel();
  const { models, names, folds, minutes, metric } = comparison;
  const toggle = (name: string, on: boolean) => {
    const next = new Set(names);
    if (on) next.add(name);
    else next.delete(name);
    change({ names: next });
  };
  return (
    <section aria-label={trans.__("Algorithms")}>
      <h2>{trans.__("Algorithms")}</h2>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Which")}
          name="models"
          value={models}
          options={[
            { value: "fast", label: trans.__("the fast ones") },
            { value: "all", label: trans.__("all") },
            { value: "named", label: trans.__("those I name") },
          ]}
          onChange={(chosen) => change({ models: chosen as ComparisonDraft["models"] })}
        />
        <NumberField
          label={trans.__("Folds")}
          name="folds"
          min={2}
          max={50}
          value={folds}
          onChange={(value) => change({ folds: value })}
        />
        <MetricField metric={metric} task={task} onChange={(chosen) => change({ metric: chosen })} />
        <NumberField
          label={trans.__("Minutes at most")}
          name="minutes"
          min={0}
          max={43_200}
          step="any"
          value={minutes}
          none={trans.__("no bound")}
          onChange={(value) => change({ minutes: value })}
        />
      </div>
      <p className="jp-Assay-faint">{trans.__("A dummy that learns nothing is always among them.")}</p>
      {models === "named" && (
        <fieldset className="jp-AssayNew-features" aria-label={trans.__("Algorithms to compare")}>
          <ul>
            {algorithms.map(({ name, title }) => (
              <li key={name}>
                <label className="jp-Assay-check" title={title}>
                  <input
                    type="checkbox"
                    name={`model ${name}`}
                    checked={names.has(name)}
                    onChange={({ target }) => toggle(name, target.checked)}
                  />
                  <span className="jp-AssayNew-column">{title}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
    </section>
  );
}
