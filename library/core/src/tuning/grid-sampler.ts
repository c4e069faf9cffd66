import { checkKeys } from "../base/check-keys.ts";
import { random } from "../numeric/random.ts";
import { checkInteger, checkSeed, wrongOption } from "./check-options.ts";
import { applies, checkSpace } from "./check-space.ts";
import { decode, nearest } from "./contains.ts";
import type { Distribution, ParamValue, Space, TrialParams } from "./distribution.ts";
import type { Sampler } from "./sampler.ts";

/** Options of `gridSampler`. */
export interface GridOptions {
  /** The space; every value of choices and steps, and `points` values of a range without steps. */
  readonly space: Space;
  /** Values taken of a continuous range, or of whole numbers where there are more; default 5. */
  readonly points?: number;
  /** The order in which the grid is walked; default 42. */
  readonly seed?: number;
}

const mostCells = 100_000;

/**
 * Every combination of a grid once, in an order drawn from the seed, so that a search that is stopped early has seen all of the space.
 * Conditional parameters are left out where they do not apply. Oracle: optuna.samplers.GridSampler.
 */
export function gridSampler(options: GridOptions): Sampler {
  checkKeys("gridSampler", options, ["space", "points", "seed"]);
  const { space, points = 5, seed = 42 } = options;
  checkSpace("gridSampler", space);
  checkInteger("gridSampler", { points }, 2);
  checkSeed("gridSampler", seed);
  const cells = cellsOf(space, points);
  const order = random(seed, "grid").permutation(cells.length);

  return {
    name: "grid",
    options: { space, points, seed },
    size: cells.length,
    together(history) {
      const taken = new Set<unknown>();
      for (const { attributes } of history.running()) taken.add(attributes["grid"]);
      for (const state of ["completed", "pruned", "failed"] as const)
        for (const { attributes } of history.ended(state)) taken.add(attributes["grid"]);
      const cell = order.find((each) => !taken.has(each)) ?? order[0]!;
      return { params: cells[cell]!, attributes: { grid: cell } };
    },
    suggest(_history, trial, name) {
      throw wrongOption("gridSampler", "space", `must hold every parameter that trial ${trial.number} asks for`, name);
    },
  };
}

/** Every combination that the conditions allow. */
function cellsOf(space: Space, points: number): readonly TrialParams[] {
  let cells: Record<string, ParamValue>[] = [{}];
  for (const [name, entry] of Object.entries(space)) {
    const values = valuesOf(entry, points);
    const count = cells.reduce((sum, cell) => sum + (applies(entry, cell) ? values.length : 1), 0);
    if (count > mostCells) throw wrongOption("gridSampler", "space", `must have at most ${mostCells} combinations`, count);
    cells = cells.flatMap((cell) => (applies(entry, cell) ? values.map((value) => ({ ...cell, [name]: value })) : [cell]));
  }
  return cells;
}

/** The values of one parameter on the grid. */
function valuesOf(distribution: Distribution, points: number): readonly ParamValue[] {
  if (distribution.type === "categorical") return distribution.choices;
  const { type, low, high, log, step = type === "int" && !log ? 1 : undefined } = distribution;
  if (step !== undefined) {
    const count = Math.round((high - low) / step) + 1;
    if (count > mostCells) throw wrongOption("gridSampler", "space", `must have at most ${mostCells} values a parameter`, count);
    if (count <= points || distribution.step !== undefined)
      return Array.from({ length: count }, (_, k) => nearest(distribution, low + k * step));
  }
  const ends = log ? { ...distribution, low: Math.log(low), high: Math.log(high) } : distribution;
  const values = Array.from({ length: points }, (_, k) => {
    const value = ends.low + (k / (points - 1)) * (ends.high - ends.low);
    return decode(distribution, nearest(distribution, log ? Math.exp(value) : value));
  });
  return [...new Set(values)];
}
