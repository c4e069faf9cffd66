import { ShapeError } from "../base/errors.ts";
import { axis, colour, evenly, type Figure, faint, figure, sequential } from "./figure.ts";

/** How the mean prediction depends on one column. */
export interface Dependence {
  readonly feature: string;
  /** The values that the column was set to (g): numbers rising, or categories. */
  readonly grid: readonly (number | string | boolean)[];
  /** Mean prediction at each (g). */
  readonly average: ArrayLike<number>;
  /** Prediction of each row at each value (rows × g): individual conditional expectation. */
  readonly individual?: readonly ArrayLike<number>[] | undefined;
  /** What is predicted: "probability of yes", "price". */
  readonly output?: string | undefined;
}

/**
 * Partial dependence as a line over the column's values, rows' own curves (ICE, at most 100) faint behind it; categories are bars.
 * Source: Friedman (2001), Annals of Statistics 29(5); Goldstein et al. (2015), JCGS 24(1).
 */
export function plotPartialDependence({ feature, grid, average, individual, output = "mean prediction" }: Dependence): Figure {
  if (average.length !== grid.length)
    throw new ShapeError(
      `plotPartialDependence: average must have one value for each of the ${grid.length} of the grid, got ${average.length}`,
    );
  const isNumeric = grid.every((value) => typeof value === "number");
  const x = isNumeric ? [...grid] : grid.map(String);
  const rows = individual ? evenly(individual.length, 100) : [];
  const faintLines = rows.map((i) => ({
    type: "scatter",
    mode: "lines",
    x,
    y: Array.from(individual![i]!),
    line: { color: faint(colour(4), 0.35), width: 1 },
    hoverinfo: "skip",
    showlegend: false,
  }));
  const mean =
    isNumeric || individual
      ? { type: "scatter", mode: "lines", name: "mean", x, y: Array.from(average), line: { color: colour(3), width: 3 } }
      : { type: "bar", name: "mean", x, y: Array.from(average), marker: { color: colour(0) } };
  return figure(`Partial dependence on ${feature}`, [...faintLines, mean], {
    xaxis: axis(feature, isNumeric ? {} : { type: "category" }),
    yaxis: axis(output),
    showlegend: false,
  });
}

/** How the mean prediction depends on two columns together. */
export interface Dependence2d {
  readonly features: readonly [string, string];
  /** The values that each column was set to (g₁, g₂). */
  readonly grid: readonly [readonly (number | string | boolean)[], readonly (number | string | boolean)[]];
  /** Mean prediction (g₁ × g₂, row-major). */
  readonly average: ArrayLike<number>;
  readonly output?: string | undefined;
}

/** Partial dependence on two columns as a heatmap. */
export function plotPartialDependence2d({ features, grid, average, output = "mean prediction" }: Dependence2d): Figure {
  const [first, second] = grid;
  if (average.length !== first.length * second.length)
    throw new ShapeError(
      `plotPartialDependence2d: average must have ${first.length} × ${second.length} values, got ${average.length}`,
    );
  const isNumeric = (values: readonly unknown[]): boolean => values.every((value) => typeof value === "number");
  const shown = (values: readonly (number | string | boolean)[]) => (isNumeric(values) ? [...values] : values.map(String));
  const trace = {
    type: "heatmap",
    x: shown(first),
    y: shown(second),
    z: second.map((_, j) => first.map((_, i) => average[i * second.length + j]!)),
    colorscale: sequential,
    colorbar: { title: { text: output } },
  };
  return figure(`Partial dependence on ${features[0]} and ${features[1]}`, [trace], {
    xaxis: axis(features[0], isNumeric(first) ? {} : { type: "category" }),
    yaxis: axis(features[1], isNumeric(second) ? {} : { type: "category" }),
  });
}
