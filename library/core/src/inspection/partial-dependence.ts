import { checkKeys } from "../base/check-keys.ts";
import type { TableLike } from "../base/columns.ts";
import type { Fitted, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError, ShapeError } from "../base/errors.ts";
import { assertModel } from "../base/estimator.ts";
import { isTable, readPredict } from "../base/inputs.ts";
import { labelsOf } from "../base/targets.ts";
import { columnMeans, columnOf, type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { checkGrid, type GridAxis, type GridOptions, gridAxis } from "./dependence-grid.ts";
import { checkWhole, columnPlaces, type JudgedModel, readWeights } from "./judged-rows.ts";
import { type AskOptions, answersOf, askKeys, askOnThreads, defineQuestion, plainModel } from "./on-threads.ts";

/** How a model's dependence on columns is asked. */
export interface DependenceOptions extends Partial<GridOptions>, AskOptions {
  /** One column, or two for their joint effect. */
  readonly features: string | readonly string[];
  /** `average` the mean over the rows, `individual` a curve for each row (ICE), `both`; default average. */
  readonly kind?: "average" | "individual" | "both";
  /** Whether the curves of the rows begin at 0; default false. */
  readonly centred?: boolean;
  /** A column of row weights ≥ 0 for the mean; with arrays `weights`. */
  readonly weight?: string;
  readonly weights?: ArrayLike<number>;
  /** Rows that are asked at most, drawn at random where there are more; default 10,000, for curves of rows 200. */
  readonly rows?: number;
  /** Default 42; matters where rows are drawn. */
  readonly seed?: number;
}

/** What a model answers when columns take one value after the other in every row. */
export interface PartialDependence {
  /** One column or two. */
  readonly features: readonly string[];
  /** The model's classes (for two only the second), or its target. */
  readonly outputs: readonly string[];
  /** What is answered: probabilities, or numbers in units of the target. */
  readonly unit: "probability" | "target";
  /** Places of each column. */
  readonly grid: readonly (readonly (number | string)[])[];
  /** Mean answer: outputs × points, for two columns row by row of the first; empty for the kind individual. */
  readonly average: readonly (readonly number[])[];
  /** Answers of each row: outputs × rows × points; empty for the kind average. */
  readonly individual: readonly (readonly (readonly number[])[])[];
  /** Whether the curves of the rows begin at 0. */
  readonly centred: boolean;
  /** Numbers of the rows that were asked. */
  readonly rows: readonly number[];
  /** Deciles of each column of numbers, which say where its rows lie. */
  readonly deciles: readonly (readonly number[])[];
}

const optionKeys = [
  "features",
  "kind",
  "centred",
  "weight",
  "weights",
  "rows",
  "seed",
  "gridResolution",
  "percentiles",
  "values",
  ...askKeys,
];

const defaults = { gridResolution: 100, percentiles: [0.05, 0.95], values: {} } as const;

/**
 * Partial dependence: the mean answer of a model when one or two columns are set to a value in every row, value after value; and, for the
 * kinds individual and both, the curve of each row (individual conditional expectation). Categories are asked level by level. The model is
 * asked as it is (the brute way), so any will do, a pipeline too. Where columns go together it asks about rows that nobody has seen.
 * Cost: points × rows predictions, on all threads. Throws ParamsError for unknown columns, LimitError beyond 10,000 points.
 * Source: Friedman (2001), Annals of Statistics 29(5), section 8.2; Goldstein et al. (2015). Oracle: sklearn.inspection.partial_dependence.
 * @example
 * await ml.partialDependence(model, test, { features: "age", kind: "both" });
 * await ml.partialDependence(model, test, { features: ["age", "income"], gridResolution: 20 });
 */
export async function partialDependence(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  options: DependenceOptions,
): Promise<PartialDependence> {
  const who = "partialDependence";
  checkKeys(who, options ?? {}, optionKeys);
  const { x, weights } = readDependence(who, model, data, options);
  const names = [options?.features ?? []].flat();
  if (names.length < 1 || names.length > 2 || names[0] === names[1])
    throw new ParamsError(`${who}: features must be one column or two different ones, got ${JSON.stringify(options?.features)}`);
  const { kind = "average", centred = false, seed = 42 } = options;
  const columns = columnPlaces(who, model, names);
  const grid = gridOptions(who, options, names.length);
  const axes = columns.map((j) => gridAxis(who, x, j, model.columns[j]!, grid));
  const points = checkGrid(who, axes);
  const limit = options.rows ?? (kind === "average" ? 10_000 : 200);
  checkWhole(who, "rows", limit, 1);
  const rows = drawnRows(x.rows, limit, seed);
  const shared: Asked = {
    model: plainModel(model),
    x: takeMatrix(x, rows),
    weights: weights && Float64Array.from(rows, (i) => weights[i]!),
    columns,
    cells: axes.map(({ cells }) => cells),
    isEach: kind !== "average",
  };
  const answers = await askOnThreads<PointAnswer>("partial dependence", [model], shared, points, options);
  const outputs = outputsOf(model);
  const found: PartialDependence = {
    features: names,
    outputs: outputs.map(({ name }) => name),
    unit: model.task === "classification" ? "probability" : "target",
    grid: axes.map(({ values }) => values),
    average: kind === "individual" ? [] : outputs.map(({ place }) => answers.map(({ average }) => average[place]!)),
    individual: kind === "average" ? [] : outputs.map(({ place }) => curvesOf(answers, place, rows.length, model, centred)),
    centred,
    rows: Array.from(rows),
    deciles: columns.map((j) => (model.columns[j]!.levels ? [] : decilesOf(x, j))),
  };
  return displayable("partial-dependence", found);
}

/** The rows that a model is asked about, as its prediction takes them, and their weights. */
export function readDependence(
  who: string,
  model: JudgedModel,
  data: TableLike | MatrixInput,
  options: { readonly weight?: string; readonly weights?: ArrayLike<number> } | undefined,
): { readonly x: Matrix; readonly weights: Float64Array | undefined } {
  assertModel(who, model);
  const { x } = readPredict(who, model.columns, data);
  if (x.rows === 0) throw new ShapeError(`${who}: needs one row at least, got 0`);
  const given =
    options?.weight !== undefined && isTable(data)
      ? labelsOf(data.column(options.weight))
      : options?.weights && Array.from(options.weights);
  return { x: { ...x, data: toShared(x.data) }, weights: given && readWeights(who, given, x.rows) };
}

function gridOptions(who: string, options: DependenceOptions, features: number): GridOptions {
  const { gridResolution = features === 1 ? defaults.gridResolution : 20, percentiles = defaults.percentiles } = options;
  checkWhole(who, "gridResolution", gridResolution, 2, 10_000);
  const [low, high] = percentiles;
  if (!(low >= 0 && low < high && high <= 1))
    throw new ParamsError(`${who}: percentiles must be two ascending shares of 0 … 1, got ${JSON.stringify(percentiles)}`);
  return { gridResolution, percentiles, values: options.values ?? defaults.values };
}

/** Which of a model's answers are shown: of two classes the second. */
export function outputsOf(model: Fitted): { readonly name: string; readonly place: number }[] {
  if (!model.classes) return [{ name: model.target ?? "prediction", place: 0 }];
  const all = model.classes.map((label, place) => ({ name: String(label), place }));
  return all.length === 2 ? all.slice(1) : all;
}

/** So many rows at most, drawn without putting back, in their order. */
export function drawnRows(rows: number, limit: number, seed: number): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  return rows <= limit ? all : random(seed, "inspection/rows").permutation(rows).slice(0, limit).sort();
}

