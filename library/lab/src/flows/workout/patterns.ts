import { autocorrelation, seasonalityStrength, stl } from "assay";
import type { History } from "./history.ts";

/** When somebody trains. */
export interface Patterns {
  readonly sessions: number;
  /** First and last day; null without sessions. */
  readonly from: string | null;
  readonly to: string | null;
  /** Sessions a week: mean over the whole log, and over its last four weeks. */
  readonly perWeek: number;
  readonly perWeekLately: number;
  /** Share of the weeks with a session. */
  readonly consistency: number;
  /** Weeks in a row with a session, up to the last. */
  readonly streakWeeks: number;
  /** Sessions on each day of the week, Sunday first. */
  readonly weekdays: readonly number[];
  /** Sessions in each month of the year, January first. */
  readonly months: readonly number[];
  /** How much the sessions of a week resemble those a year earlier (autocorrelation at 52 weeks); null below two years. */
  readonly seasonality: number | null;
  /** How much of the sessions' days is a weekly rhythm, 0 to 1, by STL of sessions a day; null below four weeks. */
  readonly weeklyRhythm: number | null;
  /** How much of the sessions' weeks is a yearly rhythm, 0 to 1, by STL of sessions a week; null below two years. */
  readonly yearlyRhythm: number | null;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** Frequency, consistency and seasonality of a log. O(sessions). */
export function patternsOf({ all }: Pick<History, "all">): Patterns {
  const days = new Map(all.map(({ time, day }) => [time, day] as const));
  const times = [...days.keys()].sort((a, b) => a - b);
  const [weekdays, months] = [new Array<number>(7).fill(0), new Array<number>(12).fill(0)];
  for (const day of days.values()) {
    const date = new Date(day);
    weekdays[date.getUTCDay()]!++;
    months[date.getUTCMonth()]!++;
  }
  const none = { sessions: 0, from: null, to: null, perWeek: 0, perWeekLately: 0, consistency: 0, streakWeeks: 0 };
  if (times.length === 0) return { ...none, weekdays, months, seasonality: null, weeklyRhythm: null, yearlyRhythm: null };
  const end = times.at(-1)!;
  const weeks = new Array<number>(Math.floor((end - times[0]!) / weekMs) + 1).fill(0);
  for (const time of times) weeks[weeks.length - 1 - Math.floor((end - time) / weekMs)]!++;
  const rest = weeks.lastIndexOf(0);
  return {
    sessions: times.length,
    from: days.get(times[0]!)!,
    to: days.get(end)!,
    perWeek: times.length / weeks.length,
    perWeekLately: times.filter((time) => end - time < 4 * weekMs).length / Math.min(4, weeks.length),
    consistency: weeks.filter((count) => count > 0).length / weeks.length,
    streakWeeks: weeks.length - 1 - rest,
    weekdays,
    months,
    seasonality: weeks.length >= 104 && new Set(weeks).size > 1 ? yearly(weeks) : null,
    weeklyRhythm: rhythm(perDay(times), 7, 4),
    yearlyRhythm: rhythm(weeks, 52, 2),
  };
}

function yearly(weeks: readonly number[]): number {
  const found = autocorrelation(weeks, { lags: 52 });
  return found[52]!;
}

/** Sessions on each day from the first to the last. */
function perDay(times: readonly number[]): number[] {
  const first = Math.floor(times[0]! / dayMs);
  const counts = new Array<number>(Math.floor(times.at(-1)! / dayMs) - first + 1).fill(0);
  for (const time of times) counts[Math.floor(time / dayMs) - first]!++;
  return counts;
}

/** Strength of a season in counts, where there are `least` seasons of them. */
function rhythm(counts: readonly number[], period: number, least: number): number | null {
  return counts.length < least * period ? null : seasonalityStrength(stl(counts, { period })).seasonal;
}
