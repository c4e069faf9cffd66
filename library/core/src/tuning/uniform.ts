import type { Random } from "../numeric/random.ts";
import { decode, nearest } from "./contains.ts";
import type { Distribution, ParamValue } from "./distribution.ts";

/** A value drawn evenly from a distribution: each choice, each step, or each stretch of the scale alike. */
export function uniform(distribution: Distribution, random: Random): ParamValue {
  return decode(distribution, fromUnit(distribution, random.float()));
}

/** The number at a share u in [0, 1) of a distribution: its quantile function. */
export function fromUnit(distribution: Distribution, u: number): number {
  if (distribution.type === "categorical") return Math.floor(u * distribution.choices.length);
  const { type, low, high, log = false, step = type === "int" ? 1 : 0 } = distribution;
  if (!log) return nearest(distribution, low - step / 2 + u * (high - low + step));
  const [from, to] = [Math.log(low - step / 2), Math.log(high + step / 2)];
  return nearest(distribution, Math.exp(from + u * (to - from)));
}
