import type { Column } from "../base/columns.ts";
import { displayable } from "../base/display.ts";
import { sortDoubles } from "../numeric/sort-doubles.ts";
import { quantileOfSorted } from "../numeric/statistics.ts";
import { countMissing, lengthOf } from "./column.ts";
import type { Table } from "./table.ts";

/** How one column of two tables differs. */
export interface ColumnDrift {
  readonly name: string;
  readonly kind: Column["kind"];
  /** Share of missing cells before and after. */
  readonly missing: readonly [number, number];
  /**
   * Population stability index: Σ (p − q) ln(p / q) over the deciles of the first table, or its 50 most frequent values and the rest, missing
   * among them, with shares of at least 10⁻⁴. Below 0.1 nothing, above 0.25 much has changed. null where a side has no rows.
   */
  readonly psi: number | null;
  /** Kolmogorov–Smirnov: the largest distance of the two distribution functions, and its p-value; of numbers and instants. */
  readonly ks?: { readonly distance: number; readonly pValue: number };
  /** Values of the second table that the first has not, at most 10; of categories. */
  readonly unseen?: readonly string[];
}

/** How two tables differ: plain JSON. */
export interface ProfileComparison {
  readonly rows: readonly [number, number];
  /** Columns of one table only. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Columns that hold another kind in the second table. */
  readonly changed: readonly { readonly name: string; readonly kinds: readonly [Column["kind"], Column["kind"]] }[];
  /** The columns that both have, most changed first. */
  readonly columns: readonly ColumnDrift[];
}

const leastShare = 1e-4;
const mostValues = 50;

/**
 * Compares the columns of two tables, the first being what is expected. Cost O(d n log n). Source of the index: Siddiqi (2006), Credit Risk
 * Scorecards, ch. 9; of the test: Smirnov (1948), with Stephens' correction of the asymptotic p-value (Numerical Recipes §14.3).
 */
export function compareProfiles(before: Table, after: Table): ProfileComparison {
  const shared = before.names.filter((name) => after.names.includes(name));
  const isString = (kind: Column["kind"]): boolean => kind === "category" || kind === "text";
  const isAlike = (name: string): boolean =>
    before.kind(name) === after.kind(name) || (isString(before.kind(name)) && isString(after.kind(name)));
  const columns = shared.filter(isAlike).map((name) => drift(name, before.column(name), after.column(name)));
  const compared: ProfileComparison = {
    rows: [before.rows, after.rows],
    added: after.names.filter((name) => !before.names.includes(name)),
    removed: before.names.filter((name) => !after.names.includes(name)),
    changed: shared
      .filter((name) => !isAlike(name))
      .map((name) => ({ name, kinds: [before.kind(name), after.kind(name)] as const })),
    columns: columns.sort((a, b) => (b.psi ?? -1) - (a.psi ?? -1)),
  };
  return displayable("profile-comparison", compared);
}

function drift(name: string, before: Column, after: Column): ColumnDrift {
  const share = (column: Column): number => countMissing(column) / Math.max(1, lengthOf(column));
  const base = { name, kind: before.kind, missing: [share(before), share(after)] as const };
  if ((before.kind === "number" || before.kind === "datetime") && (after.kind === "number" || after.kind === "datetime")) {
    const [a, b] = [known(before.values), known(after.values)];
    const psi = stabilityIndex(binned(a, a, before.values.length), binned(a, b, after.values.length));
    return a.length > 0 && b.length > 0 ? { ...base, psi, ks: kolmogorovSmirnov(a, b) } : { ...base, psi };
  }
  const [first, second] = [valueCounts(before), valueCounts(after)];
  const kept = [...first]
    .filter(([value]) => value !== null)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostValues)
    .map(([value]) => value);
  const bins = (counts: ReadonlyMap<string | null, number>): number[] => {
    const shown = kept.map((value) => counts.get(value) ?? 0);
    const missing = counts.get(null) ?? 0;
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return [...shown, missing, all - missing - shown.reduce((sum, count) => sum + count, 0)];
  };
  const unseen = [...second.keys()].filter((value): value is string => value !== null && !first.has(value)).slice(0, 10);
  const psi = stabilityIndex(bins(first), bins(second));
  return unseen.length > 0 && before.kind === "category" ? { ...base, psi, unseen } : { ...base, psi };
}

function known(values: Float64Array): Float64Array {
  return sortDoubles(values.filter((value) => !Number.isNaN(value)));
}

/** Counts of sorted values between the deciles of others, and of missing ones. */
function binned(reference: Float64Array, values: Float64Array, rows: number): number[] {
  if (reference.length === 0) return [values.length, rows - values.length];
  const edges = [...new Set(Array.from({ length: 9 }, (_, k) => quantileOfSorted(reference, (k + 1) / 10)))];
  const counts = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < edges.length && values[i]! > edges[bin]!) bin++;
    counts[bin]!++;
  }
  return [...counts, rows - values.length];
}

/**
 * Population stability index of two lists of counts over the same bins: Σ (p − q) ln(p / q), shares at least 10⁻⁴; bins that are empty on both
 * sides say nothing. null where a side counts nothing. Source: Siddiqi (2006), Credit Risk Scorecards, ch. 9.
 */
export function stabilityIndex(before: readonly number[], after: readonly number[]): number | null {
  const [m, n] = [before, after].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (m === 0 || n === 0) return null;
  let psi = 0;
  for (const [k, count] of before.entries()) {
    if (count === 0 && after[k] === 0) continue;
    const p = Math.max(leastShare, count / m);
    const q = Math.max(leastShare, after[k]! / n);
    psi += (p - q) * Math.log(p / q);
  }
  return psi;
}

/** The two-sample statistic of sorted values, and its asymptotic p-value. */
function kolmogorovSmirnov(a: Float64Array, b: Float64Array): { readonly distance: number; readonly pValue: number } {
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return { distance, pValue: smirnovTail(distance, a.length, b.length) };
}

/**
 * Chance that the distribution functions of two samples of m and n values lie this far apart (0 to 1) somewhere when both are of one law: Smirnov's
 * two-sample test with Stephens' correction. Source: Smirnov (1948); Numerical Recipes §14.3. Oracle: scipy.stats.ks_2samp, to the third digit.
 */
export function smirnovTail(distance: number, m: number, n: number): number {
  const size = Math.sqrt((m / (m + n)) * n);
  return tail((size + 0.12 + 0.11 / size) * distance);
}

/** Probability that Kolmogorov's statistic exceeds a value: 2 Σ (−1)^(k−1) exp(−2 k² x²). */
function tail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

function valueCounts(column: Column): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  const add = (value: string | null): void => void counts.set(value, (counts.get(value) ?? 0) + 1);
  if (column.kind === "category") for (const code of column.codes) add(code < 0 ? null : column.levels[code]!);
  else if (column.kind === "text") for (const value of column.values) add(value);
  else for (const value of column.values) add(Number.isNaN(value) || value === 255 ? null : String(value === 1));
  return counts;
}
