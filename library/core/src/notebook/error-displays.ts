import type { MimeBundle } from "../base/display.ts";
import { cellText } from "../data/table-text.ts";
import type { ThresholdChoice } from "../inspection/choose-threshold.ts";
import type { PairComparison } from "../inspection/compare-on.ts";
import type { ErrorSlices } from "../inspection/error-slices.ts";
import type { ThresholdPoint } from "../inspection/threshold-points.ts";
import type { WorstPrediction, WorstPredictions } from "../inspection/worst-predictions.ts";
import { plotThreshold } from "../plots/score-plots.ts";
import { lines, written } from "./bundles.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, percent, table } from "./html.ts";

/** A threshold beside 0.5, and the curve it was chosen from. */
export function thresholdBundle(value: ThresholdChoice): MimeBundle {
  return written(thresholdText(value), thresholdHtml(value));
}

/** Slices that cost most first. */
export function slicesBundle(value: ErrorSlices): MimeBundle {
  return written(slicesText(value), slicesHtml(value));
}

/** Predictions of greatest loss first. */
export function worstBundle(value: WorstPredictions): MimeBundle {
  return written(worstText(value), worstHtml(value.predictions));
}

/** Two models side by side. */
export function pairBundle(value: PairComparison): MimeBundle {
  return written(pairText(value), pairHtml(value));
}

function thresholdText({ positive, threshold, by, value, chosen, rows }: ThresholdChoice): string {
  return `Threshold ${digits(threshold)} for ${positive}: ${by} ${digits(value)} on ${rows} rows, precision ${digits(chosen.precision)}, recall ${digits(chosen.recall)}`;
}

function thresholdHtml(choice: ThresholdChoice): Html {
  const { positive, threshold, by, value, chosen, usual, curve, rows } = choice;
  const row = (name: string, point: ThresholdPoint): string[] => [
    name,
    digits(point.threshold),
    ...[point.precision, point.recall, point.f1, point.specificity].map((each) => digits(each)),
    percent(point.positives),
    digits(point.falsePositives),
    digits(point.falseNegatives),
  ];
  const figure = plotThreshold({
    thresholds: curve.map((point) => point.threshold),
    metrics: {
      precision: curve.map((point) => point.precision),
      recall: curve.map((point) => point.recall),
      f1: curve.map((point) => point.f1),
    },
    chosen: threshold,
  });
  const head = [
    "",
    `${positive} from`,
    "precision",
    "recall",
    "F1",
    "specificity",
    "answered so",
    "false positives",
    "false negatives",
  ];
  const body = [row("chosen", chosen), ...(usual ? [row("0.5", usual)] : [])];
  return html`${note(`${by} ${digits(value)} on ${rows} rows`)}${table(head, body)}<div style="color:var(--jp-ui-font-color1,#333)">${{ html: figureSvg(figure) }}</div>`;
}

function slicesText({ slices, title, mean, tested }: ErrorSlices): string {
  return lines(
    `${slices.length} slices with more errors than the rest, of ${tested}; ${title} ${digits(mean)} over all`,
    slices
      .slice(0, 20)
      .map(({ text, rows, mean: own, adjusted }) => [text, `${digits(own)} of ${rows} rows, p ${small(adjusted)}`]),
  );
}

/** Slices as a table, those that cost most first. */
export function slicesHtml({ slices, title, mean, tested, minRows, skipped }: ErrorSlices): Html {
  const body = slices.map((slice) => [
    slice.text,
    String(slice.rows),
    digits(slice.mean),
    digits(slice.rest),
    `${digits(slice.effect)} (${digits(slice.interval[0])} … ${digits(slice.interval[1])})`,
    small(slice.adjusted),
    digits(slice.excess),
  ]);
  const none = slices.length === 0 ? note("no slice does worse than the rest beyond chance") : "";
  const left = skipped.length > 0 ? note(`not cut: ${skipped.join(", ")}`) : "";
  const head = ["slice", "rows", title, "elsewhere", "difference (95 %)", "p, corrected", "adds to the mean"];
  return html`${body.length > 0 ? table(head, body) : ""}${none}${note(`${title} ${digits(mean)} over all; ${tested} slices of at least ${minRows} rows; p by Benjamini–Hochberg`)}${left}`;
}

function small(p: number): string {
  return p < 0.001 ? "< 0.001" : digits(p);
}

function worstText({ title, predictions }: WorstPredictions): string {
  return lines(
    `Worst predictions by ${title}`,
    predictions
      .slice(0, 20)
      .map(({ row, true: truth, predicted, loss }) => [`row ${row}: ${truth} taken for ${predicted}`, digits(loss)]),
  );
}

/** Predictions as a table, with the cells of their rows. */
export function worstHtml(predictions: readonly WorstPrediction[]): Html {
  const names = predictions[0]?.cells.map(([name]) => name) ?? [];
  const isClass = predictions.some(({ confidence }) => confidence !== null);
  const isNumber = predictions.some(({ residual }) => residual !== null);
  const body = predictions.map((each) => [
    String(each.row),
    labelText(each.true),
    labelText(each.predicted),
    ...(isClass ? [digits(each.confidence), digits(each.trueProbability)] : []),
    ...(isNumber ? [digits(each.residual)] : []),
    digits(each.loss),
    ...each.cells.map(([, cell]) => cellText(cell)),
  ]);
  const head = [
    "row",
    "true",
    "predicted",
    ...(isClass ? ["sure", "of the true"] : []),
    ...(isNumber ? ["residual"] : []),
    "loss",
    ...names,
  ];
  return html`<div style="overflow-x:auto">${table(head, body)}</div>`;
}

function labelText(label: string | number | boolean): string {
  return typeof label === "number" ? digits(label) : String(label);
}

function pairText({ metric, a, b, difference, pValue, differing, rows }: PairComparison): string {
  return [
    `${metric}: a ${digits(a.value)}, b ${digits(b.value)}`,
    `a − b ${digits(difference.value)} (${digits(difference.low)} … ${digits(difference.high)}), p ${small(pValue)}`,
    `${differing} of ${rows} rows answered differently`,
  ].join("\n");
}

function pairHtml(pair: PairComparison): Html {
  const { metric, a, b, difference, pValue, mcnemar, differing, rows, disagreements } = pair;
  const row = (name: string, { value, low, high }: PairComparison["a"], p: string): string[] => [
    name,
    digits(value),
    `${digits(low)} … ${digits(high)}`,
    p,
  ];
  const figures = table(
    ["", metric, "interval", "p"],
    [row("a", a, ""), row("b", b, ""), row("a − b", difference, small(pValue))],
  );
  const test = mcnemar
    ? note(
        `both right ${mcnemar.both}, only a ${mcnemar.onlyA}, only b ${mcnemar.onlyB}, neither ${mcnemar.neither}; McNemar p ${small(mcnemar.pValue)}`,
      )
    : "";
  const body = disagreements
    .slice(0, 20)
    .map((each) => [String(each.row), labelText(each.true), labelText(each.a), labelText(each.b), digits(each.gain)]);
  const told = body.length > 0 ? table(["row", "true", "a", "b", "a better by"], body) : "";
  return html`${figures}${test}${note(`${differing} of ${rows} rows answered differently`)}${told}`;
}
