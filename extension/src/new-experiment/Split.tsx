import type { DatasetColumn, TaskType } from "assay-lab/contract";
import React from "react";
import { Field, Select } from "../elements/Field";
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
      <Field label={trans.__("Test share")}>
        {(id) => (
          <input
            id={id}
            name="test_size"
            className="jp-mod-styled"
            type="number"
            min={0.05}
            max={0.9}
            step={0.05}
            required
            value={draft.testSize}
            onChange={({ target }) => change({ testSize: target.valueAsNumber })}
          />
        )}
      </Field>
      <Field label={trans.__("Seed")}>
        {(id) => (
          <input
            id={id}
            name="random_seed"
            className="jp-mod-styled"
            type="number"
            min={0}
            step={1}
            required
            value={draft.seed}
            onChange={({ target }) => change({ seed: target.valueAsNumber })}
          />
        )}
      </Field>
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
