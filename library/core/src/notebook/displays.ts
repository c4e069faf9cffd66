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
import type { Evaluation } from "../inspection/evaluate.ts";
import type { PermutationImportance } from "../inspection/permutation-importance.ts";
import type { Leaderboard } from "../model-selection/compare-models.ts";
import type { CrossValidation } from "../model-selection/cross-validate.ts";
import type { Figure } from "../plots/figure.ts";
import { plotPermutationImportance } from "../plots/model-plots.ts";
import { driftBundle } from "./drift-display.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, table } from "./html.ts";

const columnsShown = 30;

/** Says how every value of the library is shown. */
export function defineDisplays(): void {
  defineRenderer<Table>("table", (value) => ({ "text/plain": tableText(value), "text/html": tableHtml(value).html }));
  defineRenderer<Profile>("profile", (value) => bundle(profileText(value), profileHtml(value)));
  defineRenderer<ProfileComparison>("profile-comparison", driftBundle);
  defineRenderer<Figure>("figure", figureBundle);
  defineRenderer<Evaluation>("evaluation", (value) => bundle(evaluationText(value), evaluationHtml(value)));
  defineRenderer<PermutationImportance>("permutation-importance", (value) => figureBundle(plotPermutationImportance(value)));
  defineRenderer<Leaderboard>("leaderboard", (value) => bundle(leaderboardText(value), leaderboardHtml(value)));
  defineRenderer<CrossValidation>("cross-validation", (value) => bundle(crossValidationText(value), crossValidationHtml(value)));
  defineRenderer<Fitted>("model", (value) => bundle(modelText(value), modelHtml(value)));
  defineRenderer<Spec>("estimator", (value) => ({ "text/plain": specText(value) }));
}

function bundle(text: string, shown: Html): MimeBundle {
  return { "text/plain": text, "text/html": shown.html };
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

function evaluationText({ task, rows, metrics }: Evaluation): string {
  return [
    `Evaluation: ${task} of ${rows} rows`,
    ...Object.entries(metrics).map(([name, value]) => `${name.padEnd(24)} ${digits(value)}`),
  ].join("\n");
}

function evaluationHtml({ target, rows, metrics, classes, figures }: Evaluation): Html {
  const tiles = Object.entries(metrics).map(
    ([name, value]) =>
      html`<div style="border:1px solid var(--jp-border-color2,#ddd);border-radius:4px;padding:4px 10px;min-width:90px"><div style="font-size:11px;color:var(--jp-ui-font-color2,#666)">${name.replaceAll("_", " ")}</div><div style="font-size:16px">${digits(value)}</div></div>`,
  );
  const report =
    classes.length > 0
      ? table(
          ["class", "precision", "recall", "F1", "rows"],
          classes.map((row) => [
            String(row.label),
            digits(row.precision),
            digits(row.recall),
            digits(row.f1),
            digits(row.support),
          ]),
        )
      : html``;
  const pictures = figures.map(({ figure }) => html`<div>${{ html: figureSvg(figure) }}</div>`);
  return html`${note(`${target}, ${rows} rows`)}<div style="display:flex;flex-wrap:wrap;gap:6px;margin:6px 0">${tiles}</div>${report}<div style="display:flex;flex-wrap:wrap;gap:12px;color:var(--jp-ui-font-color1,#333)">${pictures}</div>`;
}

function leaderboardText({ metric, rows }: Leaderboard): string {
  return rows
    .map(
      ({ model, preset, mean, sd, error }) =>
        `${(preset ?? model).padEnd(24)} ${error ?? `${metric} ${digits(mean[metric])} ± ${digits(sd[metric])}`}`,
    )
    .join("\n");
}

function leaderboardHtml({ metric, folds, rows }: Leaderboard): Html {
  const others = Object.keys(rows.find(({ error }) => error === null)?.mean ?? {}).filter((name) => name !== metric);
  const body = rows.map((row) => [
    html`${row.preset ?? row.model}${aside(row.baseline ? "baseline" : row.preset ? row.model : "")}`,
    row.preprocessing,
    row.error ?? `${digits(row.mean[metric])} ± ${digits(row.sd[metric])}`,
    ...others.map((name) => digits(row.mean[name])),
    row.pValue === null ? "" : row.pValue < 0.001 ? "< 0.001" : digits(row.pValue),
    `${Math.round(row.fitMs)} ms`,
  ]);
  return html`${table(["model", "preprocessing", metric, ...others, "p (differs from best)", "fit"], body)}${note(`mean ± sd over ${folds} folds; p by the corrected resampled t-test on the same folds`)}`;
}

/** Words in brackets, fainter. */
function aside(words: string): Html | string {
  return words && html` <span style="color:var(--jp-ui-font-color2,#666)">(${words})</span>`;
}

function crossValidationText({ mean, sd }: CrossValidation): string {
  return Object.keys(mean)
    .map((name) => `${name.padEnd(24)} ${digits(mean[name])} ± ${digits(sd[name])}`)
    .join("\n");
}

function crossValidationHtml({ folds, mean, sd }: CrossValidation): Html {
  return table(
    ["metric", "mean", "sd", ...folds.map((_, k) => `fold ${k + 1}`)],
    Object.keys(mean).map((name) => [
      name,
      digits(mean[name]),
      digits(sd[name]),
      ...folds.map(({ metrics }) => digits(metrics[name])),
    ]),
  );
}

function specText({ name, params }: Spec): string {
  if (name === "pipeline") return (params["steps"] as readonly Spec[]).map(specText).join(" → ");
  return `${name}(${Object.entries(params)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(", ")})`;
}

function modelText(model: Fitted): string {
  return `${specText(model)}\nfitted on ${model.columns.map(({ name }) => name).join(", ")}${model.target === undefined ? "" : `, to predict ${model.target}`}`;
}

function modelHtml(model: Fitted): Html {
  const importances = importancesOf(definitionOf(model), model)?.slice(0, 12) ?? [];
  const bars = importances.map(({ feature, importance }) => [
    feature,
    html`<div style="background:var(--jp-brand-color1,#0072B2);height:8px;width:${(200 * importance).toFixed(0)}px"></div>`,
    digits(importance),
  ]);
  return html`<div><b>${specText(model)}</b></div>${note(`fitted on ${model.columns.length} columns${model.target === undefined ? "" : `, to predict ${model.target}`}${model.classes ? ` (${model.classes.map(String).join(", ")})` : ""}`)}${bars.length > 0 ? table(["column", "importance", ""], bars) : ""}`;
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, k) => begin + k);
}
