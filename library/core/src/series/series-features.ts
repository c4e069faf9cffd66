import { DataError, ParamsError } from "../base/errors.ts";
import { keysOf } from "../data/keys.ts";
import type { Table } from "../data/table.ts";
import { sharedFloat64 } from "../numeric/matrix.ts";
import { exponentialMean } from "./exponential-mean.ts";
import { lag } from "./lag.ts";
import { rolling } from "./rolling.ts";
import { type SeriesTimes, seriesNumbers } from "./values.ts";
import type { WindowStatisticName } from "./window-statistics.ts";

/** Columns to be made of a series in a table. */
export interface SeriesFeatureOptions {
  /** The column of numbers. */
  readonly value: string;
  /** The column of instants; rows need not be in its order. */
  readonly time: string;
  /** Columns whose different cells are series of their own, such as the exercise. */
  readonly by?: string | readonly string[] | undefined;
  /** Rows back: 1 is the last value before. Columns `weight_lag1`. */
  readonly lags?: readonly number[] | undefined;
  /** Windows by rows or days, else all before. Columns `weight_mean_5`, `weight_max_28d`, `weight_min_all`. */
  readonly rolling?:
    | readonly {
        readonly statistic: WindowStatisticName;
        readonly rows?: number | undefined;
        readonly days?: number | undefined;
        readonly least?: number | undefined;
      }[]
    | undefined;
  /** Weights of the last value, or half-lives in days. Columns `weight_ewm_0.3`, `weight_ewm_7d`. */
  readonly exponential?: readonly ({ readonly alpha: number } | { readonly halfLifeDays: number })[] | undefined;
}

/**
 * The table with columns of lags, rolling statistics and exponential means added, rows in their order. Each cell is made of rows of the same
 * series at strictly earlier instants only, so that cutting the table at any time changes no feature before it.
 * Throws DataError for a column that is not there, a missing instant, or a name that is taken. O(n log n + windows).
 * @example
 * const features = ml.seriesFeatures(log, {
 *   value: "weight", time: "date", by: "exercise", lags: [1, 2], rolling: [{ statistic: "mean", days: 28 }], exponential: [{ alpha: 0.3 }],
 * });
 */
export function seriesFeatures(table: Table, options: SeriesFeatureOptions): Table {
  const { value, time, by = [] } = options;
  const features = featuresOf(options);
  if (features.length === 0) throw new ParamsError("seriesFeatures: needs lags, rolling or exponential, got none of them");
  const numbers = seriesNumbers(`seriesFeatures: column "${value}"`, table.column(value));
  const column = table.column(time);
  if (column.kind !== "datetime" && column.kind !== "number")
    throw new DataError(`seriesFeatures: column "${time}" must hold instants, got ${column.kind}; cast it to datetime`);
  const gap = column.values.findIndex((instant) => !Number.isFinite(instant));
  if (gap >= 0) throw new DataError(`seriesFeatures: column "${time}" must hold instants, row ${gap} is missing`);
  const names = new Set(table.names);
  for (const { name } of features) {
    if (names.has(name)) throw new DataError(`seriesFeatures: column "${name}" is there already`);
    names.add(name);
  }
  const made = features.map(() => sharedFloat64(table.rows));
  for (const rows of seriesRows(table, [by].flat(), column.values)) {
    const own = Float64Array.from(rows, (row) => numbers[row]!);
    const times = Float64Array.from(rows, (row) => column.values[row]!);
    for (const [f, { compute }] of features.entries()) {
      const cells = compute(own, times);
      for (let k = 0; k < rows.length; k++) made[f]![rows[k]!] = cells[k]!;
    }
  }
  return features.reduce((wider, { name }, f) => wider.with(name, { kind: "number", values: made[f]! }), table);
}

interface Feature {
  readonly name: string;
  readonly compute: (values: Float64Array, times: SeriesTimes) => Float64Array;
}

function featuresOf({ value, lags = [], rolling: windows = [], exponential = [] }: SeriesFeatureOptions): Feature[] {
  return [
    ...lags.map((rows): Feature => ({ name: `${value}_lag${rows}`, compute: (values, times) => lag(values, rows, { times }) })),
    ...windows.map((window): Feature => {
      const reach = window.rows ?? (window.days === undefined ? "all" : `${window.days}d`);
      return {
        name: `${value}_${window.statistic}_${reach}`,
        compute: (values, times) => rolling(values, { ...window, times }),
      };
    }),
    ...exponential.map((weighing): Feature => {
      const pace = "alpha" in weighing ? weighing.alpha : `${weighing.halfLifeDays}d`;
      return { name: `${value}_ewm_${pace}`, compute: (values, times) => exponentialMean(values, { ...weighing, times }) };
    }),
  ];
}

/** Rows of each series in the order of time; rows of one instant keep their order. */
function seriesRows(table: Table, by: readonly string[], instants: Float64Array): Int32Array[] {
  const order = Int32Array.from({ length: table.rows }, (_, i) => i).sort((a, b) => instants[a]! - instants[b]! || a - b);
  if (by.length === 0) return [order];
  const { codes, first } = keysOf(
    by.map((name) => table.column(name)),
    table.rows,
  );
  const lists: number[][] = Array.from(first, () => []);
  for (const row of order) lists[codes[row]!]!.push(row);
  return lists.map((rows) => Int32Array.from(rows));
}
