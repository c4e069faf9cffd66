import { ParamsError } from "../base/errors.ts";
import { isMissing } from "../data/column.ts";
import { correlations } from "../data/profile-pairs.ts";
import type { Table } from "../data/table.ts";
import { axis, colour, diverging, type Figure, figure, type Trace } from "./figure.ts";
import { binnedBars, boxOf, groupsOf, numbersIn, numbersOf, points, sampled, valueBars } from "./table-traces.ts";

/**
 * A column's distribution as bars: equal bins of numbers and instants, values of the others (the 30 most frequent). With `by`, bars of each
 * of its values over each other. Throws DataError for a column that is not there. O(n).
 */
export function plotHistogram(
  table: Table,
  column: string,
  { by, bins = 30 }: { readonly by?: string | undefined; readonly bins?: number } = {},
): Figure {
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1000))
    throw new ParamsError(`plotHistogram: bins must be 1 … 1000, got ${bins}`);
  const groups = groupsOf(table, by);
  const { kind } = table.column(column);
  const numeric = kind === "number" || kind === "datetime";
  const data = numeric ? binnedBars(table, column, groups, bins) : valueBars(table, column, groups);
  const more = kind === "datetime" ? { type: "date" } : numeric ? {} : { type: "category" };
  return figure(column, data, {
    xaxis: axis(column, more),
    yaxis: axis("rows"),
    barmode: groups.length > 1 && numeric ? "overlay" : "stack",
    bargap: numeric ? 0.02 : 0.2,
    showlegend: groups.length > 1,
  });
}

/** Boxes of number columns, or of one column by the values of another: quartiles, whiskers to 1.5 interquartile ranges, points beyond. O(n log n). */
export function plotBoxes(
  table: Table,
  columns: readonly string[] = numbersOf(table).slice(0, 12),
  { by }: { readonly by?: string | undefined } = {},
): Figure {
  const data = columns.flatMap((name, j) =>
    groupsOf(table, by).map(({ label, rows }, k) => {
      const of = by === undefined ? name : columns.length > 1 ? `${name}, ${label}` : label;
      return {
        ...boxOf(numbersIn(table, name, rows)),
        name: of,
        x: [of],
        marker: { color: colour(by === undefined ? j : k), size: 3 },
      };
    }),
  );
  const title = by === undefined ? "Box plots" : `${columns.join(", ")} by ${by}`;
  return figure(title, data, {
    showlegend: false,
    xaxis: axis("", { type: "category" }),
    yaxis: axis(columns.length === 1 ? columns[0]! : ""),
  });
}

/** Two number columns as points, coloured by the values of a third; at most 2,000 points. */
export function plotScatter(table: Table, x: string, y: string, { by }: { readonly by?: string | undefined } = {}): Figure {
  const shown = sampled(table);
  const data = groupsOf(shown, by).map(({ label, rows }, k) => points(shown, rows, x, y, label, k));
  return figure(`${y} over ${x}`, data, { xaxis: axis(x), yaxis: axis(y), showlegend: by !== undefined });
}

/** Every pair of two to six number columns as points; a column's own distribution stands on the diagonal. At most 2,000 points a pair. */
export function plotScatterMatrix(
  table: Table,
  columns: readonly string[] = numbersOf(table).slice(0, 4),
  { by }: { readonly by?: string | undefined } = {},
): Figure {
  const d = columns.length;
  if (d < 2 || d > 6) throw new ParamsError(`plotScatterMatrix: columns must be 2 to 6, got ${d}`);
  const shown = sampled(table);
  const groups = groupsOf(shown, by);
  const share = 1 / d;
  const layout: Record<string, unknown> = {
    showlegend: by !== undefined,
    bargap: 0.02,
    barmode: "stack",
    height: Math.max(380, 170 * d),
  };
  const data: Trace[] = [];
  for (let row = 0; row < d; row++)
    for (let column = 0; column < d; column++) {
      const place = row * d + column + 1;
      const [xaxis, yaxis] = [`x${place}`, `y${place}`];
      const part = { showticklabels: true, tickfont: { size: 9 }, nticks: 4, zeroline: false };
      const title = (text: string, wanted: boolean) => ({ text: wanted ? text : "", font: { size: 11 } });
      layout[`xaxis${place}`] = {
        ...part,
        domain: [column * share + 0.03 * share, (column + 1) * share - 0.12 * share],
        anchor: yaxis,
        title: title(columns[column]!, row === d - 1),
      };
      layout[`yaxis${place}`] = {
        ...part,
        domain: [1 - (row + 1) * share + 0.12 * share, 1 - row * share],
        anchor: xaxis,
        title: title(columns[row]!, column === 0),
      };
      const traces =
        row === column
          ? binnedBars(shown, columns[row]!, groups, 20)
          : groups.map(({ label, rows }, k) => points(shown, rows, columns[column]!, columns[row]!, label, k));
      data.push(...traces.map((trace) => ({ ...trace, xaxis, yaxis, showlegend: place === 1 && by !== undefined })));
    }
  return figure("Scatter matrix", data, layout);
}

/** Pearson's r of number columns (the first 50) as a heatmap, −1 blue, 1 red; not defined is blank. O(n d²). */
export function plotCorrelation(table: Table, columns: readonly string[] = numbersOf(table)): Figure {
  const { names, values } = correlations(table.select(columns));
  const trace = {
    type: "heatmap",
    x: names,
    y: names,
    z: values,
    zmin: -1,
    zmax: 1,
    colorscale: diverging,
    colorbar: { title: { text: "r" } },
    ...(names.length <= 12 && { texttemplate: "%{z:.2f}" }),
    hovertemplate: "%{y}, %{x}: %{z:.3f}<extra></extra>",
  };
  return figure("Correlation", [trace], {
    height: Math.max(380, 24 * names.length + 120),
    xaxis: axis("", { tickangle: -45 }),
    yaxis: axis("", { autorange: "reversed" }),
  });
}

/** Where cells are missing: columns across, stretches of rows downwards, colour by the share that is missing. O(n d). */
export function plotMissing(table: Table, columns: readonly string[] = table.names): Figure {
  const stretches = Math.max(1, Math.min(60, table.rows));
  const size = table.rows / stretches;
  const begins = Array.from({ length: stretches + 1 }, (_, s) => Math.round(s * size));
  const shares = columns.map((name) => {
    const column = table.column(name);
    return begins.slice(1).map((end, s) => {
      let missing = 0;
      for (let i = begins[s]!; i < end; i++) if (isMissing(column, i)) missing++;
      return missing / Math.max(1, end - begins[s]!);
    });
  });
  const trace = {
    type: "heatmap",
    x: [...columns],
    y: begins.slice(0, -1),
    z: begins.slice(1).map((_, s) => shares.map((column) => column[s]!)),
    zmin: 0,
    zmax: 1,
    colorscale: [
      [0, "#eef3f9"],
      [1, "#d55e00"],
    ],
    colorbar: { title: { text: "missing" }, tickformat: ".0%" },
    hovertemplate: "%{x}, from row %{y}: %{z:.0%} missing<extra></extra>",
  };
  return figure("Missing cells", [trace], {
    xaxis: axis("", { tickangle: -45, type: "category" }),
    yaxis: axis("row", { autorange: "reversed" }),
  });
}
