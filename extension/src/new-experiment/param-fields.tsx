import React, { useState } from "react";
import { usePanel } from "../panel";
import type { JsonSchema } from "../routes";
import { demandOf, namesOf, readText, textOf } from "./param-text";

/** What rjsf hands to a field of ours. */
interface ParamProps {
  schema: JsonSchema;
  idSchema: { $id: string };
  formData?: unknown;
  formContext?: { features?: readonly string[] };
  rawErrors?: readonly string[];
  onChange(value: unknown): void;
}

/** A parameter that is written: a name or a number, numbers, names of columns. */
export function TextParam({ schema, idSchema: { $id }, formData, rawErrors, onChange }: ParamProps): React.JSX.Element {
  const [text, setText] = useState(() => textOf(formData));
  const { trans } = usePanel();
  const names = namesOf(schema);
  return (
    <>
      <Title id={$id} schema={schema} />
      <input
        id={$id}
        type="text"
        list={names.length > 0 ? `${$id}-names` : undefined}
        title={demandOf(schema)}
        placeholder={trans.__("none")}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={(rawErrors?.length ?? 0) > 0}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          onChange(readText(target.value, schema));
        }}
      />
      {names.length > 0 && (
        <datalist id={`${$id}-names`}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** A parameter that holds estimators: each is chosen or not. */
export function PartsParam({ schema, idSchema: { $id }, formData, onChange }: ParamProps): React.JSX.Element {
  const chosen = Array.isArray(formData) ? (formData as string[]) : [];
  const { oneOf } = (schema as { items: { oneOf: readonly { const: string; title: string }[] } }).items;
  const toggle = (name: string, on: boolean) => onChange(on ? [...chosen, name] : chosen.filter((each) => each !== name));
  return (
    <fieldset className="jp-AssayNew-parts" id={$id}>
      <legend className="jp-FormGroup-fieldLabel">{schema.title}</legend>
      {oneOf.map(({ const: name, title }) => (
        <label key={name}>
          <input
            type="checkbox"
            name={`${$id} ${name}`}
            checked={chosen.includes(name)}
            onChange={({ target }) => toggle(name, target.checked)}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

/** A parameter that says of columns whether the prediction may only rise or fall with them. */
export function ConstraintsParam({ schema, idSchema: { $id }, formData, formContext, onChange }: ParamProps): React.JSX.Element {
  const { trans } = usePanel();
  const given = (formData ?? {}) as Record<string, number>;
  const count = Object.values(given).filter((value) => value !== 0).length;
  const set = (column: string, value: number) => {
    const { [column]: _, ...others } = given;
    onChange(value === 0 ? others : { ...others, [column]: value });
  };
  return (
    <>
      <Title schema={schema} />
      <details className="jp-AssayNew-constraints" id={$id} aria-label={schema.title}>
        <summary>{count === 0 ? trans.__("none") : trans._n("%1 column", "%1 columns", count)}</summary>
        {(formContext?.features ?? []).map((column) => (
          <label key={column}>
            <span title={column}>{column}</span>
            <select
              name={`${$id} ${column}`}
              value={given[column] ?? 0}
              onChange={({ target }) => set(column, Number(target.value))}
            >
              <option value={0}>{trans.__("free")}</option>
              <option value={1}>{trans.__("rising")}</option>
              <option value={-1}>{trans.__("falling")}</option>
            </select>
          </label>
        ))}
      </details>
    </>
  );
}

function Title({ id, schema }: { id?: string; schema: JsonSchema }): React.JSX.Element {
  return (
    <label htmlFor={id} className="jp-FormGroup-compactTitle">
      <span className="jp-FormGroup-fieldLabel jp-FormGroup-contentItem">{schema.title}</span>
      {schema.description && <span className="jp-FormGroup-description">{schema.description}</span>}
    </label>
  );
}
