import { z } from "zod";
import { ParamsError } from "../base/errors.ts";

/** Weights of the classes as a parameter: none, balanced, or one for each class in the sorted order of the labels. */
export const classWeightParam = () =>
  z
    .union([z.enum(["none", "balanced"]), z.array(z.number().min(0)).min(2)])
    .default("none")
    .meta({
      title: "Class weights",
      description: "balanced: every class counts the same in total; or one weight for each class, labels sorted.",
    });

/**
 * Row weights (n) times the weight of each row's class; y holds class codes. `balanced` divides by what each class counts: the sum of
 * its row weights, or for `rows` how many of its rows weigh more than 0. Throws ParamsError for weights that do not fit the classes.
 */
export function classWeights(
  who: string,
  y: Float64Array,
  classes: number,
  classWeight: "none" | "balanced" | readonly number[],
  weights: Float64Array | undefined,
  counted: "weights" | "rows" = "weights",
): Float64Array {
  const given = weights ?? new Float64Array(y.length).fill(1);
  if (classWeight === "none") return given;
  const shares = classShares(who, y, classes, classWeight, given, counted);
  const own = Float64Array.from(y, (code, i) => shares[code]! * given[i]!);
  if (own.every((weight) => weight === 0))
    throw new ParamsError(`${who}: classWeight must leave a row of weight > 0, got [${shares.join(", ")}]`);
  return own;
}

/** The weight of each class (k); `balanced` is n / (k · nₖ). Throws ParamsError for a wrong number of weights. */
export function classShares(
  who: string,
  y: Float64Array,
  classes: number,
  classWeight: "none" | "balanced" | readonly number[],
  weights: Float64Array,
  counted: "weights" | "rows",
): readonly number[] {
  if (classWeight === "none") return new Array<number>(classes).fill(1);
  if (classWeight !== "balanced") {
    if (classWeight.length === classes) return classWeight;
    throw new ParamsError(`${who}: classWeight must hold one weight for each of ${classes} classes, got ${classWeight.length}`);
  }
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < y.length; i++) counts[y[i]!]! += counted === "weights" ? weights[i]! : weights[i]! > 0 ? 1 : 0;
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (count > 0 ? total / (classes * count) : 0));
}
