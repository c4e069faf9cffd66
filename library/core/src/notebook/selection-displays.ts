import { defineRenderer, type MimeBundle } from "../base/display.ts";
import type { FeatureSelection } from "../feature-selection/selected-features.ts";
import type { Leaderboard, LeaderboardRow } from "../model-selection/compare-models.ts";
import type { CrossValidation } from "../model-selection/cross-validate.ts";
import type { Curve } from "../model-selection/curves.ts";
import type { NestedValidation } from "../model-selection/nested-cross-validate.ts";
import type { PermutationTest } from "../model-selection/permutation-test.ts";
import { plotLeaderboard, plotLearningCurve, plotValidationCurve } from "../plots/selection-plots.ts";
import { lines, one, written } from "./bundles.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, table } from "./html.ts";

const featuresShown = 40;

/** Says how values of model selection and feature selection are shown. */
export function defineSelectionDisplays(): void {
  defineRenderer<Leaderboard>("leaderboard", (value) => written(leaderboardText(value), leaderboardHtml(value)));
  defineRenderer<CrossValidation>("cross-validation", (value) => written(scoresText(value), foldsHtml(value)));
  defineRenderer<NestedValidation>("nested-validation", (value) => written(scoresText(value), nestedHtml(value)));
  defineRenderer<Curve>("curve", curveBundle);
  defineRenderer<PermutationTest>("permutation-test", (value) => written(permutationText(value), note(permutationText(value))));
  defineRenderer<FeatureSelection>("feature-selection", (value) => written(selectionText(value), selectionHtml(value)));
}

function leaderboardText({ metric, rows, warnings, stopped }: Leaderboard): string {
  const board = rows.map(({ name, mean, sd, letters, error }) =>
    `${name.padEnd(24)} ${error ?? `${metric} ${digits(mean[metric])} ± ${digits(sd[metric])} ${letters}`}`.trimEnd(),
  );
  return [...board, ...(stopped ? [`! ${stopped}`] : []), ...warnings.map((warning) => `! ${warning}`)].join("\n");
}

function leaderboardHtml({ metric, folds, rows, warnings, stopped, greaterIsBetter }: Leaderboard): Html {
  const scored = rows.filter(({ error }) => error === null);
  const others = Object.keys(scored[0]?.mean ?? {}).filter((name) => name !== metric);
  const bar = barOf(
    scored.map(({ mean }) => mean[metric]!),
    greaterIsBetter,
  );
  const body = rows.map((row) => [
    row.rank ?? "",
    html`${row.name}${aside(row.baseline ? "baseline" : row.preset ? row.model : "")}`,
    row.preprocessing,
    row.error ?? `${digits(row.mean[metric])} ± ${digits(row.sd[metric])}`,
    row.error === null ? bar(row.mean[metric]!) : "",
    row.letters,
    ...others.map((name) => digits(row.mean[name])),
    pText(row),
    row.fitMs === null ? "" : `${digits(Math.round(row.fitMs))} ms`,
    row.predictMs === null ? "" : `${digits(Math.round(row.predictMs))} ms`,
  ]);
  const head = ["", "model", "preprocessing", metric, "", "differs", ...others, "p (from best)", "fit", "predict"];
  const said = [...(stopped ? [stopped] : []), ...warnings].map((text) => html`<li>${text}</li>`);
  const boxes =
    scored.length > 1 && folds > 1 ? html`<div>${{ html: figureSvg(plotLeaderboard({ metric, rows: scored })) }}</div>` : "";
  return html`${said.length > 0 ? html`<ul style="margin:4px 0 8px;padding-left:18px;font-size:12px">${said}</ul>` : ""}<div style="overflow-x:auto">${table(head, body)}</div>${note(`mean ± sd over ${folds} folds; models that share a letter do not differ at 5 % (all pairs, Holm); p by the corrected resampled t-test on the same folds, behind it Holm's`)}${boxes}`;
}

/** A bar from the worst to the best score. */
function barOf(scores: readonly number[], greaterIsBetter: boolean): (score: number) => Html {
  const finite = scores.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return (score) => {
    const share = high > low ? (score - low) / (high - low) : 1;
    const width = Number.isFinite(share) ? 6 + 74 * (greaterIsBetter ? share : 1 - share) : 0;
    return html`<div style="background:var(--jp-brand-color1,#0072B2);height:8px;width:${width.toFixed(0)}px"></div>`;
  };
}

function pText({ pValue, pHolm }: LeaderboardRow): string {
  const short = (p: number): string => (p < 0.001 ? "< 0.001" : digits(p));
  return pValue === null ? "" : `${short(pValue)}${pHolm === null || pHolm === pValue ? "" : ` (${short(pHolm)})`}`;
}

