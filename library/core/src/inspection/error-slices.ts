import type { TableLike } from "../base/columns.ts";
import type { Fitted } from "../base/contract.ts";
import { displayable, quiet } from "../base/display.ts";
import { LimitError, ParamsError } from "../base/errors.ts";
import { hasProba } from "../base/run.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type Difference, type LossSums, shareDifference, welchDifference } from "./difference-tests.ts";
import { judge } from "./judge.ts";
import { checkWhole, type JudgedColumns, type JudgedModel, readJudgedRows } from "./judged-rows.ts";
import { benjaminiHochberg } from "./multiple-tests.ts";
import { type AskOptions, askKeys, askOnThreads, defineQuestion, plainModel } from "./on-threads.ts";
import { checkLoss, type RowLosses, rowLosses, usualLoss } from "./row-losses.ts";
import { type SliceColumn, type SlicePart, sliceColumn } from "./slice-columns.ts";

/** How rows are cut into slices, and which are told. */
export interface SliceOptions extends AskOptions, JudgedColumns {
  /** The columns that slices are made of; default the model's. Any column of the table will do. */
  readonly columns?: readonly string[];
  /** 1: parts of one column; 2: also of two columns together. Default 1. */
  readonly depth?: 1 | 2;
  /** Rows of a slice at least; default 30. */
  readonly minRows?: number;
  /** Ranges of a column of numbers; default 4. */
  readonly bins?: number;
  /** A metric that is a mean over rows: accuracy, log_loss, brier; mae, mse. Default accuracy, or mae. */
  readonly metric?: MetricName;
  /** Corrected p-value up to which a slice is told; default 0.05, 1 for every slice that is worse than the rest. */
  readonly level?: number;
  /** Slices at most; default 50. */
  readonly limit?: number;
}

/** Rows on which a model does worse than on the rest. */
export interface ErrorSlice {
  /** What the rows have in common: one part, or two. */
  readonly parts: readonly SlicePart[];
  /** As people read it. */
  readonly text: string;
  readonly rows: number;
  /** Share of all rows (of their weight). */
  readonly share: number;
  /** Mean loss in the slice, and of all other rows. */
  readonly mean: number;
  readonly rest: number;
  /** mean − rest. */
  readonly effect: number;
  /** 95 % interval of the effect. */
  readonly interval: readonly [number, number];
  /** One-sided, of this slice by itself. */
  readonly pValue: number;
  /** Corrected for all slices that were looked at (Benjamini–Hochberg). */
  readonly adjusted: number;
  /** What the mean loss of all rows would lose if the slice did as well as the rest. */
  readonly excess: number;
}

/** Where a model errs more than elsewhere: plain JSON. */
export interface ErrorSlices {
  /** The metric, and what its rows' mean is called. */
  readonly metric: string;
  readonly title: string;
  readonly rows: number;
  /** Mean loss of all rows. */
  readonly mean: number;
  /** Slices that were looked at. */
  readonly tested: number;
  readonly minRows: number;
  readonly depth: 1 | 2;
  /** Columns that could not be cut: free text, or one part only. */
  readonly skipped: readonly string[];
  /** Largest excess first. */
  readonly slices: readonly ErrorSlice[];
}

const sliceKeys = ["columns", "depth", "minRows", "bins", "metric", "level", "limit", ...askKeys];

/** Slices that are looked at, at most. */
const mostSlices = 200_000;

/**
 * The slices of a table on which a model does worse than on the rest: levels of categories, ranges of numbers, missing cells, and, at depth 2,
 * what two columns have in common where that is worse than the rest of each alone. Each slice is held against all other rows, wrong answers by Fisher's
 * exact test, other losses and weighted rows by Welch's; p-values are corrected for the number of slices, so that few of those told are chance.
 * Slices of fewer than `minRows` rows are never told. O(n columns) at depth 1, O(n columns²) at depth 2, on all threads. Throws DataError for
 * unknown columns, ParamsError for a metric that is no mean over rows. Source: Chung et al. (2019), "Slice Finder", ICDE.
 * @example
 * await ml.errorSlices(model, test, { columns: ["age", "region"], depth: 2, minRows: 50 });
 */
