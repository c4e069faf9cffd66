import type { Run } from "assay-lab/contract";

/** An earlier training of an algorithm: rows × columns, and how long it took. */
interface Timing {
  cells: number;
  ms: number;
}

/** From how many milliseconds to how many a training will take, and from how many earlier ones that is known. */
interface TimeRange {
  low: number;
  high: number;
  runs: number;
}

/** What earlier runs of an algorithm took; sizes by dataset, as `koi@3`. */
export function timingsOf(runs: readonly Run[], cellsOf: ReadonlyMap<string, number>): Timing[] {
  return runs.flatMap(({ started_at, ended_at, dataset, status }) => {
    const cells = cellsOf.get(dataset?.replace(/@\d+$/, "") ?? "");
    if (status !== "completed" || !started_at || !ended_at || cells === undefined) return [];
    return [{ cells, ms: Math.max(1, Date.parse(ended_at) - Date.parse(started_at)) }];
  });
}

/** Cells that a minute of an unknown algorithm takes at best and at worst: a linear model, a network. */
const unknown = { fixed: 200, fast: 40e6 / 60_000, slow: 0.15e6 / 60_000 };

/**
 * How long a training will take. Of earlier ones of about this size (a factor of three) their least and greatest, a quarter to spare;
 * of others these scaled by the size to the powers 0.7 and 1.5, between which algorithms grow; of none a wide guess.
 */
export function estimateTime(cells: number, fits: number, timings: readonly Timing[]): TimeRange {
  const near = timings.filter((each) => each.cells >= cells / 3 && each.cells <= cells * 3);
  const known = near.length > 0 ? near : timings;
  if (known.length === 0)
    return { low: fits * (unknown.fixed + cells / unknown.fast), high: fits * (unknown.fixed + cells / unknown.slow), runs: 0 };
  const scaled = known.flatMap(({ cells: size, ms }) => {
    const growth = Math.log(Math.max(1, cells) / Math.max(1, size));
    return [ms * Math.exp(0.7 * growth), ms * Math.exp(1.5 * growth)];
  });
  return { low: 0.75 * fits * Math.min(...scaled), high: 1.25 * fits * Math.max(...scaled), runs: known.length };
}
