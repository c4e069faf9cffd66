import type { Fitted, Importance } from "../base/contract.ts";
import { transformSync } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { ColumnTransformerState } from "../preprocessing/column-transformer.ts";
import type { OneHotState } from "../preprocessing/one-hot-encoder.ts";
import type { JudgedModel } from "./judged-rows.ts";

/** The rows that a pipeline's last step sees, and where its columns come from. */
export interface SteppedRows {
  readonly last: Fitted;
  /** Rows as the last step takes them. */
  readonly x: Matrix;
  /** What each of their columns belongs to (place in `features`). */
  readonly sources: Int32Array;
  /** Columns of the input that the last step sees something of, then those that mix several, under their own names. */
  readonly features: readonly string[];
  /** Cells of the features: of the input where they are its columns (n × features). */
  readonly values: Matrix;
}

/**
 * A pipeline's rows before its last step. Columns that a step makes of one column (scaled, encoded, its indicator) belong to that column; those
 * that mix several (components, products) stand for themselves.
 */
export function beforeLast(model: Fitted, x: Matrix): SteppedRows {
  const steps = model.name === "pipeline" ? (model.state as { readonly steps: readonly Fitted[] }).steps : [model];
  const first: Matrix = { ...x, names: model.columns.map(({ name }) => name), levels: model.columns.map(({ levels }) => levels) };
  let at = first;
  let origins = Int32Array.from({ length: x.columns }, (_, j) => j);
  for (const step of steps.slice(0, -1)) {
    const own = originsOf(step, firstRow(at));
    at = transformSync(step, at);
    const before = origins;
    origins = own.map((j) => (j < 0 ? -1 : before[j]!));
  }
  const last = steps.at(-1)!;
  if (last.name === "pipeline") return nested(beforeLast({ ...last, columns: columnsOf(at) }, at), origins, first);
  return named(last, at, origins, first);
}

/** A pipeline at the end of a pipeline: its features are told by what they come from in the outer one. */
function nested(inner: SteppedRows, origins: Int32Array, first: Matrix): SteppedRows {
  const names = inner.values.names!;
  const places = new Map(names.map((name, j) => [name, j]));
  const outer = inner.sources.map((feature) => {
    const column = places.get(inner.features[feature]!);
    return column !== undefined && column < origins.length ? origins[column]! : -1;
  });
  return named(inner.last, inner.x, outer, first);
}

function columnsOf({ names, levels, columns }: Matrix): { name: string; levels: readonly string[] | undefined }[] {
  return Array.from({ length: columns }, (_, j) => ({ name: names?.[j] ?? `x${j}`, levels: levels?.[j] }));
}

function named(last: Fitted, x: Matrix, origins: Int32Array, first: Matrix): SteppedRows {
  const columns = [...new Set(origins)].filter((j) => j >= 0).sort((a, b) => a - b);
  const places = new Map(columns.map((j, place) => [j, place]));
  const mixed = Array.from(origins.keys()).filter((k) => origins[k]! < 0);
  const sources = Int32Array.from(origins, (j, k) => (j >= 0 ? places.get(j)! : columns.length + mixed.indexOf(k)));
  const names = [...columns.map((j) => first.names![j]!), ...mixed.map((k) => x.names?.[k] ?? `x${k}`)];
  const width = names.length;
  const data = new Float64Array(first.rows * width);
  for (let i = 0; i < first.rows; i++) {
    for (const [place, j] of columns.entries()) data[i * width + place] = first.data[i * first.columns + j]!;
    for (const [place, k] of mixed.entries()) data[i * width + columns.length + place] = x.data[i * x.columns + k]!;
  }
  const levels = [...columns.map((j) => first.levels?.[j]), ...mixed.map(() => undefined)];
  return { last, x, sources, features: names, values: { rows: first.rows, columns: width, data, names, levels } };
}

/** A model's own importances by the columns of its input: those of a column's parts (its levels, its indicator) are summed. */
export function sourceImportances(model: JudgedModel, x: Matrix): readonly Importance[] | null {
  const own = model.importances();
  if (!own || model.name !== "pipeline") return own ?? null;
  const { last, sources, features } = beforeLast(model, firstRow(x));
  const places = new Map(last.columns.map(({ name }, k) => [name, k]));
  if (!own.every(({ feature }) => places.has(feature))) return own;
  const sums = new Map(features.map((feature) => [feature, 0]));
  for (const { feature, importance } of own) {
    const source = features[sources[places.get(feature)!]!]!;
    sums.set(source, sums.get(source)! + importance);
  }
  return Array.from(sums, ([feature, importance]) => ({ feature, importance })).sort((a, b) => b.importance - a.importance);
}

function firstRow(x: Matrix): Matrix {
  return { ...x, rows: Math.min(1, x.rows), data: x.data.subarray(0, Math.min(1, x.rows) * x.columns) };
}

/** The input column that each output column of a transformer is made of; −1 where it is made of several. */
function originsOf(step: Fitted, row: Matrix): Int32Array {
  switch (step.name) {
    case "one_hot_encoder":
      return repeated((step.state as OneHotState).widths);
    case "target_encoder": {
      const { mean, encodings } = step.state as {
        readonly mean: Float64Array;
        readonly encodings: readonly (Float64Array | null)[];
      };
      return repeated(Int32Array.from(encodings, (encoding) => (encoding ? mean.length : 1)));
    }
    case "imputer": {
      const { columns } = transformSync(step, row);
      return Int32Array.from({ length: columns }, (_, k) => k % row.columns); // indicators stand behind the columns
    }
    case "column_transformer":
      return ofParts(step.state as ColumnTransformerState, row);
    case "pipeline":
      return ofSteps((step.state as { readonly steps: readonly Fitted[] }).steps, row);
    default:
      return byName(transformSync(step, row), row);
  }
}

/** Each input column as often as it has output columns. */
function repeated(widths: Int32Array): Int32Array {
  return Int32Array.from(Array.from(widths).flatMap((width, j) => new Array<number>(width).fill(j)));
}

function ofParts({ parts }: ColumnTransformerState, row: Matrix): Int32Array {
  return Int32Array.from(
    parts.flatMap(({ columns, fitted }) => {
      if (!fitted) return Array.from(columns);
      const own = Array.from(columns);
      const part: Matrix = {
        rows: row.rows,
        columns: own.length,
        data: Float64Array.from({ length: row.rows * own.length }, (_, k) => row.data[own[k]!]!),
        names: own.map((j) => row.names?.[j] ?? `x${j}`),
        levels: row.levels && own.map((j) => row.levels![j]),
      };
      return Array.from(originsOf(fitted, part), (j) => (j < 0 ? -1 : own[j]!));
    }),
  );
}

function ofSteps(steps: readonly Fitted[], row: Matrix): Int32Array {
  let at = row;
  let origins = Int32Array.from({ length: row.columns }, (_, j) => j);
  for (const step of steps) {
    const own = originsOf(step, at);
    at = transformSync(step, at);
    const before = origins;
    origins = own.map((j) => (j < 0 ? -1 : before[j]!));
  }
  return origins;
}

/** Columns keep their names where a transformer changes each by itself. */
function byName(after: Matrix, before: Matrix): Int32Array {
  const places = new Map((before.names ?? []).map((name, j) => [name, j]));
  const isSame = after.columns === before.columns && after.names === undefined;
  return Int32Array.from({ length: after.columns }, (_, k) => (isSame ? k : (places.get(after.names?.[k] ?? "") ?? -1)));
}
