import type { Importance } from "../base/contract.ts";
import { axis, colour, type Figure, figure, heightOf, thin } from "./figure.ts";

const featuresMax = 30;

/** Importances as bars, the largest on top; at most 30. Where `sd` is given (over the trees of a forest, or over repeats), with error bars. */
export function plotImportance(
  importances: readonly (Importance & { readonly sd?: number })[],
  { title = "Feature importance", axisTitle = "importance (share)" } = {},
): Figure {
  const shown = importances.slice(0, featuresMax).toReversed();
  const bars = importanceBars(
    shown.map(({ feature }) => feature),
    shown.map(({ importance }) => importance),
    shown.some(({ sd }) => sd !== undefined) ? shown.map(({ sd }) => sd ?? 0) : undefined,
  );
  return figure(title, [bars], { xaxis: axis(axisTitle), yaxis: axis("", { type: "category" }), height: heightOf(shown.length) });
}

/** Permutation importances as bars with their standard deviations, the largest on top; at most 30. */
export function plotPermutationImportance({ metric, features }: Permuted): Figure {
  const shown = features.slice(0, featuresMax).toReversed();
  const bars = importanceBars(
    shown.map(({ feature }) => feature),
    shown.map(({ mean }) => mean),
    shown.map(({ sd }) => sd),
  );
  return figure("Permutation importance", [bars], {
    xaxis: axis(`loss of ${metric} when the column is permuted`, { zeroline: true, zerolinecolor: "#999999" }),
    yaxis: axis("", { type: "category" }),
    height: heightOf(shown.length),
  });
}

/** What is drawn of `permutationImportance`'s answer. */
export interface Permuted {
  readonly metric: string;
  /** Largest mean first. */
  readonly features: readonly { readonly feature: string; readonly mean: number; readonly sd: number }[];
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

function importanceBars(names: readonly string[], values: readonly number[], sd: readonly number[] | undefined) {
  return {
    type: "bar",
    orientation: "h",
    x: values,
    y: names,
    marker: { color: colour(0) },
    ...(sd && { error_x: { type: "data", array: sd, visible: true, thickness: 1.2, color: "#888888" } }),
  };
}