/** These rows of a matrix. */
export function takeMatrix(x: Matrix, rows: Int32Array): Matrix {
  if (rows.length === x.rows) return x;
  const data = sharedFloat64(rows.length * x.columns);
  for (const [k, i] of rows.entries()) data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), k * x.columns);
  return { ...x, rows: rows.length, data };
}

function curvesOf(
  answers: readonly PointAnswer[],
  place: number,
  rows: number,
  { classes }: Fitted,
  centred: boolean,
): number[][] {
  const width = classes?.length ?? 1;
  return Array.from({ length: rows }, (_, i) => {
    const curve = answers.map(({ each }) => each![i * width + place]!);
    return centred ? curve.map((value) => value - curve[0]!) : curve;
  });
}

function decilesOf(x: Matrix, j: number): number[] {
  const sorted = columnOf(x, j)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return Array.from({ length: 9 }, (_, k) => quantileOfSorted(sorted, (k + 1) / 10));
}

interface Asked {
  readonly model: Fitted;
  readonly x: Matrix;
  readonly weights: Float64Array | undefined;
  readonly columns: readonly number[];
  readonly cells: readonly GridAxis["cells"][];
  /** Whether the answer of each row is kept. */
  readonly isEach: boolean;
}

interface PointAnswer {
  /** Mean over the rows (outputs). */
  readonly average: Float64Array;
  /** Answer of each row (n × outputs). */
  readonly each: Float64Array | undefined;
}

defineQuestion("partial dependence", ({ model, x, weights, columns, cells, isEach }: Asked) => {
  const data = sharedFloat64(x.data.length);
  data.set(x.data);
  const asked: Matrix = { ...x, data };
  return (point: number): PointAnswer => {
    let rest = point;
    for (let k = columns.length - 1; k >= 0; k--) {
      const cell = cells[k]![rest % cells[k]!.length]!;
      rest = Math.floor(rest / cells[k]!.length);
      for (let i = 0, at = columns[k]!; i < x.rows; i++, at += x.columns) data[at] = cell;
    }
    const answers = answersOf(model, asked);
    return { average: columnMeans(answers, weights), each: isEach ? answers.data.slice() : undefined };
  };
});
