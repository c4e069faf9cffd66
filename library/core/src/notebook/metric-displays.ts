import { defineRenderer } from "../base/display.ts";
import type { MetricInterval } from "../metrics/bootstrap-interval.ts";
import { type ClassificationReport, classificationReportText } from "../metrics/classification-report.ts";
import type { ClassScores } from "../metrics/precision-recall.ts";
import { written } from "./bundles.ts";
import { digits, type Html, html, note, table } from "./html.ts";

/** Says how values of the metrics room are shown. */
export function defineMetricDisplays(): void {
  defineRenderer<ClassificationReport>("classification-report", (report) =>
    written(classificationReportText(report), reportHtml(report)),
  );
  defineRenderer<MetricInterval>("metric-interval", (interval) => written(intervalText(interval), intervalHtml(interval)));
}

function reportHtml({ classes, macro, weighted, micro, accuracy }: ClassificationReport): Html {
  const cells = ({ precision, recall, f1, support }: ClassScores) => [precision, recall, f1, support].map(digits);
  const averages = [
    [html`<b>macro mean</b>`, ...cells(macro)],
    [html`<b>weighted mean</b>`, ...cells(weighted)],
    [html`<b>all together</b>`, ...cells(micro)],
  ];
  const rows = [...classes.map((each) => [String(each.label), ...cells(each)]), ...averages];
  return html`${table(["class", "precision", "recall", "F1", "rows"], rows)}${note(`accuracy ${digits(accuracy)}`)}`;
}

function intervalText({ metric, value, low, high, confidence, method, resamples }: MetricInterval): string {
  return `${metric} ${digits(value)} (${digits(100 * confidence)} % ${digits(low)} … ${digits(high)}; ${method}, ${resamples} resamples)`;
}

function intervalHtml(interval: MetricInterval): Html {
  const { metric, value, low, high, confidence, method, resamples, standardError, undefinedResamples } = interval;
  const left = undefinedResamples > 0 ? `, on ${undefinedResamples} of them not defined` : "";
  return html`<b>${metric.replaceAll("_", " ")}</b> ${digits(value)} · ${digits(100 * confidence)} % from ${digits(low)} to ${digits(high)}${note(`standard error ${digits(standardError)}; bootstrap (${method}) of ${resamples} resamples${left}`)}`;
}
