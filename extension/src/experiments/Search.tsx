import React, { useId } from "react";
import { Select } from "../elements/Field";
import { Find } from "../elements/Find";
import { usePanel } from "../panel";
import type { RunColumn } from "./columns";
import { FilterBuilder } from "./FilterBuilder";
import type { RunsView } from "./view";

interface SearchProps {
  view: RunsView;
  onChange(changes: Partial<RunsView>): void;
  columns: readonly RunColumn[];
  /** What the service says of the filter. */
  problem: string | null;
}

/** Fields that runs are grouped by, beside hyperparameters and tags. */
const groupFields = ["experiment", "algorithm", "dataset", "status", "target_column", "task_type", "seed", "commit"];

/** Which runs are shown, and by what they are grouped. */
export function Search({ view, onChange, columns, problem }: SearchProps): React.JSX.Element {
  const { trans } = usePanel();
  const named = columns.filter(({ group }) => group === "params" || group === "tags").map(({ id }) => id);
  const fields = [...new Set([...groupFields, ...named, ...(view.group ? [view.group] : [])])];
  return (
    <>
      <div className="jp-Assay-bar" role="search">
        <Find
          label={trans.__("Search by name, experiment or algorithm")}
          placeholder={trans.__("Search")}
          value={view.quick}
          onChange={(quick) => onChange({ quick })}
        />
        <input
          type="text"
          className="jp-mod-styled jp-Assay-filter"
          placeholder="status = 'completed' and metrics.test.accuracy > 0.7"
          aria-label={trans.__("Filter")}
          aria-invalid={problem !== null}
          aria-describedby={problem !== null ? "jp-Assay-filterError" : undefined}
          spellCheck={false}
          value={view.filter}
          onChange={({ target }) => onChange({ filter: target.value })}
        />
        <FilterBuilder columns={columns} conditions={view.conditions} onChange={(conditions) => onChange({ conditions })} />
        <Select
          id={useId()}
          name="group"
          label={trans.__("Group by")}
          value={view.group}
          none={trans.__("Not grouped")}
          options={fields.map((field) => ({ value: field, label: trans.__("By %1", field) }))}
          onChange={(group) => onChange({ group })}
        />
        <label className="jp-Assay-check" title={trans.__("Trials of studies and models of comparisons")}>
          <input
            type="checkbox"
            name="parts"
            checked={view.withParts}
            onChange={({ target }) => onChange({ withParts: target.checked })}
          />
          {trans.__("Parts")}
        </label>
        <label className="jp-Assay-check" title={trans.__("Deleted runs in place of the others, until they are gone for good")}>
          <input
            type="checkbox"
            name="deleted"
            checked={view.deleted}
            onChange={({ target }) => onChange({ deleted: target.checked })}
          />
          {trans.__("Deleted")}
        </label>
      </div>
      {problem !== null && (
        <p className="jp-Assay-fieldError" id="jp-Assay-filterError" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
