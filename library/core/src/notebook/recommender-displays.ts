import { defineRenderer } from "../base/display.ts";
import type { MeasuredValue, RecommenderReport } from "../recommend/evaluate-recommenders.ts";
import { countOf } from "../recommend/ids.ts";
import type { Interactions } from "../recommend/interactions.ts";
import { written } from "./bundles.ts";
import { digits, type Html, html, note, table } from "./html.ts";

/** Says how values of the recommend room are shown. */
export function defineRecommenderDisplays(): void {
  defineRenderer<Interactions>("interactions", (value) => written(interactionsText(value), note(interactionsText(value))));
  defineRenderer<RecommenderReport>("recommender-report", (value) => written(reportText(value), reportHtml(value)));
}

function interactionsText({ users, items, codes, columns, times }: Interactions): string {
  const [u, i] = [countOf(users), countOf(items)];
  const share = ((100 * codes.length) / (u * i)).toPrecision(2);
  const range =
    times && codes.length > 0
      ? `, from ${dayOf(times.reduce((a, b) => Math.min(a, b)))} to ${dayOf(times.reduce((a, b) => Math.max(a, b)))}`
      : "";
  return `${codes.length.toLocaleString("en")} interactions of ${u.toLocaleString("en")} users (${columns.user}) with ${i.toLocaleString("en")} items (${columns.item}), ${share} % of all pairs${range}`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Measures in the order of the report, the models beside each other. */
function rowsOf({ models }: RecommenderReport): {
  readonly measures: readonly string[];
  readonly rows: readonly (readonly [string, ...MeasuredValue[]])[];
} {
  const measures = Object.keys(models[0]?.measures ?? {});
  return { measures, rows: models.map(({ name, measures: own }) => [name, ...measures.map((measure) => own[measure]!)]) };
}

function reportText(report: RecommenderReport): string {
  const { measures, rows } = rowsOf(report);
  const lines = rows.map(
    ([name, ...values]) => `${name}: ${values.map(({ value }, k) => `${measures[k]} ${digits(value)}`).join(", ")}`,
  );
  return `${report.users.toLocaleString("en")} users\n${lines.join("\n")}`;
}

function reportHtml(report: RecommenderReport): Html {
  const { measures, rows } = rowsOf(report);
  const cell = ({ value, low, high }: MeasuredValue): Html =>
    html`${digits(value)}${low === null || high === null ? "" : html`<div style="color:var(--jp-ui-font-color2,#666)">${digits(low)} … ${digits(high)}</div>`}`;
  const left =
    report.newUsers > 0 ? `; ${report.newUsers.toLocaleString("en")} users whom the fit did not know are left out` : "";
  return html`${table(
    ["model", ...measures.map((name) => name.replaceAll("_", " "))],
    rows.map(([name, ...values]) => [name, ...values.map(cell)]),
  )}${note(`means over ${report.users.toLocaleString("en")} users with ${digits(100 * report.confidence)} % intervals; all items ranked, those taken at the fit hidden${left}`)}`;
}
