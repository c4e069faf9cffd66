import { type Matrix, sharedFloat64 } from "assay";
import { calendarFeatures } from "./calendar-features.ts";
import { fatigueFeatures } from "./fatigue-features.ts";
import type { Feature } from "./feature.ts";
import { loadFeatures } from "./load-features.ts";
import type { Moment } from "./moment.ts";
import { stepFeatures } from "./step-features.ts";
import { strengthFeatures } from "./strength-features.ts";
import { volumeFeatures } from "./volume-features.ts";

/** Every feature of the flow, in the order of the columns. */
export const workoutFeatures: readonly Feature[] = [
  ...loadFeatures,
  ...strengthFeatures,
  ...volumeFeatures,
  ...stepFeatures,
  ...calendarFeatures,
  ...fatigueFeatures,
];

/** The features of moments (n × d); NaN where a log does not say. Infinite ones, of loads of nothing, count as missing. */
export function featureMatrix(moments: readonly Moment[]): Matrix {
  const d = workoutFeatures.length;
  const data = sharedFloat64(moments.length * d);
  for (const [i, moment] of moments.entries())
    for (const [j, { value }] of workoutFeatures.entries()) {
      const found = value(moment);
      data[i * d + j] = Number.isFinite(found) ? found : Number.NaN;
    }
  return { rows: moments.length, columns: d, data, names: workoutFeatures.map(({ name }) => name) };
}
