import type { LoadUnit } from "./workout-routes";

/** Plates of a gym, the heaviest first. */
const plates: Readonly<Record<LoadUnit, readonly number[]>> = {
  kg: [25, 20, 15, 10, 5, 2.5, 1.25, 0.5, 0.25],
  lb: [45, 35, 25, 10, 5, 2.5, 1.25],
};

/** The plates on each side of a bar that make a load, the heaviest first; null where none do. */
export function platesOf(load: number, bar: number, unit: LoadUnit): number[] | null {
  let rest = Math.round((1000 * (load - bar)) / 2);
  if (rest < 0) return null;
  const side: number[] = [];
  for (const plate of plates[unit]) for (; rest >= 1000 * plate; rest -= 1000 * plate) side.push(plate);
  return rest === 0 ? side : null;
}

/** Whether an exercise's name says that a bar is loaded. */
export function isBarbell(exercise: string): boolean {
  return /barbell/i.test(exercise);
}
