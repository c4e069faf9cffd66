import { type FeatureRow, familyOf, mean, median } from "./feature.ts";
import type { Moment } from "./moment.ts";

const counts = [7, 28, 90].map(
  (n): FeatureRow => [
    `sessions_${n}d`,
    "sessions",
    "sessions of the exercise",
    `${n} days`,
    ({ days }) => days.filter((day) => day <= n).length,
  ],
);
const angle = (time: number): number => {
  const date = new Date(time);
  return (2 * Math.PI * (time - Date.UTC(date.getUTCFullYear(), 0, 1))) / (365.25 * 86_400_000);
};
const weekdays = (time: number): number => (2 * Math.PI * new Date(time).getUTCDay()) / 7;

/** When: gaps, habit, weekday, season. */
export const calendarFeatures = familyOf("calendar", "times of the sessions", [
  ...counts,
  ["gap", "1", "ln(1 + days since the last)", "1 session", (m) => gap(m)],
  ["gap_usual", "1", "ln(1 + median days between)", "8 sessions", usualGap],
  ["gap_excess", "1", "gap − gap_usual", "8 sessions", (m) => gap(m) - usualGap(m)],
  ["consistency", "1", "spread of days between / their mean", "8 sessions", consistency],
  ["experience", "1", "ln sessions", "all", ({ past }) => Math.log(past.length)],
  ["age", "1", "ln(1 + days since the first)", "all", ({ days }) => Math.log1p(days.at(-1)!)],
  ["weekday_sin", "1", "sin of the weekday", "now", ({ time }) => Math.sin(weekdays(time))],
  ["weekday_cos", "1", "cos of the weekday", "now", ({ time }) => Math.cos(weekdays(time))],
  ["season_sin", "1", "sin of the day of the year", "now", ({ time }) => Math.sin(angle(time))],
  ["season_cos", "1", "cos of the day of the year", "now", ({ time }) => Math.cos(angle(time))],
  ["hour", "hours", "hour of the day", "now", ({ time }) => new Date(time).getUTCHours()],
  ["place", "1", "place in the session", "1 session", ({ past }) => past[0]!.place],
  ["place_5", "1", "mean place in the session", "5 sessions", ({ past }) => mean(past.slice(0, 5).map(({ place }) => place))],
  ["streak", "weeks", "weeks in a row with a session", "60 sessions", streak],
]);

function gap({ days }: Moment): number {
  return Math.log1p(days[0]!);
}

function gaps({ days }: Moment): number[] {
  return days.slice(1, 9).map((day, k) => day - days[k]!);
}

function usualGap(m: Moment): number {
  return Math.log1p(median(gaps(m)));
}

function consistency(m: Moment): number {
  const own = gaps(m);
  const centre = mean(own);
  return own.length < 2 ? Number.NaN : Math.sqrt(mean(own.map((each) => (each - centre) * (each - centre)))) / centre;
}

function streak({ sessions, time }: Moment): number {
  const weeks = new Set(sessions.map((each) => Math.floor((time - each.time) / (7 * 86_400_000))));
  let count = 0;
  while (weeks.has(count)) count++;
  return count;
}
