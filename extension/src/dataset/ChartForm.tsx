import type { ChartType, DatasetColumn } from "assay-lab/contract";
import React from "react";
import { Field, Select, SelectField } from "../elements/Field";
import { usePanel } from "../panel";
import { ColumnTicks } from "./ColumnTicks";
import { chartNames } from "./chart-names";
import { type ChartDraft, chartFields } from "./chart-spec";

interface ChartFormProps {
  draft: ChartDraft;
  columns: readonly DatasetColumn[];
  onChange(part: Partial<ChartDraft>): void;
}

/** What a chart shows, by its type. */
export function ChartForm({ draft, columns, onChange }: ChartFormProps): React.JSX.Element {
  const { trans } = usePanel();
  const all = columns.map(({ name }) => ({ value: name, label: name }));
  const numbers = columns
    .filter(({ kind }) => kind === "number" || kind === "datetime")
    .map(({ name }) => ({ value: name, label: name }));
  const choice = (name: "column" | "x" | "y" | "by", label: string, options: typeof all) => (
    <Field label={label}>
      {(id) => (
        <Select
          {...{ id, name, options }}
          value={draft[name]}
          none={name === "by" ? trans.__("none") : trans.__("choose…")}
          onChange={(value) => onChange({ [name]: value })}
        />
      )}
    </Field>
  );
  const fields: Partial<Record<keyof ChartDraft, React.ReactNode>> = {
    column: choice("column", trans.__("Column"), all),
    x: choice("x", "x", numbers),
    y: choice("y", "y", numbers),
    by: choice("by", trans.__("Colour by"), all),
    bins: (
      <Field label={trans.__("Bins")}>
        {(id) => (
          <input
            id={id}
            name="bins"
            className="jp-mod-styled"
            type="number"
            min={1}
            max={200}
            value={draft.bins}
            onChange={({ target }) => target.valueAsNumber >= 1 && onChange({ bins: Math.min(200, target.valueAsNumber) })}
          />
        )}
      </Field>
    ),
    method: (
      <SelectField
        label={trans.__("Beyond")}
        name="method"
        value={draft.method}
        options={[
          { value: "iqr", label: trans.__("1.5 interquartile ranges") },
          { value: "zscore", label: trans.__("3 standard deviations") },
        ]}
        onChange={(method) => onChange({ method: method as ChartDraft["method"] })}
      />
    ),
    columns: (
      <ColumnChoice
        columns={draft.type === "missing" ? all : numbers}
        most={draft.type === "scatter_matrix" ? 6 : 20}
        chosen={draft.columns}
        onChange={(chosen) => onChange({ columns: chosen })}
      />
    ),
  };
  return (
    <div className="jp-Assay-fields">
      <SelectField
        label={trans.__("Chart")}
        name="chart"
        value={draft.type}
        options={Object.entries(chartNames(trans)).map(([value, label]) => ({ value, label }))}
        onChange={(type) => onChange({ type: type as ChartType, columns: [] })}
      />
      {chartFields[draft.type].map((field) => (
        <React.Fragment key={field}>{fields[field]}</React.Fragment>
      ))}
    </div>
  );
}

interface ColumnChoiceProps {
  columns: readonly { value: string; label: string }[];
  most: number;
  chosen: readonly string[];
  onChange(chosen: string[]): void;
}

function ColumnChoice({ columns, most, chosen, onChange }: ColumnChoiceProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Field label={trans.__("Columns, at most %1", most)}>
      {(id) => (
        <ColumnTicks
          {...{ id, chosen, most, onChange }}
          name="chart"
          columns={columns.map(({ value }) => ({ name: value }))}
          none={trans.__("the first that fit")}
        />
      )}
    </Field>
  );
}
