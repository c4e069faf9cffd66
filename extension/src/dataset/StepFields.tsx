import type { DatasetColumn, Step, StepForm } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, Select } from "../elements/Field";
import { usePanel } from "../panel";
import type { JsonSchema } from "../routes";
import { wordOf } from "../words";
import { ColumnTicks } from "./ColumnTicks";

interface StepFieldsProps {
  form: StepForm;
  step: Step;
  columns: readonly DatasetColumn[];
  onChange(step: Step): void;
}

/** The settings of one step, a field for each property of its JSON Schema. */
export function StepFields({ form, step, columns, onChange }: StepFieldsProps): React.JSX.Element {
  const properties = Object.entries((form.schema as { properties: Record<string, JsonSchema> }).properties);
  const change = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = step;
    onChange((value === undefined ? rest : { ...rest, [name]: value }) as Step);
  };
  return (
    <div className="jp-Assay-fields">
      {properties
        .filter(([name]) => name !== "step")
        .map(([name, schema]) => (
          <SettingField key={name} {...{ name, schema, columns }} value={step[name]} onChange={(value) => change(name, value)} />
        ))}
    </div>
  );
}

interface SettingProps {
  name: string;
  schema: JsonSchema;
  /** Undefined where the default holds. */
  value: unknown;
  columns: readonly DatasetColumn[];
  onChange(value: unknown): void;
}

function SettingField({ name, schema, value, columns, onChange }: SettingProps): React.JSX.Element {
  const label = schema.title ?? name;
  const shown = value === undefined ? schema.default : value;
  if (schema.type === "boolean")
    return (
      <label className="jp-Assay-check" title={schema.description}>
        <input type="checkbox" name={name} checked={shown === true} onChange={({ target }) => onChange(target.checked)} />
        {label}
      </label>
    );
  return (
    <Field label={label} hint={schema.description}>
      {(id) => <Control {...{ id, name, schema, columns, onChange }} value={shown} />}
    </Field>
  );
}

function Control({ id, name, schema, value, columns, onChange }: SettingProps & { id: string }): React.JSX.Element {
  if (schema["columns"] === true) return <ColumnsField {...{ id, name, columns, onChange }} value={value} />;
  if (schema.enum)
    return (
      <Select
        id={id}
        name={name}
        value={String(value ?? "")}
        options={schema.enum.map((each) => ({ value: String(each), label: String(each).replaceAll("_", " ") }))}
        onChange={onChange}
      />
    );
  if (schema.type === "number" || schema.type === "integer")
    return (
      <input
        id={id}
        name={name}
        className="jp-mod-styled"
        type="number"
        step={schema.type === "integer" ? 1 : "any"}
        min={schema.minimum}
        max={schema.maximum}
        value={value === undefined ? "" : String(value)}
        onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)}
      />
    );
  if (schema.type === "array") return <ListField {...{ id, name, schema, value, onChange }} />;
  return (
    <input
      id={id}
      name={name}
      className="jp-mod-styled"
      value={value === undefined ? "" : String(value)}
      onChange={({ target }) => onChange(target.value === "" ? undefined : numberOrText(target.value, schema))}
    />
  );
}

interface ColumnsFieldProps {
  id: string;
  name: string;
  value: unknown;
  columns: readonly DatasetColumn[];
  onChange(value: unknown): void;
}

/** Columns to choose by ticking; none ticked is the step's default. */
function ColumnsField({ id, name, value, columns, onChange }: ColumnsFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <ColumnTicks
      {...{ id, name }}
      columns={columns.map((column) => ({ name: column.name, kind: wordOf(trans, column.kind) }))}
      chosen={Array.isArray(value) ? (value as string[]) : []}
      none={trans.__("by default")}
      onChange={(chosen) => onChange(chosen.length === 0 ? undefined : chosen)}
    />
  );
}

interface ListFieldProps {
  id: string;
  name: string;
  schema: JsonSchema;
  value: unknown;
  onChange(value: unknown): void;
}

/** A list of texts between commas, or of `from = to` between commas where the items are pairs. */
function ListField({ id, name, schema, value, onChange }: ListFieldProps): React.JSX.Element {
  const pairs = (schema["items"] as JsonSchema | undefined)?.type === "object";
  const [text, setText] = useState(() => written(value));
  return (
    <input
      id={id}
      name={name}
      className="jp-mod-styled"
      placeholder={pairs ? "old = new, …" : undefined}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        onChange(target.value === "" ? undefined : read(target.value, pairs));
      }}
    />
  );
}

function written(value: unknown): string {
  if (!Array.isArray(value)) return "";
  return value
    .map((each) => (typeof each === "object" && each !== null ? Object.values(each).join(" = ") : String(each)))
    .join(", ");
}

function read(text: string, pairs: boolean): unknown[] {
  const parts = text.split(",").map((part) => part.trim());
  if (!pairs) return parts;
  return parts.flatMap((part) => {
    const [from, to] = part.split("=").map((each) => each.trim());
    return from && to ? [{ from, to }] : [];
  });
}

/** A constant is a number where it reads as one and the setting takes numbers. */
function numberOrText(text: string, { anyOf }: JsonSchema): string | number {
  const takesNumbers = anyOf?.some(({ type }) => type === "number") ?? false;
  return takesNumbers && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
