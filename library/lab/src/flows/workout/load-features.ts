import { theilSen } from "assay";
import { baselineChange } from "./baselines.ts";
import { type FeatureRow, familyOf, least, mean, median, most, spread, within } from "./feature.ts";
import type { Moment } from "./moment.ts";

/** Slope of ln y over sessions, by Theil and Sen, the earliest first; NaN for fewer than three. */
export function slopeOver(latestFirst: readonly number[]): number {
  const known = latestFirst.filter((value) => !Number.isNaN(value)).reverse();
  return known.length < 3 ? Number.NaN : theilSen(known).slope;
}

const lags = [2, 3, 4, 5, 6].map(
  (k): FeatureRow => [`lag_${k}`, "1", `ln(w${k} / w1)`, `${k} sessions`, ({ ratios }) => ratios[k - 1] ?? Number.NaN],
);

const levels = [3, 5, 10].flatMap((n): FeatureRow[] => [
  [`mean_${n}`, "1", "mean ln(wk / w1)", `${n} sessions`, ({ ratios }) => mean(ratios.slice(0, n))],
  [`median_${n}`, "1", "median ln(wk / w1)", `${n} sessions`, ({ ratios }) => median(ratios.slice(0, n))],
]);

const recent = [7, 28, 90].map(
  (n): FeatureRow => [`best_${n}d`, "1", "ln(max w / w1)", `${n} days`, (m) => most(within(m.ratios, m, n))],
);
const longer = [28, 90].flatMap((n): FeatureRow[] => [
  [`mean_${n}d`, "1", "mean ln(w / w1)", `${n} days`, (m) => mean(within(m.ratios, m, n))],
  [`least_${n}d`, "1", "ln(min w / w1)", `${n} days`, (m) => least(within(m.ratios, m, n))],
]);

const slopes = [5, 10].map(
  (n): FeatureRow => [
    `slope_${n}`,
    "1 / session",
    "Theil–Sen slope of ln w",
    `${n} sessions`,
    (m) => slopeOver(m.ratios.slice(0, n)),
  ],
);

/** Levels, lags, bests and slopes of the top load. */
export const loadFeatures = familyOf("loads", "top load of each session", [
  ["last", "1", "ln w1", "1 session", ({ tops }) => Math.log(tops[0]!)],
  ...lags,
  ["change_1", "1", "ln(w1 / w2)", "2 sessions", ({ changes }) => changes[0] ?? Number.NaN],
  ["change_2", "1", "ln(w2 / w3)", "3 sessions", ({ changes }) => changes[1] ?? Number.NaN],
  ...levels,
  ["most_5", "1", "max ln(wk / w1)", "5 sessions", ({ ratios }) => most(ratios.slice(0, 5))],
  ["least_5", "1", "min ln(wk / w1)", "5 sessions", ({ ratios }) => least(ratios.slice(0, 5))],
  ["spread_5", "1", "standard deviation of ln(wk / w1)", "5 sessions", ({ ratios }) => spread(ratios.slice(0, 5))],
  ["spread_10", "1", "standard deviation of ln(wk / w1)", "10 sessions", ({ ratios }) => spread(ratios.slice(0, 10))],
  ["weighted_03", "1", "Σ 0.3 · 0.7^k ln(wk / w1), normalised", "all", ({ ratios }) => weighted(ratios, 0.3)],
  ["weighted_06", "1", "Σ 0.6 · 0.4^k ln(wk / w1), normalised", "all", ({ ratios }) => weighted(ratios, 0.6)],
  ...recent,
  ...longer,
  ["best_ever", "1", "ln(max w / w1)", "all", ({ ratios }) => most(ratios)],
  ["rank", "1", "share of w ≤ w1", "all", ({ ratios }) => ratios.filter((ratio) => ratio <= 0).length / ratios.length],
  ...slopes,
  ["slope_28d", "1 / session", "Theil–Sen slope of ln w", "28 days", (m) => slopeOver(within(m.ratios, m, 28))],
  ["trend_5", "1", "Theil–Sen line of ln wk, one further, / ln w1", "5 sessions", (m) => baselineChange("trend", m)],
  ["session_7d", "1", "ln(w nearest to 7 days ago / w1)", "7 ± 2.5 days", (m) => around(m, 7)],
  ["session_14d", "1", "ln(w nearest to 14 days ago / w1)", "14 ± 2.5 days", (m) => around(m, 14)],
  ["session_28d", "1", "ln(w nearest to 28 days ago / w1)", "28 ± 2.5 days", (m) => around(m, 28)],
  ["same_weekday", "1", "ln(w on the last same weekday / w1)", "all", (m) => m.ratios[sameWeekday(m)] ?? Number.NaN],
]);

function weighted(ratios: readonly number[], alpha: number): number {
  let [sum, total, share] = [0, 0, alpha];
  for (const ratio of ratios) {
    sum += share * ratio;
    total += share;
    share *= 1 - alpha;
  }
  return sum / total;
}

function around({ ratios, days }: Moment, wanted: number): number {
  let nearest = -1;
  for (const [k, day] of days.entries())
    if (Math.abs(day - wanted) <= 2.5 && (nearest < 0 || Math.abs(day - wanted) < Math.abs(days[nearest]! - wanted))) nearest = k;
  return ratios[nearest] ?? Number.NaN;
}

function sameWeekday({ past, time }: Moment): number {
  const weekday = new Date(time).getUTCDay();
  return past.findIndex((each) => new Date(each.time).getUTCDay() === weekday);
}
