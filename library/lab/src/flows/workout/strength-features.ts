import { baselineChange } from "./baselines.ts";
import { type FeatureRow, familyOf, least, mean, median, most, within } from "./feature.ts";
import { slopeOver } from "./load-features.ts";
import type { Moment } from "./moment.ts";
import { bestBy, brzycki, epley, lombardi } from "./strength.ts";

const bests = [7, 28, 90].map(
  (n): FeatureRow => [`strength_best_${n}d`, "1", "ln(max e / w1)", `${n} days`, (m) => most(within(m.strengths, m, n))],
);

/** One-repetition maxima and what the repetitions of earlier sessions say. */
export const strengthFeatures = familyOf("strength", "load and repetitions of each set", [
  ["strength_1", "1", "ln(e1 / w1), Epley, r ≤ 12", "1 session", ({ strengths }) => strengths[0]!],
  ["brzycki_1", "1", "ln(e1 / w1), Brzycki, r ≤ 12", "1 session", (m) => lastBy(m, brzycki)],
  ["lombardi_1", "1", "ln(e1 / w1), Lombardi, r ≤ 12", "1 session", (m) => lastBy(m, lombardi)],
  ["strength_2", "1", "ln(e2 / w1)", "2 sessions", ({ strengths }) => strengths[1] ?? Number.NaN],
  ["strength_median_3", "1", "median ln(ek / w1)", "3 sessions", ({ strengths }) => median(strengths.slice(0, 3))],
  ["strength_mean_5", "1", "mean ln(ek / w1)", "5 sessions", ({ strengths }) => mean(strengths.slice(0, 5))],
  ...bests,
  ["strength_best", "1", "ln(max e / w1)", "all", ({ strengths }) => most(strengths)],
  ["strength_slope_5", "1 / session", "Theil–Sen slope of ln e", "5 sessions", (m) => slopeOver(m.strengths.slice(0, 5))],
  ["strength_slope_10", "1 / session", "Theil–Sen slope of ln e", "10 sessions", (m) => slopeOver(m.strengths.slice(0, 10))],
  ["reps", "repetitions", "most with w1", "1 session", ({ reps }) => reps[0]!],
  ["reps_least", "repetitions", "fewest with w1", "1 session", (m) => least(repsWithTop(m))],
  ["sets_at_top", "sets", "sets with w1", "1 session", (m) => repsWithTop(m).length],
  ["reps_drop", "repetitions", "most − fewest with w1", "1 session", (m) => m.reps[0]! - least(repsWithTop(m))],
  ["reps_median_10", "repetitions", "median rk", "10 sessions", ({ reps }) => median(reps.slice(0, 10))],
  ["reps_deviation", "repetitions", "r1 − median rk", "10 sessions", ({ reps }) => reps[0]! - median(reps.slice(0, 10))],
  ["reps_2", "repetitions", "r2", "2 sessions", ({ reps }) => reps[1] ?? Number.NaN],
  ["reps_3", "repetitions", "r3", "3 sessions", ({ reps }) => reps[2] ?? Number.NaN],
  ["reps_gain", "repetitions", "r1 − r at the begin of the run at w1", "all", (m) => m.reps[0]! - m.reps[runOf(m) - 1]!],
  ["reps_to_best", "repetitions", "most ever with w1 − r1", "all", (m) => most(repsAtSame(m)) - m.reps[0]!],
  ["sessions_at_top", "sessions", "sessions with top load w1", "all", (m) => repsAtSame(m).length],
  [
    "usual_reps_load",
    "1",
    "ln(load of median e of 3 at the median r of 10 / w1), Epley",
    "10 sessions",
    (m) => baselineChange("epley", m),
  ],
  [
    "reserve",
    "repetitions",
    "10 − RPE of the best set",
    "1 session",
    (m) => 10 - (bestBy(m.past[0]!.sets, epley)?.set.rpe ?? Number.NaN),
  ],
]);

/** Sessions in the run at w1, this one included. */
export function runOf({ tops }: Moment): number {
  const end = tops.findIndex((top) => top !== tops[0]);
  return end < 0 ? tops.length : end;
}

function lastBy({ past, tops }: Moment, formula: (load: number, reps: number) => number): number {
  return Math.log((bestBy(past[0]!.sets, formula)?.strength ?? Number.NaN) / tops[0]!);
}

function repsWithTop({ past }: Moment): number[] {
  const { sets, top } = past[0]!;
  return sets.filter(({ load }) => load === top).map(({ reps }) => reps);
}

function repsAtSame({ reps, tops }: Moment): number[] {
  return reps.filter((_, k) => tops[k] === tops[0]);
}
