import type { DatasetColumn, TaskType } from "assay-lab/contract";
import React from "react";
import { NumberField, SelectField } from "../elements/Field";
import { usePanel } from "../panel";
import type { Draft } from "./use-draft";

interface SplitProps {
  draft: Draft;
  change(part: Partial<Draft>): void;
  columns: readonly DatasetColumn[];
  task: TaskType;
}

/** How the rows are parted. */
export function Split({ draft, change, columns, task }: SplitProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <div className="jp-Assay-fields">
      {draft.kind !== "compare" && (
        <NumberField
          label={trans.__("Test share")}
          name="test_size"
          min={0.05}
          max={0.9}
          step={0.05}
          value={draft.testSize}
          onChange={(testSize) => change({ testSize })}
        />
      )}
      {draft.kind === "train" && (
        <NumberField
          label={trans.__("Validation share")}
          name="validation_size"
          min={0}
          max={0.9}
          step={0.05}
          value={draft.validationSize}
          onChange={(validationSize) => change({ validationSize })}
        />
      )}
      <NumberField label={trans.__("Seed")} name="random_seed" min={0} value={draft.seed} onChange={(seed) => change({ seed })} />
      <SelectField
        label={trans.__("Group column")}
        name="group_column"
        value={draft.group}
        none={trans.__("none")}
        options={columns.filter(({ name }) => name !== draft.target).map(({ name }) => ({ value: name, label: name }))}
        onChange={(group) => change({ group })}
      />
      {draft.kind === "train" && (
        <SelectField
          label={trans.__("Time column")}
          name="time_column"
          value={draft.time}
          none={trans.__("none")}
          options={columns
            .filter(({ name, kind }) => name !== draft.target && (kind === "datetime" || kind === "number"))
            .map(({ name }) => ({ value: name, label: name }))}
          onChange={(time) => change({ time })}
        />
      )}
      {draft.kind === "train" && (
        <SelectField
          label={trans.__("Cross-validation")}
          name="cv_folds"
          value={draft.folds === 0 ? "" : String(draft.folds)}
          none={trans.__("none")}
          options={[3, 5, 10].map((folds) => ({ value: String(folds), label: trans.__("%1 folds", folds) }))}
          onChange={(folds) => change({ folds: Number(folds) })}
        />
      )}
      {task === "classification" && (
        <label className="jp-Assay-check">
          <input
            type="checkbox"
            name="stratified"
            checked={draft.stratified && draft.time === ""}
            disabled={draft.time !== ""}
            onChange={({ target }) => change({ stratified: target.checked })}
          />
          {trans.__("Stratify by the target")}
        </label>
      )}
    </div>
  );
}
