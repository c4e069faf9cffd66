import { checkKeys } from "../base/check-keys.ts";
import type { TableLike } from "../base/columns.ts";
import type { Fitted, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import { columnMeans, type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { checkWhole, columnPlaces, type JudgedModel } from "./judged-rows.ts";
import { type AskOptions, answersOf, askKeys, askOnThreads, defineQuestion, plainModel } from "./on-threads.ts";
import { drawnRows, outputsOf, readDependence, takeMatrix } from "./partial-dependence.ts";

/** Which pairs of columns are asked about. */
export interface InteractionOptions extends AskOptions {
  /** The columns whose pairs are asked; default all of the model's. */
  readonly features?: readonly string[];
  /** Rows that are asked at most; default 60. The cost grows with its square. */
  readonly rows?: number;
  /** Default 42; matters where rows are drawn. */
  readonly seed?: number;
}

/** How much two columns matter together beyond what each does alone. */
export interface Interaction {
  readonly features: readonly [string, string];
  /** Friedman's H: 0 where the effects only add up, 1 where there is nothing but the interaction. The largest over the model's outputs. */
  readonly strength: number;
}

/** Interactions of a model, the strongest first. */
export interface InteractionStrength {
  readonly rows: number;
  readonly pairs: readonly Interaction[];
}

/** More pairs than these are refused. */
const mostPairs = 2_000;

/**
 * Friedman's H statistic of pairs of columns: which share of the variance of their joint partial dependence is not the sum of the two alone,
 * over the rows' own values. Cost: (pairs + columns) × m² predictions for m rows, on all threads. Throws ParamsError for unknown columns.
 * Source: Friedman & Popescu (2008), Annals of Applied Statistics 2(3), section 8.1.
 * @example
 * await ml.interactionStrength(model, test, { features: ["age", "income", "tenure"] });
 */
export async function interactionStrength(
  model: JudgedModel,
  data: TableLike | MatrixInput,
  options: InteractionOptions = {},
): Promise<InteractionStrength> {
  const who = "interactionStrength";
  checkKeys(who, options, ["features", "rows", "seed", ...askKeys]);
  const { x } = readDependence(who, model, data, undefined);
  const { rows: limit = 60, seed = 42 } = options;
  checkWhole(who, "rows", limit, 2, 5_000);
  const names = options.features ?? model.columns.map(({ name }) => name);
  const places = columnPlaces(who, model, names);
  if (new Set(places).size < 2 || new Set(places).size < places.length)
    throw new ParamsError(`${who}: features must be two different columns at least, got ${JSON.stringify(names)}`);
  const pairs = places.flatMap((a, k) => places.slice(k + 1).map((b) => [a, b] as const));
  if (pairs.length > mostPairs)
    throw new ParamsError(`${who}: ${mostPairs} pairs of columns at most, got ${pairs.length}; name fewer features`);
  const sets: (readonly number[])[] = [...places.map((j) => [j]), ...pairs];
  const taken = takeMatrix(x, drawnRows(x.rows, limit, seed));
  const shared: Together = { model: plainModel(model), x: taken, sets };
  const effects = await askOnThreads<Float64Array>("interaction strength", [model], shared, sets.length, options);
  const alone = new Map(places.map((j, k) => [j, effects[k]!]));
  const width = model.classes?.length ?? 1;
  const outputs = outputsOf(model).map(({ place }) => place);
  const found = pairs.map(([a, b], k): Interaction => {
    const joint = effects[places.length + k]!;
    const strengths = outputs.map((place) => strengthOf(joint, alone.get(a)!, alone.get(b)!, width, place));
    return { features: [model.columns[a]!.name, model.columns[b]!.name], strength: Math.max(...strengths) };
  });
  found.sort((p, q) => q.strength - p.strength);
  return displayable("interaction-strength", { rows: taken.rows, pairs: found });
}

/** √(Σ (joint − a − b)² / Σ joint²) of centred effects of one output; 0 where the joint effect is constant. */
function strengthOf(joint: Float64Array, a: Float64Array, b: Float64Array, width: number, place: number): number {
  let [off, all, scale] = [0, 0, 0];
  for (let at = place; at < joint.length; at += width) {
    const rest = joint[at]! - a[at]! - b[at]!;
    off += rest * rest;
    all += joint[at]! * joint[at]!;
    scale += a[at]! * a[at]! + b[at]! * b[at]!;
  }
  return all <= 1e-24 * (1 + scale) ? 0 : Math.min(1, Math.sqrt(off / all));
}

interface Together {
  readonly model: Fitted;
  readonly x: Matrix;
  /** Columns that are set together. */
  readonly sets: readonly (readonly number[])[];
}

/** The centred partial dependence at each row's own values (m × outputs). */
defineQuestion("interaction strength", ({ model, x, sets }: Together) => {
  const data = sharedFloat64(x.data.length);
  data.set(x.data);
  const asked: Matrix = { ...x, data };
  return (index: number): Float64Array => {
    const set = sets[index]!;
    const fill = (cell: (i: number, j: number) => number): void => {
      for (let i = 0; i < x.rows; i++) for (const j of set) data[i * x.columns + j] = cell(i, j);
    };
    let effects = new Float64Array(0);
    let width = 0;
    for (let row = 0; row < x.rows; row++) {
      fill((_, j) => x.data[row * x.columns + j]!);
      const means = columnMeans(answersOf(model, asked));
      width = means.length;
      if (row === 0) effects = new Float64Array(x.rows * width);
      effects.set(means, row * width);
    }
    fill((i, j) => x.data[i * x.columns + j]!);
    const centre = columnMeans({ rows: x.rows, columns: width, data: effects });
    return effects.map((value, at) => value - centre[at % width]!);
  };
});
