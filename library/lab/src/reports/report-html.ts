import { type Html, html } from "assay";
import type { DrawnFigure, Report, ReportBlock, ReportSection, ReportTable } from "./report.ts";
import { isFigure, shownCell, shownText, textMost } from "./shown-text.ts";

/** What a report may do: nothing but show itself. Sent as a header too. */
export const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #5b6570; --line: #d5dae0; --page: #fff; --soft: #f4f6f8; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ec; --faint: #9aa5b1; --line: #3a424c; --page: #14181d; --soft: #1d232a; --link: #7db7f0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1180px; font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); }
h1 { font-size: 24px; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 32px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
nav ol { columns: 3 180px; padding-left: 20px; margin: 8px 0; }
.faint, figcaption, caption { color: var(--faint); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 16px 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: 8px 0 16px; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 2px 0; white-space: nowrap; }
th, td { padding: 3px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; max-width: 420px; overflow-wrap: break-word; }
thead th { background: var(--soft); }
tbody th { font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
pre { background: var(--soft); padding: 10px 12px; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
.figures { display: grid; gap: 16px; margin: 8px 0 16px; }
.figures-2 { grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); }
.figures-3 { grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); }
figure { margin: 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; color: inherit; }
.left-out { border-left: 3px solid #e69f00; padding: 4px 12px; background: var(--soft); }
@media print {
  :root { color-scheme: light; --ink: #000; --faint: #444; --line: #bbb; --page: #fff; --soft: #f2f2f2; --link: #000; }
  body { max-width: none; padding: 0; font-size: 11px; }
  .wide { overflow: visible; }
  th, td { overflow-wrap: anywhere; }
  tr, figure { break-inside: avoid; }
  h2 { break-after: avoid; }
}`;

/** A report as one HTML file that needs no script and nothing from outside; every text from data is escaped. */
export function reportHtml(report: Report<DrawnFigure>): string {
  const { title, subtitle, madeAt, facts, sections } = report;
  const contents = sections.map((section, k) => html`<li><a href="#part-${k + 1}">${shownText(section.title)}</a></li>`);
  const rows = facts.map(([name, value]) => html`<dt>${shownText(name)}</dt><dd>${shownCell(value)}</dd>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${shownText(title)}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header><h1>${shownText(title)}</h1><p class="faint">${shownText(subtitle)} · made ${shownInstant(madeAt)} by Assay</p></header>
<dl>${rows}</dl>
<nav aria-label="Contents"><ol>${contents}</ol></nav>
<main>
${sections.map(sectionHtml)}
</main>
</body>
</html>
`.html;
}

/** An instant to the second, in UTC. */
export function shownInstant(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}

function sectionHtml({ title, blocks }: ReportSection<DrawnFigure>, k: number): Html {
  return html`<section aria-labelledby="part-${k + 1}"><h2 id="part-${k + 1}">${shownText(title)}</h2>${blocks.map(blockHtml)}</section>
`;
}

function blockHtml(block: ReportBlock<DrawnFigure>): Html {
  switch (block.kind) {
    case "table":
      return tableHtml(block);
    case "figures":
      return html`<div class="figures figures-${block.columns}">${block.figures.map(({ title, svg }) => html`<figure>${{ html: svg }}${title && html`<figcaption>${shownText(title)}</figcaption>`}</figure>`)}</div>`;
    case "text":
      return html`${block.lines.map((line) => html`<p>${shownText(line, textMost)}</p>`)}`;
    case "list":
      return html`<ul>${block.lines.map((line) => html`<li>${shownText(line)}</li>`)}</ul>`;
    case "code":
      return html`<pre>${shownText(block.lines.join("\n"), textMost)}</pre>`;
    case "left_out":
      return html`<p class="left-out">Left out: ${block.lines.map((line) => shownText(line)).join("; ")}.</p>`;
  }
}

function tableHtml({ caption, head, rows }: ReportTable): Html {
  const cell = (value: ReportTable["rows"][number][number], j: number): Html =>
    j === 0
      ? html`<th scope="row">${shownCell(value)}</th>`
      : html`<td${{ html: isFigure(value) ? ' class="number"' : "" }}>${shownCell(value)}</td>`;
  return html`<div class="wide"><table><caption>${shownText(caption)}</caption><thead><tr>${head.map((name) => html`<th scope="col">${shownText(name)}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table></div>`;
}
