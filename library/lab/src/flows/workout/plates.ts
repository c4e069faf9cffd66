import { roundLoad } from "../../contract/workout-rule.ts";

/** What can be loaded, and how far a forecast may move. */
export interface LoadRules {
  /** Smallest step between two loads, in the history's unit; default 2.5 kg or 5 lb. */
  readonly step?: number | undefined;
  /** How far a forecast may lie from the last load, as a share of it; default 0.25, one step at least. */
  readonly mostChange?: number | undefined;
}

/** The load nearest to a forecast that lies whole steps from the last one: stacks off the grid (56.25) stay on theirs. Never below 0. */
export function toPlates(load: number, last: number, step: number): number {
  const snapped = last + Math.round((load - last) / step) * step;
  return roundLoad(snapped < 0 ? last % step : snapped);
}

/** A forecast within the bounds about the last load. */
export function toBounds(load: number, last: number, step: number, mostChange = 0.25): number {
  const room = Math.max(step, last * mostChange);
  return Math.max(Math.max(0, last - room), Math.min(last + room, load));
}
