import { type SourceField, type SourceMapping, type SourceTableName, sourceTables } from "assay-lab/contract";

/** A table of the application as the form holds it: its name and, by field, the text of each column. */
export interface TableDraft {
  table: string;
  columns: Readonly<Record<string, string>>;
}

/** Where an application keeps what is read, as the form holds it. */
export interface MappingDraft {
  schema: string;
  tables: Readonly<Partial<Record<SourceTableName, TableDraft>>>;
}

/** The tables that the ETL reads, in order. */
export const tableNames = Object.keys(sourceTables) as SourceTableName[];

/** A mapping of nothing yet. */
export const noMapping: MappingDraft = { schema: "", tables: {} };

/** What must be known of a table. */
export function fieldsOf(table: SourceTableName): readonly { name: string; type: string; required: boolean }[] {
  const fields = sourceTables[table].fields as Readonly<Record<string, { type: string; required?: true }>>;
  return Object.entries(fields).map(([name, { type, required = false }]) => ({ name, type: type.toLowerCase(), required }));
}

const conditional = /^(\S.*?)\s+if\s+(\S.*?)\s*(?:>=|≥)\s*(-?[\d.]+)(?:\s+and\s*(?:<=|≤)\s*(-?[\d.]+))?$/i;
const bounded = /^(\S.*?)\s+if\s+(\S.*?)\s*(?:<=|≤)\s*(-?[\d.]+)$/i;

/** What a field says: a column, or a column where another one is within bounds, as `rated_at if rating >= 3.5`. */
export function readField(text: string): SourceField {
  const within = conditional.exec(text.trim());
  if (within) {
    const [, column, other, least, most] = within;
    return {
      column: column!,
      where: { column: other!, least: Number(least), ...(most !== undefined && { most: Number(most) }) },
    };
  }
  const below = bounded.exec(text.trim());
  return below ? { column: below[1]!, where: { column: below[2]!, most: Number(below[3]) } } : text.trim();
}

/** The text of a field, as `readField` reads it. */
export function writeField(field: SourceField): string {
  if (typeof field === "string") return field;
  const { column, least, most } = field.where;
  if (least === undefined) return `${field.column} if ${column} <= ${most}`;
  return `${field.column} if ${column} >= ${least}${most === undefined ? "" : ` and <= ${most}`}`;
}

/** What keeps a mapping from being sent, as the service names the setting: `mapping.users.columns.id`. */
export function lackingIn({ schema, tables }: MappingDraft): readonly string[] {
  const lacking = tableNames.flatMap((name) => {
    const { table, columns } = tables[name] ?? { table: "", columns: {} };
    const isMeant =
      sourceTables[name].required || table.trim() !== "" || Object.values(columns).some((text) => text.trim() !== "");
    if (!isMeant) return [];
    const missing = fieldsOf(name).filter((field) => field.required && (columns[field.name] ?? "").trim() === "");
    return [
      ...(table.trim() === "" ? [`mapping.${name}.table`] : []),
      ...missing.map((field) => `mapping.${name}.columns.${field.name}`),
    ];
  });
  return [...(schema.trim() === "" ? ["mapping.schema"] : []), ...lacking];
}

/** The mapping as the service takes it; tables without a name and fields without a column are left out. */
export function mappingOf({ schema, tables }: MappingDraft): SourceMapping {
  const mapped = tableNames.flatMap((name) => {
    const draft = tables[name];
    if (!draft || draft.table.trim() === "") return [];
    const columns = Object.entries(draft.columns).filter(([, text]) => text.trim() !== "");
    return [
      [
        name,
        { table: draft.table.trim(), columns: Object.fromEntries(columns.map(([field, text]) => [field, readField(text)])) },
      ],
    ];
  });
  return { schema: schema.trim(), ...Object.fromEntries(mapped) } as SourceMapping;
}

/** A mapping as the form holds it. */
export function draftOfMapping({ schema, ...tables }: SourceMapping): MappingDraft {
  const drafts = Object.entries(tables).map(([name, mapped]) => {
    const columns = Object.entries(mapped.columns).flatMap(([field, from]) =>
      from === undefined ? [] : [[field, writeField(from as SourceField)]],
    );
    return [name, { table: mapped.table, columns: Object.fromEntries(columns) as Record<string, string> }];
  });
  return { schema, tables: Object.fromEntries(drafts) as MappingDraft["tables"] };
}

/** The setting of the mapping that an error names, as in `… has no column "uid" (setting mapping.users.columns.id)`. */
export function settingIn(error: string): string | null {
  return /\(setting (mapping(?:\.\w+)*)/.exec(error)?.[1] ?? null;
}
