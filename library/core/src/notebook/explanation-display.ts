import type { MimeBundle } from "../base/display.ts";
import { cellText } from "../data/table-text.ts";
import type { Explanation } from "../inspection/explain.ts";
import { type RowExplanation, type ShapSummary, shapSummary } from "../inspection/shap-summary.ts";
import { plotShapSummary, plotShapWaterfall } from "../plots/contribution-plots.ts";
import type { Figure } from "../plots/figure.ts";
import { drawn, lines, one } from "./bundles.ts";
import { digits } from "./html.ts";

/** Outputs drawn at most. */
const mostOutputs = 6;

/** A summary for each output. */
export function explanationBundle(value: Explanation): MimeBundle {
  return drawn(explanationText(value), summaryFigures(value));
}

/** The columns that matter, a point a row. */
export function summaryBundle(value: ShapSummary): MimeBundle {
  return one(summaryFigure(value), summaryText(value));
}

/** One prediction as steps from the base to it. */
export function rowBundle(value: RowExplanation): MimeBundle {
  return one(waterfall(value), rowText(value));
}

function summaryFigures(explanation: Explanation): Figure[] {
  return explanation.outputs.slice(0, mostOutputs).map((output) => summaryFigure(shapSummary(explanation, { output })));
}

function labelled(unit: ShapSummary["unit"], output: string): string {
  return unit === "target" ? output : `${unit} of ${output}`;
}

function explanationText(explanation: Explanation): string {
  const { outputs, unit, predictions, model } = explanation;
  const first = summaryText(shapSummary(explanation));
  const more = outputs.length > 1 ? `\n(${outputs.length} outputs; unit ${unit})` : "";
  return `Explanation of ${predictions.rows} predictions of ${model}\n${first}${more}`;
}

function summaryText({ output, unit, rows, features }: ShapSummary): string {
  return lines(
    `Mean absolute contribution to ${labelled(unit, output)}, ${rows} rows`,
    features.slice(0, 20).map(({ feature, mean }) => [feature, digits(mean)]),
  );
}

function summaryFigure({ output, unit, features }: ShapSummary): Figure {
  const rows = features[0]?.contributions.length ?? 0;
  const cells = (of: (k: number, i: number) => number): Float64Array =>
    Float64Array.from({ length: rows * features.length }, (_, at) => of(at % features.length, Math.floor(at / features.length)));
  return plotShapSummary({
    features: features.map(({ feature }) => feature),
    contributions: cells((k, i) => features[k]!.contributions[i]!),
    values: cells((k, i) => features[k]!.ranks[i] ?? Number.NaN),
    output: labelled(unit, output),
  });
}

function waterfall({ contributions, base, output, unit }: RowExplanation): Figure {
  return plotShapWaterfall({
    features: contributions.map(({ feature }) => feature),
    contributions: contributions.map(({ contribution }) => contribution),
    values: contributions.map(({ value }) => value),
    base,
    output: labelled(unit, output),
  });
}

function rowText({ row, output, unit, base, prediction, contributions }: RowExplanation): string {
  return lines(
    `Row ${row}: ${labelled(unit, output)} ${digits(prediction)}, ${digits(base)} where nothing is known`,
    contributions.slice(0, 20).map(({ feature, value, contribution }) => {
      const cell = value === null ? "missing" : cellText(value);
      return [`${feature} = ${cell}`, `${contribution < 0 ? "−" : "+"}${digits(Math.abs(contribution))}`];
    }),
  );
}
