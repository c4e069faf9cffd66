import { type SourceTableName, sourceTables } from "assay-lab/contract";
import React from "react";
import { Field } from "../../elements/Field";
import { usePanel } from "../../panel";
import { fieldsOf, lackingIn, type MappingDraft, type TableDraft, tableNames } from "./mapping";

interface MappingFieldsProps {
  mapping: MappingDraft;
  /** The setting that the service refused, and its words. */
  refused: { setting: string; message: string } | null;
  onChange(mapping: MappingDraft): void;
}

const noTable: TableDraft = { table: "", columns: {} };

/** Which tables and columns of an application are what the ETL reads. */
export function MappingFields({ mapping, refused, onChange }: MappingFieldsProps): React.JSX.Element {
  const { trans } = usePanel();
  const lacking = new Set(lackingIn(mapping));
  const wordOf = (setting: string) => (refused?.setting === setting ? refused.message : undefined);
  const change = (name: SourceTableName, table: TableDraft) =>
    onChange({ ...mapping, tables: { ...mapping.tables, [name]: table } });
  return (
    <section aria-label={trans.__("Mapping")} className="jp-AssayRecommendations-mapping">
      <h2>{trans.__("Mapping")}</h2>
      <p className="jp-Assay-faint">
        {trans.__("Name the columns of each table. A column may count under a condition: %1", "rated_at if rating >= 3.5")}
      </p>
      <div className="jp-Assay-fields">
        <Field label={trans.__("Schema")}>
          {(id) => (
            <TextInput
              id={id}
              name="mapping.schema"
              value={mapping.schema}
              isLacking={lacking.has("mapping.schema")}
              refused={wordOf("mapping.schema")}
              onChange={(schema) => onChange({ ...mapping, schema })}
            />
          )}
        </Field>
      </div>
      {tableNames.map((name) => (
        <TableFields
          key={name}
          name={name}
          draft={mapping.tables[name] ?? noTable}
          lacking={lacking}
          wordOf={wordOf}
          onChange={(table) => change(name, table)}
        />
      ))}
    </section>
  );
}

interface TableFieldsProps {
  name: SourceTableName;
  draft: TableDraft;
  lacking: ReadonlySet<string>;
  wordOf(setting: string): string | undefined;
  onChange(draft: TableDraft): void;
}

function TableFields({ name, draft, lacking, wordOf, onChange }: TableFieldsProps): React.JSX.Element {
  const { trans } = usePanel();
  const titles: Record<SourceTableName, string> = {
    users: trans.__("People"),
    user_vectors: trans.__("Vectors of people"),
    onboarding: trans.__("Answers at the first visit"),
    items: trans.__("Items"),
    item_vectors: trans.__("Vectors of items"),
    recommendations: trans.__("Recommendations shown"),
    searches: trans.__("Searches"),
    bookings: trans.__("Bookings"),
  };
  const { required } = sourceTables[name];
  const setting = `mapping.${name}.table`;
  const fields = fieldsOf(name);
  const isNamed = draft.table.trim() !== "" || fields.some((field) => wordOf(`mapping.${name}.columns.${field.name}`));
  const setColumn = (field: string, text: string) => onChange({ ...draft, columns: { ...draft.columns, [field]: text } });
  return (
    <details open={required || isNamed || wordOf(setting) !== undefined} data-table={name}>
      <summary>
        {titles[name]}
        <span className="jp-Assay-faint">{required ? trans.__("must be there") : trans.__("may be left out")}</span>
      </summary>
      <div className="jp-Assay-fields">
        <Field label={trans.__("Table or view")}>
          {(id) => (
            <TextInput
              id={id}
              name={setting}
              value={draft.table}
              isLacking={lacking.has(setting)}
              refused={wordOf(setting)}
              onChange={(table) => onChange({ ...draft, table })}
            />
          )}
        </Field>
        {fields.map(({ name: field, type, required: isKey }) => {
          const place = `mapping.${name}.columns.${field}`;
          return (
            <Field key={field} label={`${field}${isKey ? " *" : ""} · ${type}`}>
              {(id) => (
                <TextInput
                  id={id}
                  name={place}
                  value={draft.columns[field] ?? ""}
                  isLacking={lacking.has(place)}
                  refused={wordOf(place)}
                  onChange={(text) => setColumn(field, text)}
                />
              )}
            </Field>
          );
        })}
      </div>
    </details>
  );
}

interface TextInputProps {
  id: string;
  name: string;
  value: string;
  /** Must be filled in and is not. */
  isLacking: boolean;
  /** Why the service refused it. */
  refused: string | undefined;
  onChange(text: string): void;
}

function TextInput({ id, name, value, isLacking, refused, onChange }: TextInputProps): React.JSX.Element {
  return (
    <>
      <input
        id={id}
        name={name}
        className="jp-mod-styled jp-mod-code"
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        required={isLacking}
        aria-invalid={refused !== undefined || undefined}
        aria-describedby={refused === undefined ? undefined : `${id}-refused`}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      {refused !== undefined && (
        <p id={`${id}-refused`} className="jp-Assay-fieldError">
          {refused}
        </p>
      )}
    </>
  );
}
