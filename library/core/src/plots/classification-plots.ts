import type { ConfusionMatrix } from "../metrics/confusion.ts";
import type { PrecisionRecallCurve, RocCurve } from "../metrics/ranking-curves.ts";
import { axis, colour, type Figure, figure, palette, reference, sequential, shareAxis, thin } from "./figure.ts";

/** Of more classes the cells bear no text. */
const classesWithText = 20;

/**
 * A confusion matrix as a heatmap: colour by the share of the true class, counts written in the cells. Given a normalised matrix, its
 * shares are what is written.
 */
export function plotConfusion({ labels, counts, normalise }: ConfusionMatrix): Figure {
  const names = labels.map(String);
  const shares = counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (normalise ? count : total > 0 ? count / total : 0));
  });
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const text = counts.map((row, i) =>
    row.map((count, j) => (normalise ? percent(count) : `${Math.round(count * 100) / 100}<br>${percent(shares[i]![j]!)}`)),
  );
  const trace = {
    type: "heatmap",
    x: names,
    y: names,
    z: shares,
    text,
    ...(names.length <= classesWithText && { texttemplate: "%{text}" }),
    zmin: 0,
    zmax: 1,
    colorscale: sequential,
    colorbar: { title: { text: normalise ? `share (${normalise})` : "share of true" } },
    hovertemplate: "true %{y}, predicted %{x}<br>%{text}<extra></extra>",
  };
  return figure("Confusion matrix", [trace], {
    height: Math.max(380, 150 + 30 * Math.min(names.length, 30)),
    xaxis: axis("predicted", { type: "category", showgrid: false }),
    yaxis: axis("true", { type: "category", autorange: "reversed", showgrid: false }),
  });
}

/** A class's ROC curve, named. */
export interface NamedRoc {
  readonly name: string;
  readonly curve: RocCurve;
  readonly auc: number;
}

/** ROC curves, one a class; the diagonal is chance. */
export function plotRoc(curves: readonly NamedRoc[]): Figure {
  const lines = curves.map(({ name, curve, auc }, k) => ({
    type: "scatter",
    mode: "lines",
    name: `${name} (AUC ${auc.toFixed(3)})`,
    ...thin(curve.falsePositiveRate, curve.truePositiveRate),
    line: classLine(k),
  }));
  return figure("ROC curve", [...lines, reference("chance", [0, 1], [0, 1])], {
    xaxis: shareAxis("false positive rate"),
    yaxis: shareAxis("true positive rate"),
    showlegend: true,
  });
}

/** A class's precision–recall curve, named. */
export interface NamedPrecisionRecall {
  readonly name: string;
  readonly curve: PrecisionRecallCurve;
  readonly averagePrecision: number;
  /** Share of positive rows: what chance reaches. */
  readonly prevalence?: number | undefined;
}

/** Precision–recall curves, one a class; where the share of positive rows is given of a single class, it is drawn as chance. */
export function plotPrecisionRecall(curves: readonly NamedPrecisionRecall[]): Figure {
  const lines = curves.map(({ name, curve, averagePrecision }, k) => ({
    type: "scatter",
    mode: "lines",
    name: `${name} (AP ${averagePrecision.toFixed(3)})`,
    ...thin(curve.recall, curve.precision),
    line: { ...classLine(k), shape: "hv" },
  }));
  const level = curves.length === 1 ? curves[0]!.prevalence : undefined;
  const chance = level === undefined ? [] : [reference("chance", [0, 1], [level, level])];
  return figure("Precision–recall curve", [...lines, ...chance], { xaxis: shareAxis("recall"), yaxis: shareAxis("precision") });
}

/** The line of the k-th class: where colours come again, it is dashed. */
function classLine(k: number): { color: string; dash: "solid" | "dash" } {
  return { color: colour(k), dash: k < palette.length ? "solid" : "dash" };
}
