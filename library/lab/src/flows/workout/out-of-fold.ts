import { leastAbsoluteShares } from "assay";
import { type MemberName, type MemberOptions, memberKinds, memberNames, type PerMember, perMember } from "./members/index.ts";
import { rowsBetween, type TrainingRows } from "./training-rows.ts";

/** What members said of rows that they had not seen, in order of time. */
export interface OutOfFold {
  /** The first row that was forecast: those before were only learned from. */
  readonly first: number;
  /** Where each block of rows begins, and the end. */
  readonly bounds: readonly number[];
  /** Loads that each member forecast, rows `first` … n − 1. */
  readonly loads: PerMember<Float64Array>;
}

/** How the past is walked through. */
export interface FoldOptions extends MemberOptions {
  /** Expanding blocks; default 14. */
  readonly blocks?: number;
  /** Share of the rows that the first fit learns from; default 0.15. */
  readonly first?: number;
  readonly progress?: ((block: number, blocks: number) => void) | undefined;
}

/** Fewer rows than this before a block, and it is forecast as "the same as last time". */
export const leastRows = 60;

/**
 * Forecasts each block of rows by members that were fitted on the rows before it. A session is never on both sides. The cost is `blocks` fits of all
 * members.
 */
export async function outOfFold(rows: TrainingRows, options: FoldOptions): Promise<OutOfFold> {
  const { blocks = 14, first: share = 0.15, progress, ...fitOptions } = options;
  const bounds = blockBounds(rows, blocks, share);
  const first = bounds[0]!;
  const loads = perMember(() => rows.last.slice(first));
  for (const [block, from] of bounds.slice(0, -1).entries()) {
    const to = bounds[block + 1]!;
    if (from >= leastRows) {
      const [train, test] = [rowsBetween(rows, 0, from), rowsBetween(rows, from, to)];
      for (const name of memberNames) {
        const changes = (await memberKinds[name].fit(train, fitOptions)).predict(test.x);
        for (const [i, change] of changes.entries()) loads[name][from - first + i] = test.last[i]! * Math.exp(change);
      }
    }
    progress?.(block + 1, bounds.length - 1);
  }
  return { first, bounds, loads };
}

/** Where blocks begin: rows shared out evenly, each cut moved on to the next session. */
function blockBounds({ moments, x: { rows } }: TrainingRows, blocks: number, share: number): number[] {
  const begin = Math.floor(rows * share);
  const cuts = Array.from({ length: blocks }, (_, k) => begin + Math.round(((rows - begin) * k) / blocks)).map((cut) => {
    let at = cut;
    while (at > 0 && at < rows && moments[at]!.time === moments[at - 1]!.time) at++;
    return at;
  });
  return [...new Set([...cuts, rows])];
}

/** Shares of the members of forecasts of rows before `end`, as `nearestShares` finds them. */
export function memberShares({ first, loads }: OutOfFold, { top, last }: TrainingRows, end: number): PerMember<number> {
  const rows = end - first;
  return nearestShares(
    perMember((name) => loads[name].slice(0, rows)),
    top.slice(first, end),
    last.slice(first, end),
  );
}

/**
 * Shares of the members whose forecast `loads` are together nearest to the truth by absolute error: none below 0, 1 in sum. All of it is "last"
 * for fewer than 60 rows. Least squares would do harm here: the score is absolute error.
 */
export function nearestShares(loads: PerMember<Float64Array>, top: Float64Array, last: Float64Array): PerMember<number> {
  if (top.length < leastRows) return perMember((name) => Number(name === "last"));
  const differences = memberNames.map((name) => loads[name].map((load, i) => load - last[i]!));
  const { shares } = leastAbsoluteShares(
    differences,
    top.map((load, i) => load - last[i]!),
  );
  return Object.fromEntries(memberNames.map((name, k) => [name, shares[k]!])) as Record<MemberName, number>;
}

/** The blend of what members forecast, as a load. */
export function blended(shares: PerMember<number>, loads: PerMember<number>): number {
  return memberNames.reduce((sum, name) => sum + shares[name] * loads[name], 0);
}

/** What the error of a forecast grows with: the root of the load. One width for all would be absurd for a light raise, a share of a heavy squat. */
export function errorScale(last: number): number {
  return Math.sqrt(last);
}