export async function errorSlices(model: JudgedModel, table: TableLike, options: SliceOptions = {}): Promise<ErrorSlices> {
  const who = "errorSlices";
  const { rows } = readJudgedRows(who, model, table, options, undefined, sliceKeys);
  const { depth = 1, minRows = 30, bins = 4, level = 0.05, limit = 50 } = options;
  if (depth !== 1 && depth !== 2) throw new ParamsError(`${who}: depth must be 1 or 2, got ${depth}`);
  checkWhole(who, "minRows", minRows, 2);
  checkWhole(who, "bins", bins, 2, 100);
  checkWhole(who, "limit", limit, 1, 10_000);
  if (!(level > 0 && level <= 1)) throw new ParamsError(`${who}: level must be above 0 and at most 1, got ${level}`);
  const metric = checkLoss(who, model, options.metric ?? usualLoss(model), hasProba(model));
  const names = options.columns ?? model.columns.map(({ name }) => name);
  const cut = names.map((name) => [name, sliceColumn(who, table, name, bins)] as const);
  const columns = cut.flatMap(([, column]) => (column && column.parts.length > 1 ? [column] : []));
  const skipped = cut.filter(([, column]) => !column || column.parts.length < 2).map(([name]) => name);
  const pairs = columns.flatMap((_, a) => [[a], ...(depth === 2 ? columns.slice(a + 1).map((_b, b) => [a, a + 1 + b]) : [])]);
  const wanted = pairs.reduce((sum, set) => sum + set.reduce((product, a) => product * columns[a]!.parts.length, 1), 0);
  if (wanted > mostSlices) throw new LimitError(`${who}: ${mostSlices} slices at most, got ${wanted}; name fewer columns`);
  const asked: Losses = { model: plainModel(model), x: rows.x, y: rows.y, metric };
  const [losses] = (await askOnThreads<RowLosses>("row losses", [model], asked, 1, { ...options, observer: quiet })) as [
    RowLosses,
  ];
  const weights = rows.weights ?? new Float64Array(rows.y.length).fill(1);
  const sizes = columns.map(({ parts }) => parts.length);
  const shared: Cut = { losses: losses.values, weights, codes: columns.map(({ codes }) => codes), sizes, pairs };
  const sums = await askOnThreads<Float64Array>("error slices", [], shared, pairs.length, options);
  const total = sumsAt(sumsOf(losses.values, weights, new Int32Array(rows.y.length), 1), 0);
  const exact = losses.binary && !rows.weights;
  const found = tested(columns, pairs, sums, total, { minRows, exact });
  const adjusted = benjaminiHochberg(found.map(({ pValue }) => pValue));
  const told = found
    .map((slice, k) => ({ ...slice, adjusted: adjusted[k]! }))
    .filter((slice) => slice.effect > 0 && slice.adjusted <= level)
    .sort((a, b) => b.excess - a.excess);
  const slices = withoutRepeats(told, { exact, level }).slice(0, limit);
  const answer: ErrorSlices = {
    metric,
    title: losses.title,
    rows: rows.y.length,
    mean: total.loss / total.weight,
    tested: found.length,
    minRows,
    depth,
    skipped,
    slices: slices.map(({ sums: _, ...slice }) => slice),
  };
  return displayable("error-slices", answer);
}

/** A slice with the sums it was tested by. */
type Tested<T> = T & { readonly sums: LossSums };

/** A slice of two columns is told only where it is worse than what is left of each of its parts that is told by itself. */
function withoutRepeats(
  slices: readonly Tested<ErrorSlice>[],
  { exact, level }: { readonly exact: boolean; readonly level: number },
): Tested<ErrorSlice>[] {
  const alone = new Map(slices.filter(({ parts }) => parts.length === 1).map(({ text, sums }) => [text, sums]));
  const isWorse = (own: LossSums, part: LossSums | undefined): boolean => {
    if (!part) return true;
    const rest = without(part, own);
    if (rest.count < 2 || !(rest.weight > 0)) return false;
    const { effect, pValue } = differenceOf(own, rest, exact);
    return effect > 0 && pValue <= level;
  };
  return slices.filter(({ parts, sums }) => parts.length === 1 || parts.every(({ text }) => isWorse(sums, alone.get(text))));
}

