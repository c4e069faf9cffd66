import type { Importance } from "../base/contract.ts";
import { axis, colour, type Figure, figure, thin } from "./figure.ts";

/** Importances as bars, the largest on top; at most 30. */
export function plotImportance(importances: readonly Importance[]): Figure {
  const shown = importances.slice(0, 30).toReversed();
  const trace = {
    type: "bar",
    orientation: "h",
    x: shown.map(({ importance }) => importance),
    y: shown.map(({ feature }) => feature),
    marker: { color: colour(0) },
  };
  return figure("Feature importance", [trace], {
    xaxis: axis("importance (share)"),
    yaxis: axis("", { type: "category" }),
    height: Math.max(220, 110 + 22 * shown.length),
  });
}

/** Permutation importances as bars with their standard deviations, the largest on top; at most 30. */
export function plotPermutationImportance({ metric, features }: Permuted): Figure {
  const shown = features.slice(0, 30).toReversed();
  const trace = {
    type: "bar",
    orientation: "h",
    x: shown.map(({ mean }) => mean),
    y: shown.map(({ feature }) => feature),
    error_x: { type: "data", array: shown.map(({ sd }) => sd), visible: true, thickness: 1.2, color: "#888888" },
    marker: { color: colour(0) },
  };
  return figure("Permutation importance", [trace], {
    xaxis: axis(`loss of ${metric} when the column is permuted`, { zeroline: true, zerolinecolor: "#999999" }),
    yaxis: axis("", { type: "category" }),
    height: Math.max(220, 110 + 22 * shown.length),
  });
}

/** What is drawn of `permutationImportance`'s answer. */
export interface Permuted {
  readonly metric: string;
  /** Largest mean first. */
  readonly features: readonly { readonly feature: string; readonly mean: number; readonly sd: number }[];
}

/** Residuals (truth − prediction) against the prediction; at most 2,000 points, evenly taken. */
export function plotResiduals(predicted: ArrayLike<number>, truth: ArrayLike<number>): Figure {
  const stride = Math.max(1, Math.ceil(truth.length / 2000));
  const rows = Array.from({ length: Math.ceil(truth.length / stride) }, (_, k) => k * stride);
  const points = {
    type: "scatter",
    mode: "markers",
    name: "residual",
    x: rows.map((i) => predicted[i]!),
    y: rows.map((i) => truth[i]! - predicted[i]!),
    marker: { color: colour(0), size: 5, opacity: 0.5 },
  };
  return figure("Residuals", [points], {
    xaxis: axis("predicted"),
    yaxis: axis("true − predicted", { zeroline: true, zerolinecolor: "#999999" }),
    showlegend: false,
  });
}

/** Metrics by step, one line each. */
export function plotLoss(
  curves: readonly { readonly name: string; readonly steps: readonly number[]; readonly values: readonly number[] }[],
  title = "Training",
): Figure {
  const lines = curves.map(({ name, steps, values }, k) => ({
    type: "scatter",
    mode: "lines",
    name,
    ...thin(steps, values),
    line: { color: colour(k) },
  }));
  return figure(title, lines, { xaxis: axis("step"), yaxis: axis("value") });
}
