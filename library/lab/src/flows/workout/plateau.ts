import { mannKendall, theilSen } from "assay";
import { type ExerciseSession, isAssisted } from "./history.ts";

/** Whether an exercise stands still. */
export interface Plateau {
  readonly status: "plateau" | "rising" | "falling" | "unclear" | "too_short";
  /** Sessions looked at. */
  readonly sessions: number;
  /** First day of them; where the exercise stands still, the day since when, at most 60 sessions back. */
  readonly since: string | null;
  /** Of the one-repetition maximum by Epley, a week: share of its median, by Theil and Sen, with 95 %. NaN where too short. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  /** Mann–Kendall's p-value, two-sided, and τ. */
  readonly pValue: number;
  readonly tau: number;
  /** Below this slope a week an exercise stands still. */
  readonly effect: number;
}

const least = 12;
/** Sessions that a plateau is followed back over, at most. */
const backMost = 60;
const leastDays = 21;
const dayMs = 86_400_000;

/**
 * Looks whether strength stands still over the last twelve sessions and three weeks: no trend by Mann and Kendall (p > 0.10) and a Theil–Sen slope within
 * ± 0.5 % a week. Fewer sessions are too few to tell: half of those who gain 1 % a week would be called standing. Of assisted exercises the
 * help itself is looked at, and less of it is more strength.
 */
export function plateauOf(sessions: readonly ExerciseSession[], effect = 0.005): Plateau {
  const rated = sessions.filter(({ strength }) => strength > 0);
  const last = rated.slice(-least);
  const days = last.length > 1 ? (last.at(-1)!.time - last[0]!.time) / dayMs : 0;
  const none = { slope: Number.NaN, low: Number.NaN, high: Number.NaN, pValue: Number.NaN, tau: Number.NaN };
  if (last.length < least || days < leastDays)
    return { status: "too_short", sessions: last.length, since: last[0]?.day ?? null, ...none, effect };
  const { slope, low, high, pValue, tau } = trendOf(last);
  const stands = pValue > 0.1 && Math.abs(slope) < effect;
  const status = stands ? "plateau" : pValue > 0.1 ? "unclear" : slope > 0 ? "rising" : "falling";
  return {
    status,
    sessions: last.length,
    since: stands ? standsSince(rated, effect) : last[0]!.day,
    slope,
    low,
    high,
    pValue,
    tau,
    effect,
  };
}

/** The Theil–Sen line of strength, of an assisted exercise of help, that the plateau is judged by. */
export interface PlateauLine {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Its ends, in the unit of the loads. */
  readonly first: number;
  readonly last: number;
}

/** The line through the last twelve sessions; undefined for fewer. */
export function plateauLine(sessions: readonly ExerciseSession[]): PlateauLine | undefined {
  const rated = sessions.filter(({ strength }) => strength > 0).slice(-least);
  if (rated.length < least) return undefined;
  const [from, to] = [rated[0]!.time, rated.at(-1)!.time];
  const x = rated.map(({ time }) => (time - from) / (7 * dayMs));
  const isHelp = isAssisted(rated);
  const { slope, intercept } = theilSen(
    rated.map(({ strength, top }) => (isHelp ? top : strength)),
    { x },
  );
  return { from, to, first: intercept, last: intercept + slope * x.at(-1)! };
}

function trendOf(sessions: readonly ExerciseSession[]) {
  const isHelp = isAssisted(sessions);
  const strengths = sessions.map(({ strength, top }) => (isHelp ? -top : strength));
  const x = sessions.map(({ time }) => (time - sessions[0]!.time) / (7 * dayMs));
  const middle = Math.abs([...strengths].sort((a, b) => a - b)[strengths.length >> 1]!);
  const line = theilSen(strengths, { x });
  const { pValue, tau } = mannKendall(strengths);
  return { slope: line.slope / middle, low: line.low / middle, high: line.high / middle, pValue, tau };
}

/** The earliest session from which on there is no trend. */
function standsSince(rated: readonly ExerciseSession[], effect: number): string {
  let from = rated.length - least;
  const first = Math.max(0, rated.length - backMost);
  while (from > first) {
    const { slope, pValue } = trendOf(rated.slice(from - 1));
    if (!(pValue > 0.1 && Math.abs(slope) < effect)) break;
    from--;
  }
  return rated[from]!.day;
}
