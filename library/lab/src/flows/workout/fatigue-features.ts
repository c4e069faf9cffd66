import { type FeatureRow, familyOf, mean, median } from "./feature.ts";
import type { Moment } from "./moment.ts";

const dayMs = 86_400_000;
const tonnageOf = ({ sessions, time }: Moment, days: number): number =>
  sessions.filter((each) => time - each.time <= days * dayMs).reduce((sum, { tonnage }) => sum + tonnage, 0);
const counts = [7, 28].map(
  (n): FeatureRow => [
    `trainings_${n}d`,
    "sessions",
    "sessions of any exercise",
    `${n} days`,
    ({ sessions, time }) => sessions.filter((each) => time - each.time <= n * dayMs).length,
  ],
);
const kinds: readonly RegExp[] = [/assist/i, /barbell/i, /dumbbell/i, /cable/i, /machine|press on|leg press/i, /smith/i];

/** Load of the whole body lately, and how the other exercises go. */
export const fatigueFeatures = familyOf("fatigue", "all sessions and exercises", [
  ["acute", "1", "ln(1 + tonnage)", "7 days", (m) => Math.log1p(tonnageOf(m, 7))],
  ["acute_chronic", "1", "tonnage of 7 days / (of 28 days / 4)", "28 days", (m) => (tonnageOf(m, 7) * 4) / tonnageOf(m, 28)],
  ...counts,
  ["rest", "days", "days since any session", "1 session", ({ sessions, time }) => (time - sessions[0]!.time) / dayMs],
  [
    "drift_10",
    "1",
    "mean change of other exercises",
    "10 changes",
    ({ others }) => mean(others.slice(0, 10).map(({ change }) => change)),
  ],
  [
    "moved_10",
    "1",
    "share of changed of other exercises",
    "10 changes",
    ({ others }) => mean(others.slice(0, 10).map(({ change }) => Number(change !== 0))),
  ],
  [
    "drift_28d",
    "1",
    "median change of other exercises",
    "28 days",
    ({ others, time }) => median(others.filter((each) => time - each.time <= 28 * dayMs).map(({ change }) => change)),
  ],
  ["effort", "1", "effort noted of the last session", "1 session", ({ effort }) => effort],
  [
    "kind",
    "code",
    "assisted, barbell, dumbbell, cable, machine, smith, other: from the name",
    "none",
    ({ exercise }) => (kinds.findIndex((kind) => kind.test(exercise)) + kinds.length + 1) % (kinds.length + 1),
  ],
]);
