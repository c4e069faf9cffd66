import type { ConfusionMatrix } from "../metrics/confusion.ts";
import type { PrecisionRecallCurve, RocCurve } from "../metrics/ranking-curves.ts";
import { axis, colour, type Figure, figure, thin } from "./figure.ts";

/** A confusion matrix as a heatmap: colour by the share of the true class, counts written in the cells. */
export function plotConfusion({ labels, counts }: ConfusionMatrix): Figure {
  const names = labels.map(String);
  const shares = counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (total > 0 ? count / total : 0));
  });
  const text = counts.map((row, i) =>
    row.map((count, j) => `${Math.round(count * 100) / 100}<br>${(100 * shares[i]![j]!).toFixed(0)} %`),
  );
  const trace = {
    type: "heatmap",
    x: names,
    y: names,
    z: shares,
    text,
    texttemplate: "%{text}",
    zmin: 0,
    zmax: 1,
    colorscale: [
      [0, "#eef3f9"],
      [1, "#08519c"],
    ],
    colorbar: { title: { text: "share" } },
    hovertemplate: "true %{y}, predicted %{x}<br>%{text}<extra></extra>",
  };
  return figure("Confusion matrix", [trace], { xaxis: axis("predicted"), yaxis: axis("true", { autorange: "reversed" }) });
}

/** ROC curves, one a class; the diagonal is chance. */
export function plotRoc(curves: readonly { readonly name: string; readonly curve: RocCurve; readonly auc: number }[]): Figure {
  const lines = curves.map(({ name, curve, auc }, k) => ({
    type: "scatter",
    mode: "lines",
    name: `${name} (AUC ${auc.toFixed(3)})`,
    ...thin(curve.falsePositiveRate, curve.truePositiveRate),
    line: { color: colour(k) },
  }));
  const chance = {
    type: "scatter",
    mode: "lines",
    name: "chance",
    x: [0, 1],
    y: [0, 1],
    line: { color: "#999999", dash: "dot" },
    hoverinfo: "skip",
  };
  return figure("ROC curve", [...lines, chance], {
    xaxis: axis("false positive rate", { range: [-0.02, 1.02] }),
    yaxis: axis("true positive rate", { range: [-0.02, 1.02] }),
  });
}

/** Precision–recall curves, one a class. */
export function plotPrecisionRecall(
  curves: readonly { readonly name: string; readonly curve: PrecisionRecallCurve; readonly averagePrecision: number }[],
): Figure {
  const lines = curves.map(({ name, curve, averagePrecision }, k) => ({
    type: "scatter",
    mode: "lines",
    name: `${name} (AP ${averagePrecision.toFixed(3)})`,
    ...thin(curve.recall, curve.precision),
    line: { color: colour(k), shape: "hv" },
  }));
  return figure("Precision–recall curve", lines, {
    xaxis: axis("recall", { range: [-0.02, 1.02] }),
    yaxis: axis("precision", { range: [-0.02, 1.02] }),
  });
}
