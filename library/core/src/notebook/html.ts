/** Text that is HTML already; everything else is escaped when it is put in. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | undefined | readonly Part[];

/** The one way to make HTML: values put in are escaped, unless they were made by this same template. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, k) => (k === 0 ? text : written(parts[k - 1]) + text)).join("") };
}

function written(part: Part): string {
  if (part === null || part === undefined) return "";
  if (Array.isArray(part)) return part.map(written).join("");
  if (typeof part === "object") return (part as Html).html;
  return String(part)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A table with a head; cells that are numbers stand to the right. */
export function table(head: readonly Part[], rows: readonly (readonly Part[])[]): Html {
  const cell = (part: Part, k: number): Html =>
    html`<td style="${typeof rows[0]?.[k] === "number" || isNumeric(part) ? "text-align:right;" : "text-align:left;"}white-space:nowrap">${part}</td>`;
  return html`<table style="font-size:12px;margin:4px 0"><thead><tr>${head.map((part) => html`<th style="text-align:left">${part}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table>`;
}

function isNumeric(part: Part): boolean {
  return typeof part === "string" && /^-?[\d.]+(e[+-]?\d+)?( %)?$/.test(part);
}

/** A number as people read it: four digits. */
export function digits(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return String(Number(value.toPrecision(4)));
}

/** A small note in the front end's quieter colour. */
export function note(text: Part): Html {
  return html`<div style="font-size:12px;color:var(--jp-ui-font-color2,#666)">${text}</div>`;
}

/** A share as per cent. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** Something under a heading that the reader opens. */
export function section(title: string, inside: Part): Html {
  return html`<details style="margin:6px 0"><summary style="cursor:pointer;font-weight:600">${title}</summary>${inside}</details>`;
}
