import { theilSen } from "assay";
import { median } from "./feature.ts";
import type { Moment } from "./moment.ts";
import { brzycki, epley, epleyLoad } from "./strength.ts";

/** The simple forecasts that the ensemble is compared with, each as ln(next / last). */
export const baselineNames = ["last", "median_3", "weighted", "trend", "epley", "brzycki"] as const;
/** Name of a simple forecast. */
export type BaselineName = (typeof baselineNames)[number];

/** What a simple rule says of a moment: same as last time, median of three, exponential mean, trend of five, strength at the usual repetitions. */
export function baselineChange(name: BaselineName, moment: Moment): number {
  return rules[name](moment);
}

const rules: Readonly<Record<BaselineName, (moment: Moment) => number>> = {
  last: () => 0,
  median_3: ({ ratios }) => median(ratios.slice(0, 3)),
  weighted: ({ ratios }) => weightedMean(ratios),
  trend: ({ ratios }) => trend(ratios.slice(0, 5)),
  epley: (m) => atUsualReps(m, epley),
  brzycki: (m) => atUsualReps(m, brzycki),
};

/** Σ 0.6 · 0.4^k ln(wk / w1), normalised. */
function weightedMean(ratios: readonly number[]): number {
  let [sum, total, share] = [0, 0, 0.6];
  for (const ratio of ratios) {
    sum += share * ratio;
    total += share;
    share *= 0.4;
  }
  return sum / total;
}

/** The Theil–Sen line of the sessions, one further. */
function trend(latestFirst: readonly number[]): number {
  if (latestFirst.length < 3) return 0;
  const { slope, intercept } = theilSen([...latestFirst].reverse());
  return intercept + slope * latestFirst.length;
}

/** The load that the median strength of three sessions gives at the usual repetitions; none noted, the last load. */
function atUsualReps({ past, reps, tops }: Moment, formula: (load: number, reps: number) => number): number {
  const strengths = past.slice(0, 3).flatMap(({ sets }) => {
    const rated = sets.filter(({ load, reps: done }) => load > 0 && done >= 1).map((set) => formula(set.load, set.reps));
    return rated.length > 0 ? [Math.max(...rated)] : [];
  });
  const usual = median(reps.slice(0, 10));
  if (strengths.length === 0 || !(usual >= 1)) return 0;
  const maximum = median(strengths);
  const load = formula === epley ? epleyLoad(maximum, usual) : maximum / formula(1, usual);
  return Math.log(load / tops[0]!);
}
