import { inspect } from "node:util";

/** The same value, shown in a notebook as HTML; its own properties stay as they are. */
export function display<T extends object>(value: T, html: () => string): T {
  const bundle = () => ({ "text/plain": inspect(value, { depth: 3 }), "text/html": html() });
  return Object.defineProperty(value, Symbol.for("Jupyter.display"), { value: bundle, enumerable: false });
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
