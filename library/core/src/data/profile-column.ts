import type { Column } from "../base/columns.ts";
import { sortDoubles } from "../numeric/sort-doubles.ts";
import { mean, quantileOfSorted, sum } from "../numeric/statistics.ts";
import { countMissing, lengthOf } from "./column.ts";

/** What is in one column: plain JSON. Figures of datetimes are ISO 8601 strings. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: Column["kind"];
  /** Cells that are not missing. */
  readonly count: number;
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly mean?: number | string;
  /** Standard deviation, divided by n − 1; of numbers. */
  readonly sd?: number;
  /** Third moment over the cube of the (n-divided) standard deviation; of numbers. Oracle: scipy.stats.skew. */
  readonly skew?: number;
  /** Quantiles at 5, 25, 50, 75, 95 %, linear between neighbours. */
  readonly quantiles?: Readonly<Record<"q05" | "q25" | "q50" | "q75" | "q95", number | string>>;
  /** Infinite values; they are left out of the figures above. */
  readonly infinite?: number;
  /** The most frequent values, at most 10. */
  readonly top: readonly { readonly value: string | number | boolean; readonly count: number }[];
  /** Equal bins between least and greatest value: edges (b + 1), counts (b); at most 40. */
  readonly histogram?: { readonly edges: readonly (number | string)[]; readonly counts: readonly number[] };
}

/** The figures of a column: counts of the whole, all else of its sample. */
export function profileColumn(name: string, whole: Column, sample: Column): ColumnProfile {
  const missing = countMissing(whole);
  const base = { name, kind: whole.kind, count: lengthOf(whole) - missing, missing };
  if (sample.kind === "number" || sample.kind === "datetime") return { ...base, ...figures(sample.values, sample.kind) };
  const counts = countStrings(sample);
  const top = mostFrequentOf(counts);
  return {
    ...base,
    distinct: counts.size,
    top: top.map(([value, count]) => ({ value: typeof value === "string" ? value.slice(0, 200) : value, count })),
  };
}

/** The ten that stand most often, of equally frequent ones the least. */
function mostFrequentOf(counts: ReadonlyMap<string | boolean, number>): (readonly [string | boolean, number])[] {
  const top: (readonly [string | boolean, number])[] = [];
  for (const [value, count] of counts) {
    const last = top[9];
    if (last && (count < last[1] || (count === last[1] && value > last[0]))) continue;
    let place = top.length;
    while (place > 0 && (top[place - 1]![1] < count || (top[place - 1]![1] === count && top[place - 1]![0] > value))) place--;
    top.splice(place, 0, [value, count]);
    if (top.length > 10) top.pop();
  }
  return top;
}

/** How often each value stands that is there. */
function countStrings(column: Exclude<Column, { readonly values: Float64Array }>): Map<string | boolean, number> {
  if (column.kind === "text") {
    const counts = new Map<string, number>();
    for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }
  const codes = column.kind === "category" ? column.codes : column.values;
  const values: readonly (string | boolean)[] = column.kind === "category" ? column.levels : [false, true];
  const counts = new Float64Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= 0 && code < counts.length) counts[code]!++;
  }
  return new Map(values.flatMap((value, k) => (counts[k]! > 0 ? [[value, counts[k]!] as const] : [])));
}

type Figures = Omit<ColumnProfile, "name" | "kind" | "count" | "missing">;

function figures(values: Float64Array, kind: "number" | "datetime"): Figures {
  const sorted = sortedFinite(values);
  const { least: negative, greatest: positive } = countInfinite(values);
  const infinite = negative + positive;
  const runs = mostFrequent(sorted);
  const shown = (value: number): number | string => (kind === "datetime" ? new Date(value).toISOString() : value);
  const top = runs.top.map(({ value, count }) => ({ value: shown(value), count }));
  const distinct = runs.distinct + Number(positive > 0) + Number(negative > 0);
  const some = infinite > 0 ? { distinct, top, infinite } : { distinct, top };
  if (sorted.length === 0) return some;
  const at = (share: number): number | string => shown(safely(sorted, (each) => quantileOfSorted(each, share)));
  return {
    ...some,
    min: shown(sorted[0]!),
    max: shown(sorted.at(-1)!),
    mean: shown(safely(sorted, mean)),
    ...(kind === "number" ? moments(sorted) : {}),
    quantiles: { q05: at(0.05), q25: at(0.25), q50: at(0.5), q75: at(0.75), q95: at(0.95) },
    histogram: histogram(sorted, runs.distinct, shown),
  };
}