/** Words in brackets, fainter. */
function aside(words: string): Html | string {
  return words && html` <span style="color:var(--jp-ui-font-color2,#666)">(${words})</span>`;
}

function scoresText({
  mean,
  sd,
  folds,
}: Pick<CrossValidation, "mean" | "sd"> & { readonly folds: readonly { readonly error: string | null }[] }): string {
  const failed = folds.flatMap(({ error }, k) => (error === null ? [] : [`! fold ${k + 1}: ${error}`]));
  return [...Object.keys(mean).map((name) => `${name.padEnd(24)} ${digits(mean[name])} ± ${digits(sd[name])}`), ...failed].join(
    "\n",
  );
}

function foldsHtml({ folds, mean, sd }: CrossValidation): Html {
  const rows = Object.keys(mean).map((name) => [
    name,
    digits(mean[name]),
    digits(sd[name]),
    ...folds.map(({ metrics }) => digits(metrics[name])),
  ]);
  const times = [["fit", ...folds.map(({ fitMs }) => fitMs)] as const].map(([name, ...ms]) => [
    name,
    `${digits(Math.round((ms as number[]).reduce((a, b) => a + b, 0) / ms.length))} ms`,
    "",
    ...(ms as number[]).map((each) => `${digits(Math.round(each))} ms`),
  ]);
  const failed = folds.flatMap(({ error }, k) => (error === null ? [] : [note(`fold ${k + 1}: ${error}`)]));
  return html`<div style="overflow-x:auto">${table(["metric", "mean", "sd", ...folds.map((_, k) => `fold ${k + 1}`)], [...rows, ...times])}</div>${failed}`;
}

function nestedHtml({ folds, mean, sd }: NestedValidation): Html {
  const names = Object.keys(mean);
  const rows = folds.map((fold, k) => [
    `fold ${k + 1}`,
    ...names.map((name) => digits(fold.metrics[name])),
    fold.innerScore === null ? "" : digits(fold.innerScore),
    `${fold.spec.name} ${JSON.stringify(fold.spec.params).slice(0, 120)}`,
  ]);
  const means = ["mean ± sd", ...names.map((name) => `${digits(mean[name])} ± ${digits(sd[name])}`), "", ""];
  return html`<div style="overflow-x:auto">${table(["", ...names, "in the search", "chosen"], [...rows, means])}</div>${note("each fold's estimator was chosen on its training rows alone")}`;
}

function curveBundle(curve: Curve): MimeBundle {
  const { kind, metric, param, x, trainMean, testMean } = curve;
  const figure = kind === "learning" ? plotLearningCurve(curve) : plotValidationCurve(curve);
  const rows = x.map((value, g) => [String(value), `train ${digits(trainMean[g])}, test ${digits(testMean[g])}`] as const);
  return one(figure, lines(`${metric} by ${param}`, rows));
}

function permutationText({ metric, score, permuted, pValue }: PermutationTest): string {
  const greatest = permuted.reduce((most, value) => Math.max(most, value), -Infinity);
  const least = permuted.reduce((most, value) => Math.min(most, value), Infinity);
  return `${metric} ${digits(score)}; with the target in another order ${digits(least)} to ${digits(greatest)} (${permuted.length} times); p ${digits(pValue)}`;
}

function selectionText({ method, selected, notes }: FeatureSelection): string {
  return [
    `${selected.length} columns by ${method.replaceAll("_", " ")}: ${selected.join(", ")}`,
    ...notes.map((each) => `! ${each}`),
  ].join("\n");
}

function selectionHtml({ method, measure, selected, features, notes }: FeatureSelection): Html {
  const shown = features.slice(0, featuresShown);
  const most = shown.reduce((top, { score }) => Math.max(top, Number.isFinite(score) ? Math.abs(score!) : 0), 0);
  const hasP = features.some(({ pValue }) => pValue !== null);
  const body = shown.map(({ feature, selected: isSelected, score, pValue, rank }) => [
    rank,
    html`<span style="${isSelected ? "font-weight:600" : "color:var(--jp-ui-font-color2,#666)"}">${feature}</span>`,
    html`<div style="background:${isSelected ? "var(--jp-brand-color1,#0072B2)" : "var(--jp-border-color1,#bbb)"};height:8px;width:${(score === null || most === 0 ? 0 : 180 * Math.min(1, Math.abs(score) / most)).toFixed(0)}px"></div>`,
    digits(score),
    ...(hasP ? [digits(pValue)] : []),
  ]);
  const more = features.length > shown.length ? `, the first ${shown.length} shown` : "";
  return html`${note(`${selected.length} of ${features.length} columns by ${method.replaceAll("_", " ")}${more}`)}${table(["rank", "column", measure, "", ...(hasP ? ["p"] : [])], body)}${notes.map((each) => note(each))}`;
}
