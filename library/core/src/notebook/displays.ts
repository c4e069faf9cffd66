import type { Fitted, Spec } from "../base/contract.ts";
import { defineRenderer, type MimeBundle } from "../base/display.ts";
import { importancesOf } from "../base/model.ts";
import { definitionOf } from "../base/registry.ts";
import { cellOf, countMissing } from "../data/column.ts";
import type { ProfileComparison } from "../data/compare-profiles.ts";
import type { Profile } from "../data/profile.ts";
import type { ColumnProfile } from "../data/profile-column.ts";
import type { Table } from "../data/table.ts";
import { cellText, tableText } from "../data/table-text.ts";
import type { Figure } from "../plots/figure.ts";
import type { Study, StudyTrial } from "../tuning/study.ts";
import { written } from "./bundles.ts";
import { driftBundle } from "./drift-display.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, table } from "./html.ts";
import { defineInspectionDisplays } from "./inspection-displays.ts";
import { defineMetricDisplays } from "./metric-displays.ts";
import { isNetwork, networkHtml } from "./network-display.ts";
import { defineRecommenderDisplays } from "./recommender-displays.ts";
import { defineSelectionDisplays } from "./selection-displays.ts";
import { studyBundle, trialBundle } from "./study-display.ts";

const columnsShown = 30;

/** Says how every value of the library is shown. */
export function defineDisplays(): void {
  defineRenderer<Table>("table", (value) => written(tableText(value), tableHtml(value)));
  defineRenderer<Profile>("profile", (value) => written(profileText(value), profileHtml(value)));
  defineRenderer<ProfileComparison>("profile-comparison", driftBundle);
  defineRenderer<Figure>("figure", figureBundle);
  defineMetricDisplays();
  defineInspectionDisplays();
  defineSelectionDisplays();
  defineRecommenderDisplays();
  defineRenderer<Study>("study", studyBundle);
  defineRenderer<StudyTrial>("study-trial", trialBundle);
  defineRenderer<Fitted>("model", (value) => written(modelText(value), modelHtml(value)));
  defineRenderer<Spec>("estimator", (value) => ({ "text/plain": specText(value) }));
}

function tableHtml(value: Table): Html {
  const names = value.names.slice(0, columnsShown);
  const ends = value.rows <= 12 ? [range(0, value.rows)] : [range(0, 6), range(value.rows - 4, value.rows)];
  const head = names.map((name) => {
    const column = value.column(name);
    const missing = countMissing(column);
    return html`${name}<div style="font-weight:normal;color:var(--jp-ui-font-color2,#666)">${column.kind}${missing > 0 ? ` · ${missing} missing` : ""}</div>`;
  });
  const rows = ends.flatMap((part, k) => {
    const cells = part.map((i) => [
      html`<span style="color:var(--jp-ui-font-color3,#999)">${i}</span>`,
      ...names.map((name) => cellText(cellOf(value.column(name), i))),
    ]);
    return k === 0 ? cells : [["…", ...names.map(() => "")], ...cells];
  });
  const more = value.names.length > names.length ? `, the first ${names.length} shown` : "";
  const bad =
    value.rejects.length > 0
      ? ` · ${value.rejects.length} bad lines left out, the first: line ${value.rejects[0]!.line} ${value.rejects[0]!.reason}`
      : "";
  return html`<div style="overflow-x:auto">${table(["", ...head], rows)}</div>${note(`${value.rows} rows × ${value.names.length} columns${more}${bad}`)}`;
}

function profileText({ rows, columns, alerts }: Profile): string {
  return [`Profile of ${rows} rows × ${columns.length} columns`, ...alerts.map(({ message }) => `! ${message}`)].join("\n");
}

function profileHtml({ rows, sampled, columns, duplicateRows, alerts }: Profile): Html {
  const body = columns.map((column) => [
    column.name,
    column.kind,
    column.missing > 0 ? `${column.missing}` : "–",
    digits(column.distinct),
    show(column.mean),
    show(column.sd),
    show(column.min),
    show(column.quantiles?.q50),
    show(column.max),
    spread(column),
  ]);
  const warnings =
    alerts.length > 0
      ? html`<ul style="margin:4px 0 8px;padding-left:18px;font-size:12px">${alerts.map(({ message, kind }) => html`<li><b>${kind.replaceAll("_", " ")}</b> ${message}</li>`)}</ul>`
      : html``;
  const of = sampled < rows ? `, figures of a sample of ${sampled}` : "";
  return html`${warnings}<div style="overflow:auto;max-height:460px">${table(["column", "kind", "missing", "distinct", "mean", "sd", "least", "median", "greatest", "values"], body)}</div>${note(`${rows} rows × ${columns.length} columns${of} · ${duplicateRows} duplicate rows`)}`;
}

function show(value: number | string | undefined): string {
  return typeof value === "number" ? digits(value) : (value?.slice(0, 19) ?? "–");
}

/** A column's histogram, or its most frequent values, in one line. */
function spread({ histogram, top, count }: ColumnProfile): Html {
  const counts = histogram?.counts ?? [];
  if (counts.length > 0) {
    const most = Math.max(...counts);
    const bar = 120 / counts.length;
    return html`<svg width="120" height="22" style="color:var(--jp-brand-color1,#0072B2)">${counts.map((n, k) => html`<rect x="${(k * bar).toFixed(1)}" y="${(22 - (22 * n) / most).toFixed(1)}" width="${(0.9 * bar).toFixed(1)}" height="${((22 * n) / most).toFixed(1)}" fill="currentColor"/>`)}</svg>`;
  }
  return html`<span style="white-space:normal">${top.slice(0, 4).map(({ value, count: n }, k) => `${k > 0 ? " · " : ""}${cellText(value)} ${Math.round((100 * n) / Math.max(1, count))} %`)}</span>`;
}

function figureBundle(value: Figure): MimeBundle {
  const svg = figureSvg(value);
  return {
    "application/vnd.plotly.v1+json": { data: value.data, layout: value.layout },
    "image/svg+xml": svg,
    "text/plain": `Figure: ${(value.layout["title"] as { text?: string } | undefined)?.text ?? ""}`,
  };
}

function specText({ name, params }: Spec): string {
  if (name === "pipeline") return (params["steps"] as readonly Spec[]).map(specText).join(" → ");
  return `${name}(${Object.entries(params)
    .map(([key, value]) => `${key}: ${shortened(JSON.stringify(value))}`)
    .join(", ")})`;
}

/** The beginning of a text that would fill the page. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 197)}…`;
}

function modelText(model: Fitted): string {
  const names = model.columns.slice(0, columnsShown).map(({ name }) => name);
  const more = model.columns.length > names.length ? `, … (${model.columns.length} columns)` : "";
  return `${specText(model)}\nfitted on ${names.join(", ")}${more}${model.target === undefined ? "" : `, to predict ${model.target}`}`;
}

function modelHtml(model: Fitted): Html {
  const importances = importancesOf(definitionOf(model), model)?.slice(0, 12) ?? [];
  const bars = importances.map(({ feature, importance }) => [
    feature,
    html`<div style="background:var(--jp-brand-color1,#0072B2);height:8px;width:${(200 * importance).toFixed(0)}px"></div>`,
    digits(importance),
  ]);
  return html`<div><b>${specText(model)}</b></div>${note(`fitted on ${model.columns.length} columns${model.target === undefined ? "" : `, to predict ${model.target}`}${model.classes ? ` (${model.classes.map(String).join(", ")})` : ""}`)}${bars.length > 0 ? table(["column", "importance", ""], bars) : ""}${isNetwork(model) ? networkHtml(model) : ""}`;
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, k) => begin + k);
}