/** A figure in units of the values, also where its sums or differences would overflow. */
function safely(values: Float64Array, figure: (values: Float64Array) => number): number {
  const found = figure(values);
  const scale = 4 * values.length;
  return Number.isFinite(found) ? found : figure(values.map((value) => value / scale)) * scale;
}

/** Standard deviation and skew, where there are values enough for them; powers are summed in blocks, so that their errors do not add up. */
function moments(values: Float64Array): { sd?: number; skew?: number } {
  const n = values.length;
  const centre = mean(values);
  const block = 4096;
  const squareSums = new Float64Array(Math.ceil(n / block));
  const cubeSums = new Float64Array(squareSums.length);
  const scale = Math.max(Math.abs(values[0]! - centre), Math.abs(values[n - 1]! - centre)) || 1;
  for (let k = 0; k < squareSums.length; k++)
    for (let i = k * block; i < Math.min(n, (k + 1) * block); i++) {
      const off = (values[i]! - centre) / scale;
      squareSums[k]! += off * off;
      cubeSums[k]! += off * off * off;
    }
  const squares = sum(squareSums);
  const sd = Math.sqrt(squares / (n - 1)) * scale;
  if (n < 2 || !Number.isFinite(sd)) return {};
  if (squares === 0) return { sd };
  const spread = squares / n;
  return { sd, skew: sum(cubeSums) / n / (spread * Math.sqrt(spread)) };
}

/** The finite values, rising. Whole numbers that lie close together are counted instead of compared. */
function sortedFinite(values: Float64Array): Float64Array {
  const finite = new Float64Array(values.length);
  let n = 0;
  let least = Infinity;
  let greatest = -Infinity;
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    finite[n++] = value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    whole &&= Number.isSafeInteger(value);
  }
  const kept = finite.subarray(0, n);
  const span = greatest - least + 1;
  if (n < 1000 || !whole || span > n) return sortDoubles(kept);
  const counts = new Int32Array(span);
  for (let i = 0; i < n; i++) counts[kept[i]! - least]!++;
  let at = 0;
  for (let k = 0; k < span; k++) {
    const end = at + counts[k]!;
    kept.fill(k + least, at, end);
    at = end;
  }
  return kept;
}

function countInfinite(values: Float64Array): { readonly least: number; readonly greatest: number } {
  let least = 0;
  let greatest = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === Infinity) greatest++;
    else if (values[i] === -Infinity) least++;
  }
  return { least, greatest };
}

/** How many different values a sorted array has, and the ten that stand most often, of equally frequent ones the least. */
function mostFrequent(sorted: Float64Array): {
  readonly distinct: number;
  readonly top: readonly { value: number; count: number }[];
} {
  const top: { value: number; count: number }[] = [];
  let distinct = 0;
  for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
    const value = sorted[begin]!;
    for (end = begin + 1; end < sorted.length && sorted[end] === value; ) end++;
    const count = end - begin;
    distinct++;
    if (top.length === 10 && count <= top[9]!.count) continue;
    let place = top.length;
    while (place > 0 && top[place - 1]!.count < count) place--;
    top.splice(place, 0, { value, count });
    if (top.length > 10) top.pop();
  }
  return { distinct, top };
}

/** Bins by Sturges' rule doubled (more detail for long tables), at most 40, and no more than different values. */
function histogram(sorted: Float64Array, distinct: number, shown: (value: number) => number | string) {
  const [least, greatest] = [sorted[0]!, sorted.at(-1)!];
  const bins = least === greatest ? 1 : Math.min(40, distinct, 2 * Math.ceil(Math.log2(sorted.length) + 1));
  const width = greatest / bins - least / bins;
  const binOf = (value: number): number => (width > 0 ? Math.min(bins - 1, Math.floor((value - least) / width)) : 0);
  const begins = Array.from({ length: bins + 1 }, (_, bin) => firstOf(sorted, (value) => binOf(value) >= bin));
  const counts = Array.from({ length: bins }, (_, bin) => begins[bin + 1]! - begins[bin]!);
  const edges = Array.from({ length: bins + 1 }, (_, k) => shown(k === bins ? greatest : least + k * width));
  return { edges, counts };
}

/** Place of the first value for which a condition holds that then holds for all greater ones; the length where there is none. */
function firstOf(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [begin, end] = [0, sorted.length];
  while (begin < end) {
    const middle = (begin + end) >> 1;
    if (holds(sorted[middle]!)) end = middle;
    else begin = middle + 1;
  }
  return begin;
}
