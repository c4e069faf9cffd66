import type { DatasetColumn, TaskType } from "assay-lab/contract";
import React from "react";
import { Field, NumberField, Select } from "../elements/Field";
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
      <NumberField label={trans.__("Seed")} name="random_seed" min={0} value={draft.seed} onChange={(seed) => change({ seed })} />
      <Field label={trans.__("Group column")}>
        {(id) => (
          <Select
            id={id}
            name="group_column"
            value={draft.group}
            none={trans.__("none")}
            options={columns.filter(({ name }) => name !== draft.target).map(({ name }) => ({ value: name, label: name }))}
            onChange={(group) => change({ group })}
          />
        )}
      </Field>
      {draft.kind === "train" && (
        <Field label={trans.__("Cross-validation")}>
          {(id) => (
            <Select
              id={id}
              name="cv_folds"
              value={draft.folds === 0 ? "" : String(draft.folds)}
              none={trans.__("none")}
              options={[3, 5, 10].map((folds) => ({ value: String(folds), label: trans.__("%1 folds", folds) }))}
              onChange={(folds) => change({ folds: Number(folds) })}
            />
          )}
        </Field>
      )}
      {task === "classification" && (
        <label className="jp-Assay-check">
          <input
            type="checkbox"
            name="stratified"
            checked={draft.stratified}
            onChange={({ target }) => change({ stratified: target.checked })}
          />
          {trans.__("Stratify by the target")}
        </label>
      )}
    </div>
  );
}