function differenceOf(own: LossSums, rest: LossSums, exact: boolean): Difference {
  return exact ? shareDifference(own.loss, own.count, rest.loss, rest.count) : welchDifference(own, rest);
}

/** Every slice of enough rows, held against the other rows. */
function tested(
  columns: readonly SliceColumn[],
  pairs: readonly (readonly number[])[],
  sums: readonly Float64Array[],
  total: LossSums,
  { minRows, exact }: { readonly minRows: number; readonly exact: boolean },
): Tested<Omit<ErrorSlice, "adjusted">>[] {
  return pairs.flatMap((set, p) => {
    const width = set.length === 2 ? columns[set[1]!]!.parts.length : 1;
    const count = sums[p]!.length / 5;
    return Array.from({ length: count }, (_, at) => at).flatMap((at) => {
      const own = sumsAt(sums[p]!, at);
      const rest = without(total, own);
      if (own.count < minRows || rest.count < 2 || !(own.weight > 0) || !(rest.weight > 0)) return [];
      const parts = set.map((a, k) => columns[a]!.parts[set.length === 1 ? at : k === 0 ? Math.floor(at / width) : at % width]!);
      const difference = differenceOf(own, rest, exact);
      const share = own.weight / total.weight;
      const [mean, others] = [own.loss / own.weight, rest.loss / rest.weight];
      const text = parts.map((part) => part.text).join(" and ");
      return [
        { parts, text, rows: own.count, share, mean, rest: others, ...difference, excess: share * difference.effect, sums: own },
      ];
    });
  });
}

function sumsAt(sums: Float64Array, at: number): LossSums {
  const [count, weight, weightSquares, loss, lossSquares] = sums.subarray(5 * at, 5 * at + 5);
  return { count: count!, weight: weight!, weightSquares: weightSquares!, loss: loss!, lossSquares: lossSquares! };
}

function without(all: LossSums, own: LossSums): LossSums {
  return {
    count: all.count - own.count,
    weight: all.weight - own.weight,
    weightSquares: all.weightSquares - own.weightSquares,
    loss: Math.max(0, all.loss - own.loss),
    lossSquares: Math.max(0, all.lossSquares - own.lossSquares),
  };
}

/** Count, Σw, Σw², Σw·loss, Σw·loss² of each part (parts × 5). */
function sumsOf(losses: Float64Array, weights: Float64Array, codes: Int32Array, parts: number): Float64Array {
  const sums = new Float64Array(5 * parts);
  for (let i = 0; i < losses.length; i++) {
    const at = 5 * codes[i]!;
    const [weight, loss] = [weights[i]!, losses[i]!];
    if (weight === 0) continue;
    sums[at]!++;
    sums[at + 1]! += weight;
    sums[at + 2]! += weight * weight;
    sums[at + 3]! += weight * loss;
    sums[at + 4]! += weight * loss * loss;
  }
  return sums;
}

interface Losses {
  readonly model: Fitted;
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly metric: string;
}

defineQuestion(
  "row losses",
  ({ model, x, y, metric }: Losses) =>
    (): RowLosses =>
      rowLosses(metric, judge(model, x), y),
);

interface Cut {
  readonly losses: Float64Array;
  readonly weights: Float64Array;
  readonly codes: readonly Int32Array[];
  readonly sizes: readonly number[];
  /** One column, or two. */
  readonly pairs: readonly (readonly number[])[];
}

defineQuestion("error slices", ({ losses, weights, codes, sizes, pairs }: Cut) => (index: number): Float64Array => {
  const [a, b] = pairs[index]! as [number, number?];
  if (b === undefined) return sumsOf(losses, weights, codes[a]!, sizes[a]!);
  const both = Int32Array.from(codes[a]!, (code, i) => code * sizes[b]! + codes[b]![i]!);
  return sumsOf(losses, weights, both, sizes[a]! * sizes[b]!);
});
