import type { WorkoutSet } from "./sets.ts";

/** Beyond so many repetitions the formulas tell endurance; they are counted as this many. */
const strengthReps = 12;

/** One-repetition maximum by Epley (1985): w (1 + r / 30), and w for one repetition. In the load's unit; literature's error is 2.7 to 6.8 kg. */
export function epley(load: number, reps: number): number {
  const counted = Math.min(reps, strengthReps);
  return counted <= 1 ? load : load * (1 + counted / 30);
}

/** One-repetition maximum by Brzycki (1993): w · 36 / (37 − r). */
export function brzycki(load: number, reps: number): number {
  return (load * 36) / (37 - Math.min(reps, strengthReps));
}

/** One-repetition maximum by Lombardi (1989): w · r^0.1. */
export function lombardi(load: number, reps: number): number {
  return load * Math.exp(0.1 * Math.log(Math.min(reps, strengthReps)));
}

/** The load that Epley's formula gives for so many repetitions of a one-repetition maximum. */
export function epleyLoad(maximum: number, reps: number): number {
  const counted = Math.min(reps, strengthReps);
  return counted <= 1 ? maximum : maximum / (1 + counted / 30);
}

/** The best of a session's sets by Epley's formula; NaN where none has load and repetitions. */
export function bestEpley(sets: readonly WorkoutSet[]): number {
  return bestBy(sets, epley)?.strength ?? Number.NaN;
}

/** The set that a formula rates highest, warm-ups too; undefined where none has load and repetitions. */
export function bestBy(sets: readonly WorkoutSet[], formula: (load: number, reps: number) => number) {
  let best: { readonly set: WorkoutSet; readonly strength: number } | undefined;
  for (const set of sets) {
    if (!(set.load > 0 && set.reps >= 1)) continue;
    const strength = formula(set.load, set.reps);
    if (!best || strength > best.strength) best = { set, strength };
  }
  return best;
}
