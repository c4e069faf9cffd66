import type { DatasetColumn, Run } from "assay-lab/contract";
import type { Api } from "../api";
import { datasetRoutes, type Rows } from "../dataset-routes";
import type { PlotlyFigure } from "../plotly/plotly-figure";
import { routes } from "../routes";

/** Rows that are averaged over, and values of the column at most: a request takes 10,000 rows. */
const rowsMost = 200;
const valuesMost = 20;
/** Stretches of the dataset that the rows are taken from, for files are often sorted. */
const stretches = 10;

type Row = Record<string, Rows["rows"][number][number]>;

/** What a model says on average when one column is set to a value in every row: by class its probability, else the prediction. */
interface Dependence {
  values: (string | number)[];
  lines: { name: string; means: number[] }[];
}

/** Rows spread over the dataset that the run was trained on. */
export async function spreadRows(api: Api, ref: string): Promise<Row[]> {
  const size = rowsMost / stretches;
  const first = await datasetRoutes.rows(api, ref, 0, size);
  const offsets = Array.from({ length: stretches - 1 }, (_, k) => Math.floor(((k + 1) * first.total_rows) / stretches));
  const rest =
    first.total_rows > rowsMost
      ? await Promise.all(offsets.map((offset) => datasetRoutes.rows(api, ref, offset, size)))
      : [await datasetRoutes.rows(api, ref, size, rowsMost)];
  return [first, ...rest].flatMap(({ column_names, rows }) =>
    rows.map((cells) => Object.fromEntries(column_names.map((name, j) => [name, cells[j] ?? null]))),
  );
}

/** The values that a column is set to: levels, or numbers from its least to its greatest; none where it has no such. */
export function gridOf({ kind, levels, min, max }: DatasetColumn): (string | number)[] {
  if (levels) return levels.slice(0, valuesMost);
  if (kind !== "number" || typeof min !== "number" || typeof max !== "number" || max <= min) return [];
  return Array.from({ length: valuesMost }, (_, k) => min + ((max - min) * k) / (valuesMost - 1));
}

/** Partial dependence of a run's model on one column (Friedman 2001), by the service's own predictions. */
export async function partialDependence(
  api: Api,
  { id, target_column }: Pick<Run, "id" | "target_column">,
  rows: readonly Row[],
  column: DatasetColumn,
): Promise<Dependence> {
  const values = gridOf(column);
  const features = values.flatMap((value) => rows.map((row) => ({ ...row, [column.name]: value })));
  const { prediction, prediction_proba, classes } = await routes.predictWithRun(api, id, features);
  const mean = (of: (i: number) => number) => values.map((_, k) => average(rows.map((__, i) => of(k * rows.length + i))));
  if (!prediction_proba || !classes)
    return { values, lines: [{ name: target_column ?? "", means: mean((i) => Number(prediction[i])) }] };
  // of two classes the one says the other
  const shown = classes.length === 2 ? [1] : classes.map((_, k) => k).slice(0, 8);
  return { values, lines: shown.map((k) => ({ name: String(classes[k]), means: mean((i) => prediction_proba[i]![k]!) })) };
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/** The lines, or for levels the bars, of a dependence. */
export function dependenceFigure(column: string, { values, lines }: Dependence, mean: string): PlotlyFigure {
  const isLevels = typeof values[0] === "string";
  const kind = isLevels ? { type: "bar" } : { type: "scatter", mode: "lines" };
  return {
    data: lines.map(({ name, means }) => ({ ...kind, name, x: values, y: means })),
    layout: {
      xaxis: { title: { text: column } },
      yaxis: { title: { text: mean } },
      margin: { t: 16, r: 16, b: 48, l: 60 },
      showlegend: lines.length > 1,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    },
  };
}
