import { basicLoad, emergencyLoad, usualSteps, type WorkoutPredicted } from "assay-lab/contract";
import type { Lifter } from "../../preferences";
import type { ExerciseHistory } from "./workout-routes";

/** A forecast as it is drawn; one that this page made has no advice. */
export type Said = Omit<WorkoutPredicted, "status" | "plateau">;

/**
 * What this page says of the next session while the service is away: the trend of the sessions that it knows, else a rule of level and body weight; the
 * same two as the service's own.
 */
export function heldForecast(exercise: string, history: ExerciseHistory | null, lifter: Lifter): Said {
  const unit = lifter.unit ?? history?.unit ?? "kg";
  const step = lifter.step ?? history?.step ?? usualSteps[unit];
  const loads = (history?.items ?? []).map(({ time, top_weight }) => ({ time: Date.parse(time), load: top_weight }));
  const found = basicLoad(loads, step) ?? emergencyLoad(exercise, lifter, unit, step);
  const last = loads.filter(({ load }) => load > 0).at(-1)?.load ?? null;
  const change = found.load - (last ?? found.load);
  const { load: weight, low, high, confidence, source, reason, says } = found;
  return {
    exercise_name: exercise,
    weight,
    unit,
    low,
    high,
    confidence,
    source,
    last_weight: last,
    step,
    date: null,
    model: null,
    adjustment_factors: last === null ? [] : [{ name: "loads", title: "the loads so far", change, share: change === 0 ? 0 : 1 }],
    recommendations: [],
    reason,
    reason_codes: [says],
    warnings: [],
    warning_codes: [],
  };
}
