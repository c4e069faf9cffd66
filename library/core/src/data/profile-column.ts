import type { Column } from "../base/columns.ts";
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
  const counts = new Map<string | boolean, number>();
  const add = (value: string | boolean): void => void counts.set(value, (counts.get(value) ?? 0) + 1);
  switch (sample.kind) {
    case "boolean":
      for (const value of sample.values) if (value !== 255) add(value === 1);
      break;
    case "category":
      for (const code of sample.codes) if (code >= 0) add(sample.levels[code]!);
      break;
    case "text":
      for (const value of sample.values) if (value !== null) add(value);
  }
  const top = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 10);
  return {
    ...base,
    distinct: counts.size,
    top: top.map(([value, count]) => ({ value: typeof value === "string" ? value.slice(0, 200) : value, count })),
  };
}

type Figures = Omit<ColumnProfile, "name" | "kind" | "count" | "missing">;

function figures(values: Float64Array, kind: "number" | "datetime"): Figures {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const infinite = values.filter((value) => Math.abs(value) === Infinity).length;
  const runs = runsOf(sorted);
  const shown = (value: number): number | string => (kind === "datetime" ? new Date(value).toISOString() : value);
  const top = runs
    .slice()
    .sort((a, b) => b.count - a.count || a.value - b.value)
    .slice(0, 10)
    .map(({ value, count }) => ({ value: shown(value), count }));
  const distinct = runs.length + Number(values.includes(Infinity)) + Number(values.includes(-Infinity));
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
    histogram: histogram(sorted, runs.length, shown),
  };
}

/** A figure in units of the values, also where its sums or differences would overflow. */
function safely(values: Float64Array, figure: (values: Float64Array) => number): number {
  const found = figure(values);
  const scale = 4 * values.length;
  return Number.isFinite(found) ? found : figure(values.map((value) => value / scale)) * scale;
}

/** Standard deviation and skew, where there are values enough for them. */
function moments(values: Float64Array): { sd?: number; skew?: number } {
  const n = values.length;
  const centre = mean(values);
  const squares = sum(values.map((value) => (value - centre) * (value - centre)));
  if (n < 2 || !Number.isFinite(squares)) return {};
  const sd = Math.sqrt(squares / (n - 1));
  if (squares === 0) return { sd };
  const scale = Math.sqrt(squares / n);
  return {
    sd,
    skew: sum(values.map((value) => ((value - centre) / scale) * ((value - centre) / scale) * ((value - centre) / scale))) / n,
  };
}

/** The different values of a sorted array, and how often each stands. */
function runsOf(sorted: Float64Array): { value: number; count: number }[] {
  const runs: { value: number; count: number }[] = [];
  for (const value of sorted) {
    const last = runs.at(-1);
    if (last && last.value === value) last.count++;
    else runs.push({ value, count: 1 });
  }
  return runs;
}

/** Bins by Sturges' rule doubled (more detail for long tables), at most 40, and no more than different values. */
function histogram(sorted: Float64Array, distinct: number, shown: (value: number) => number | string) {
  const [least, greatest] = [sorted[0]!, sorted.at(-1)!];
  const bins = least === greatest ? 1 : Math.min(40, distinct, 2 * Math.ceil(Math.log2(sorted.length) + 1));
  const width = greatest / bins - least / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    const bin = width > 0 ? Math.floor((value - least) / width) : 0;
    counts[Math.min(bins - 1, bin)]!++;
  }
  const edges = Array.from({ length: bins + 1 }, (_, k) => shown(k === bins ? greatest : least + k * width));
  return { edges, counts };
}
