import type { MimeBundle } from "../base/display.ts";
import type { Evaluation, QuerySummary, ResidualSummary, ThresholdTable } from "../inspection/evaluation.ts";
import { written } from "./bundles.ts";
import { slicesHtml, worstHtml } from "./error-displays.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, percent, section, table } from "./html.ts";

/** An evaluation as metrics, report, figures, and what went wrong under headings to be opened. */
export function evaluationBundle(value: Evaluation): MimeBundle {
  return written(evaluationText(value), evaluationHtml(value));
}

function evaluationText({ task, target, rows, metrics, intervals, classes, notes }: Evaluation): string {
  const intervalOf = (name: string): string => {
    const found = intervals?.[name];
    return found ? `  [${digits(found.low)}, ${digits(found.high)}]` : "";
  };
  const report =
    classes.length > 0
      ? ["", `${"class".padEnd(24)} ${["precision", "recall", "F1", "rows"].map((name) => name.padStart(9)).join(" ")}`]
      : [];
  const lines = classes.slice(0, 20).map(({ label, precision, recall, f1, support }) => {
    const figures = [precision, recall, f1, support].map((each) => digits(each).padStart(9)).join(" ");
    return `${String(label).slice(0, 24).padEnd(24)} ${figures}`;
  });
  return [
    `Evaluation: ${task} of ${target}, ${rows} rows`,
    ...Object.entries(metrics).map(([name, value]) => `${name.padEnd(24)} ${digits(value)}${intervalOf(name)}`),
    ...report,
    ...lines,
    ...notes.map((each) => `! ${each}`),
  ].join("\n");
}

function evaluationHtml(value: Evaluation): Html {
  const { target, rows, weighted, figures, classes, thresholds, residuals, queries, worst, slices, confused, notes } = value;
  const pictures = figures.map(({ figure }) => html`<div>${{ html: figureSvg(figure) }}</div>`);
  const parts = [
    note(`${target}, ${rows} rows${weighted ? ", weighted" : ""}`),
    tiles(value),
    classes.length > 0 && report(value),
    residuals && residualNote(residuals),
    queries && queryNote(queries),
    html`<div style="display:flex;flex-wrap:wrap;gap:12px;color:var(--jp-ui-font-color1,#333)">${pictures}</div>`,
    thresholds && section("Thresholds", thresholdsHtml(thresholds)),
    classes.length > 2 && confused.length > 0 && section("Classes mistaken most", confusedHtml(confused)),
    slices && section("Slices with more errors", slicesHtml(slices)),
    worst.length > 0 && section("Worst predictions", worstHtml(worst)),
    notes.map((each) => note(each)),
  ];
  return html`${parts.map((part) => part || "")}`;
}

/** A metric a tile, its interval below. */
function tiles({ metrics, intervals }: Evaluation): Html {
  const each = Object.entries(metrics).map(([name, value]) => {
    const found = intervals?.[name];
    const between = found ? html`<div style="font-size:11px">${digits(found.low)} … ${digits(found.high)}</div>` : "";
    return html`<div style="border:1px solid var(--jp-border-color2,#ddd);border-radius:4px;padding:4px 10px;min-width:90px"><div style="font-size:11px;color:var(--jp-ui-font-color2,#666)">${name.replaceAll("_", " ")}</div><div style="font-size:16px">${digits(value)}</div>${between}</div>`;
  });
  const drawn = Object.values(intervals ?? {})[0];
  const confidence = drawn ? note(`intervals of ${percent(drawn.confidence)} by ${drawn.resamples} resamples`) : "";
  return html`<div style="display:flex;flex-wrap:wrap;gap:6px;margin:6px 0">${each}</div>${confidence}`;
}

function report({ classes, averages }: Evaluation): Html {
  const hasAreas = classes.some(({ rocAuc }) => rocAuc !== null);
  const row = (
    name: string,
    { precision, recall, f1, support }: { precision: number; recall: number; f1: number; support: number },
  ) => [name, digits(precision), digits(recall), digits(f1), digits(support)];
  const rows = classes
    .slice(0, 50)
    .map((each) => [...row(String(each.label), each), ...(hasAreas ? [digits(each.rocAuc), digits(each.averagePrecision)] : [])]);
  const blank = hasAreas ? ["", ""] : [];
  const means = averages
    ? [
        [...row("mean of classes", averages.macro), ...blank],
        [...row("weighted mean", averages.weighted), ...blank],
      ]
    : [];
  const head = ["class", "precision", "recall", "F1", "rows", ...(hasAreas ? ["ROC AUC", "AP"] : [])];
  const more = classes.length > 50 ? note(`the first 50 of ${classes.length} classes`) : "";
  return html`<div style="overflow:auto;max-height:420px">${table(head, [...rows, ...means])}</div>${more}`;
}

function residualNote({ bias, sd, quantiles, spread }: ResidualSummary): Html {
  const words = {
    steady: "",
    growing: " · errors grow with the prediction: look at log or relative errors",
    shrinking: " · errors shrink as the prediction grows",
  };
  const hint = spread ? words[spread.verdict] : "";
  return note(
    `residuals: mean ${digits(bias)}, sd ${digits(sd)}, 90 % between ${digits(quantiles.q05)} and ${digits(quantiles.q95)}${hint}`,
  );
}

function queryNote({ queries, quantiles, worst }: QuerySummary): Html {
  const rows = worst.map(({ firstRow, rows: size, ndcg }) => [`row ${firstRow}`, String(size), digits(ndcg)]);
  return html`${note(`${queries} queries, nDCG median ${digits(quantiles.q50)}, 90 % between ${digits(quantiles.q05)} and ${digits(quantiles.q95)}`)}${section("Worst queries", table(["begins at", "rows", "nDCG"], rows))}`;
}

function thresholdsHtml({ positive, points, best }: ThresholdTable): Html {
  const rows = [
    ...points.map((point) => ["", point] as const),
    ["greatest F1", best.f1] as const,
    ["greatest recall + specificity", best.youden] as const,
  ].map(([name, point]) => [
    digits(point.threshold),
    digits(point.precision),
    digits(point.recall),
    digits(point.f1),
    digits(point.specificity),
    percent(point.positives),
    name,
  ]);
  return html`${table([`${positive} from`, "precision", "recall", "F1", "specificity", "answered so", ""], rows)}${note("a threshold that is chosen on these rows looks better than it is: choose it on others (ml.chooseThreshold)")}`;
}

function confusedHtml(confused: Evaluation["confused"]): Html {
  return table(
    ["true", "predicted", "rows", "of the class"],
    confused.map(({ true: truth, predicted, count, share }) => [String(truth), String(predicted), digits(count), percent(share)]),
  );
}
