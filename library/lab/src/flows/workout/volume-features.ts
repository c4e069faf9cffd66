import { familyOf, least, mean, median, most } from "./feature.ts";
import type { Moment } from "./moment.ts";
import type { WorkoutSet } from "./sets.ts";
import { bestBy, epley } from "./strength.ts";

/** How much was done the last time, and how it was laid out. */
export const volumeFeatures = familyOf("volume", "sets of the last session", [
  ["sets", "sets", "number of sets", "1 session", (m) => setsOf(m).length],
  ["work_sets", "sets", "sets ≥ 0.9 w1", "1 session", (m) => setsOf(m).filter(({ load }) => load >= 0.9 * m.tops[0]!).length],
  ["reps_median", "repetitions", "median of the sets", "1 session", (m) => median(setsOf(m).map(({ reps }) => reps))],
  ["last_set", "1", "ln(e of the last set / e1)", "1 session", lastSet],
  ["best_set_load", "1", "ln(w of the best set / w1)", "1 session", (m) => loadRatio(m, bestBy(setsOf(m), epley)?.set)],
  ["best_set_reps", "repetitions", "r of the best set", "1 session", (m) => bestBy(setsOf(m), epley)?.set.reps ?? Number.NaN],
  ["first_set", "1", "ln(w of the first set / w1)", "1 session", (m) => loadRatio(m, setsOf(m)[0])],
  ["load_median", "1", "ln(median w / w1)", "1 session", (m) => Math.log(median(loads(m)) / m.tops[0]!)],
  ["load_least", "1", "ln(min w / w1)", "1 session", (m) => Math.log(least(loads(m)) / m.tops[0]!)],
  ["volume", "1", "ln Σ r", "1 session", (m) => Math.log(mean(setsOf(m).map(({ reps }) => reps)) * setsOf(m).length)],
  ["tonnage", "1", "ln(Σ w r / w1)", "1 session", (m) => Math.log(m.past[0]!.tonnage / m.tops[0]!)],
  ["tonnage_rise", "1", "ln(Σ w r / mean of the 5 before)", "6 sessions", tonnageRise],
  ["intensity", "1", "Σ w r / Σ r / e1", "1 session", intensity],
]);

const setsOf = ({ past }: Moment): readonly WorkoutSet[] => past[0]!.sets;
const loads = (m: Moment): number[] => setsOf(m).flatMap(({ load }) => (load > 0 ? [load] : []));

function loadRatio({ tops }: Moment, set: WorkoutSet | undefined): number {
  return set && set.load > 0 ? Math.log(set.load / tops[0]!) : Number.NaN;
}

function lastSet(m: Moment): number {
  const set = setsOf(m).at(-1)!;
  return set.load > 0 && set.reps >= 1 ? Math.log(epley(set.load, set.reps) / m.past[0]!.strength) : Number.NaN;
}

function tonnageRise({ past }: Moment): number {
  const former = mean(past.slice(1, 6).map(({ tonnage }) => tonnage));
  return former > 0 && past[0]!.tonnage > 0 ? Math.log(past[0]!.tonnage / former) : Number.NaN;
}

function intensity(m: Moment): number {
  const reps = setsOf(m).reduce((sum, { load, reps: each }) => sum + (load > 0 && each > 0 ? each : 0), 0);
  return reps > 0 ? m.past[0]!.tonnage / reps / most([m.past[0]!.strength, m.tops[0]!]) : Number.NaN;
}
