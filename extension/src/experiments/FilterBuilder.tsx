import type { FilterOperator } from "assay-lab/contract";
import React, { useId } from "react";
import { Select } from "../elements/Field";
import { usePanel } from "../panel";
import type { RunColumn } from "./columns";
import { type Condition, isAlone, operators } from "./filter";
import { Popover } from "./Popover";

interface FilterBuilderProps {
  columns: readonly RunColumn[];
  conditions: readonly Condition[];
  onChange(conditions: readonly Condition[]): void;
}

/** Fields that no column shows. */
const more = ["notes", "description", "error", "task_type", "seed", "commit", "started_at", "ended_at", "id"];

/** Conditions row by row, for who does not write them: all must hold, and with them the written filter. */
export function FilterBuilder({ columns, conditions, onChange }: FilterBuilderProps): React.JSX.Element {
  const { trans } = usePanel();
  const fieldsId = useId();
  const fields = [...columns.map(({ id }) => id).filter((id) => id !== "tags"), ...more];
  const change = (at: number, changes: Partial<Condition>) =>
    onChange(conditions.map((each, k) => (k === at ? { ...each, ...changes } : each)));
  const label = conditions.length > 0 ? trans.__("Conditions (%1)", conditions.length) : trans.__("Conditions");
  return (
    <Popover label={label} title={trans.__("Conditions, all of which must hold")}>
      <datalist id={fieldsId}>
        {fields.map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      {conditions.length === 0 && <p className="jp-Assay-faint">{trans.__("No conditions.")}</p>}
      {conditions.map((condition, k) => (
        <div key={k} className="jp-AssayExperiments-condition" role="group" aria-label={trans.__("Condition %1", k + 1)}>
          <input
            className="jp-mod-styled"
            name="field"
            list={fieldsId}
            aria-label={trans.__("Field")}
            value={condition.field}
            onChange={({ target }) => change(k, { field: target.value.trim() })}
          />
          <Select
            id={`${fieldsId}${k}`}
            name="operator"
            label={trans.__("Comparison")}
            value={condition.operator}
            options={operators.map((operator) => ({ value: operator, label: operator }))}
            onChange={(operator) => change(k, { operator: operator as FilterOperator })}
          />
          <input
            className="jp-mod-styled"
            name="value"
            aria-label={trans.__("Value")}
            placeholder={hintOf(condition.operator)}
            disabled={isAlone(condition.operator)}
            value={isAlone(condition.operator) ? "" : condition.value}
            onChange={({ target }) => change(k, { value: target.value })}
          />
          <button
            type="button"
            className="jp-Assay-link"
            aria-label={trans.__("Remove condition %1", k + 1)}
            onClick={() => onChange(conditions.filter((_, j) => j !== k))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        onClick={() => onChange([...conditions, { field: "status", operator: "=", value: "completed" }])}
      >
        {trans.__("Add a condition")}
      </button>
    </Popover>
  );
}

function hintOf(operator: FilterOperator): string {
  return { in: "a, b, c", between: "0.5, 0.9", like: "%tree%" }[operator as string] ?? "";
}
