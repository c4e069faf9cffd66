import { type ConformalRule, conformalRule } from "assay";
import { usualSteps } from "../../contract/workout-rule.ts";
import { memberNames, type PerMember, perMember } from "./members/index.ts";
import { blended, errorScale, memberShares, nearestShares, type OutOfFold } from "./out-of-fold.ts";
import { toBounds } from "./plates.ts";
import type { LoadUnit } from "./sets.ts";
import type { TrainingRows } from "./training-rows.ts";

/** Sessions that were forecast before anybody knew them, in order of time; plain data. */
export interface Seen {
  /** Top loads as they came (n). */
  readonly top: Float64Array;
  /** Top loads before them (n). */
  readonly last: Float64Array;
  /** What the blend of that time said, within bounds (n). */
  readonly guess: Float64Array;
  /** What each member said (n). */
  readonly loads: PerMember<Float64Array>;
  /** Sessions since the shares were found last. */
  readonly unshared: number;
}

/** What is learned of them beside shares. */
interface LearnedOfSeen {
  readonly interval: ConformalRule;
  readonly error: number;
  readonly lastError: number;
  readonly hits: number;
}

/** So many are kept, the latest. */
const seenMost = 4000;
/**
 * Intervals are of so many sessions, the latest: errors shrink while an ensemble learns, and with all of the record 95 % of made-up sessions lay in their
 * 90 % interval, which was twice as wide.
 */
const intervalSessions = 400;
/** Shares are found anew when the sessions since then are so large a part of all. */
const sharesAfter = 0.05;

/** The sessions of the folds as they were forecast block by block, and the shares that all of them together give. */
export function seenOf(folds: OutOfFold, rows: TrainingRows, unit: LoadUnit) {
  const { first, bounds, loads } = folds;
  const guess = new Float64Array(rows.x.rows - first);
  for (const [block, from] of bounds.slice(0, -1).entries()) {
    const shares = memberShares(folds, rows, from);
    for (let i = from; i < bounds[block + 1]!; i++)
      guess[i - first] = guessOf(
        shares,
        perMember((name) => loads[name][i - first]!),
        rows.last[i]!,
        unit,
      );
  }
  const seen: Seen = { top: rows.top.slice(first), last: rows.last.slice(first), guess, loads, unshared: 0 };
  return { seen: latest(seen), shares: memberShares(folds, rows, rows.x.rows) };
}

/** What the record of forecasts comes to: interval, errors, share that was right to one step. */
export function learnedOf({ top, last, guess }: Seen, unit: LoadUnit): LearnedOfSeen {
  const errors = top.map((load, k) => Math.abs(load - guess[k]!));
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    interval: intervalOf({ top, last, guess }),
    error: mean(errors),
    lastError: mean(top.map((load, k) => Math.abs(load - last[k]!))),
    hits: hitsOf({ top, guess }, usualSteps[unit]),
  };
}

/** What nine of ten errors of the latest forecasts did not pass, as Barber et al. (2023), Annals of Statistics 51(2), with weights 1 and 0. */
export function intervalOf({ top, last, guess }: Pick<Seen, "top" | "last" | "guess">, confidence = 0.9): ConformalRule {
  const lately = (values: Float64Array) => values.subarray(-intervalSessions);
  return conformalRule(lately(top), lately(guess), { confidence, scale: lately(last).map(errorScale) });
}

/** Share of the forecasts that were right to a step. O(n). */
export function hitsOf({ top, guess }: Pick<Seen, "top" | "guess">, step: number): number {
  return top.reduce((hits, load, k) => hits + Number(Math.abs(load - guess[k]!) <= step), 0) / top.length;
}

/** New sessions with what each member said of them. */
interface Fresh extends Pick<TrainingRows, "top" | "last" | "moments"> {
  readonly loads: PerMember<Float64Array>;
}

/**
 * The record with new sessions behind it, each forecast by the shares of its time, and the shares after them: found anew whenever a session ends and
 * a twentieth of all has come since. One session at a time or all at once comes to the same.
 */
export function seenWith(seen: Seen, shares: PerMember<number>, fresh: Fresh, unit: LoadUnit) {
  let [record, now] = [seen, shares];
  const { moments } = fresh;
  for (let from = 0; from < moments.length; ) {
    let to = from + 1;
    while (to < moments.length && moments[to]!.time === moments[from]!.time) to++;
    record = latest(withSession(record, now, fresh, from, to, unit));
    if (record.unshared > sharesAfter * record.top.length) {
      now = nearestShares(record.loads, record.top, record.last);
      record = { ...record, unshared: 0 };
    }
    from = to;
  }
  return { seen: record, shares: now };
}

function withSession(seen: Seen, shares: PerMember<number>, fresh: Fresh, from: number, to: number, unit: LoadUnit): Seen {
  const last = fresh.last.slice(from, to);
  const loads = perMember((name) => fresh.loads[name].slice(from, to));
  const guess = last.map((load, i) =>
    guessOf(
      shares,
      perMember((name) => loads[name][i]!),
      load,
      unit,
    ),
  );
  return {
    top: joined(seen.top, fresh.top.slice(from, to)),
    last: joined(seen.last, last),
    guess: joined(seen.guess, guess),
    loads: perMember((name) => joined(seen.loads[name], loads[name])),
    unshared: seen.unshared + to - from,
  };
}

function guessOf(shares: PerMember<number>, loads: PerMember<number>, last: number, unit: LoadUnit): number {
  return toBounds(blended(shares, loads), last, usualSteps[unit]);
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function latest(seen: Seen): Seen {
  if (seen.top.length <= seenMost) return seen;
  const cut = (values: Float64Array): Float64Array => values.slice(-seenMost);
  return {
    top: cut(seen.top),
    last: cut(seen.last),
    guess: cut(seen.guess),
    loads: Object.fromEntries(memberNames.map((name) => [name, cut(seen.loads[name])])) as unknown as PerMember<Float64Array>,
    unshared: seen.unshared,
  };
}
