import { kilograms, type WorkoutPredict } from "assay-lab/contract";
import type { Lifter } from "../../preferences";
import type { LoadUnit } from "./workout-routes";

/** The usual bar by unit. */
export const usualBars: Readonly<Record<LoadUnit, number>> = { kg: 20, lb: 45 };

/** A lifter as a log in `unit` knows them: body weight in the unit that forecasts are told in, step and bar where they are said in it. */
export function lifterIn(lifter: Lifter, unit: LoadUnit): Lifter & { unit: LoadUnit } {
  const told = lifter.unit ?? unit;
  const { weighedIn = told, bodyWeight } = lifter;
  if (weighedIn === told) return { ...lifter, unit: told };
  const { level, goals } = lifter;
  const weight =
    bodyWeight === undefined ? undefined : Number(((bodyWeight * kilograms[weighedIn]) / kilograms[told]).toFixed(1));
  return { unit: told, ...(level && { level }), ...(goals && { goals }), ...(weight !== undefined && { bodyWeight: weight }) };
}

/** What is asked of the next session of an exercise. */
export function questionOf(exercise_name: string, lifter: Lifter): WorkoutPredict {
  const { level, goals, bodyWeight, unit, step } = lifter;
  return { exercise_name, user_data: { level, goals, current_weight: bodyWeight }, unit, step };
}
