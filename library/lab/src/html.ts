import { inspect } from "node:util";

/** The same value, shown in a notebook as HTML in which no dollar signs are typeset as mathematics; its own properties stay as they are. */
export function display<T extends object>(value: T, html: () => string): T {
  const bundle = () => ({ "text/plain": inspect(value, { depth: 3 }), "text/html": untypeset(html()) });
  return Object.defineProperty(value, Symbol.for("Jupyter.display"), { value: bundle, enumerable: false });
}

const untypeset = (html: string) => `<div class="mathjax_ignore tex2jax_ignore">${html}</div>`;

/** Items as a list of their own, shown in a notebook as a table of these columns. */
export function listed<T extends object>(items: readonly T[], columns: readonly (keyof T & string)[]): readonly T[] {
  return display([...items], () => htmlTable(items.map((item) => Object.fromEntries(columns.map((name) => [name, item[name]])))));
}

/** Rows as an HTML table, every cell escaped; numbers to four digits. */
export function htmlTable(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const head = names.map((name) => `<th>${escapeHtml(name)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${names.map((name) => `<td>${escapeHtml(cellText(row[name]))}</td>`).join("")}</tr>`)
    .join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number" && !Number.isInteger(value)) return value.toPrecision(4);
  return String(value);
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
