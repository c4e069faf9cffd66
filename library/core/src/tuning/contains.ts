import type { CategoricalDistribution, Distribution, FloatDistribution, IntDistribution, ParamValue } from "./distribution.ts";

/** Whether a value can come from a distribution; a step is met to 1e-8 of it. */
export function contains(distribution: Distribution, value: unknown): boolean {
  if (distribution.type === "categorical") return distribution.choices.includes(value as ParamValue);
  if (typeof value !== "number" || !(value >= distribution.low && value <= distribution.high)) return false;
  if (distribution.type === "int" && !Number.isInteger(value)) return false;
  const { step } = distribution;
  if (step === undefined) return true;
  const steps = (value - distribution.low) / step;
  return Math.abs(steps - Math.round(steps)) <= 1e-8 * Math.max(1, Math.abs(steps));
}

/** Whether there is nothing to choose. */
export function isSingle(distribution: Distribution): boolean {
  return distribution.type === "categorical" ? distribution.choices.length === 1 : distribution.low === distribution.high;
}

/** A value as a number: itself, or the place among the choices. NaN where the distribution does not hold it. */
export function encode(distribution: Distribution, value: ParamValue | undefined): number {
  if (distribution.type !== "categorical") return typeof value === "number" ? value : Number.NaN;
  const place = distribution.choices.indexOf(value as ParamValue);
  return place < 0 ? Number.NaN : place;
}

/** The value that a number stands for. */
export function decode(distribution: Distribution, code: number): ParamValue {
  return distribution.type === "categorical" ? distribution.choices[code]! : code;
}

/** A number brought to the nearest value that the distribution holds. */
export function nearest(distribution: Distribution, code: number): number {
  if (distribution.type === "categorical") return code;
  const { type, low, high, step = type === "int" ? 1 : undefined } = distribution;
  const aligned = step === undefined ? code : low + Math.round((code - low) / step) * step;
  return Math.min(high, Math.max(low, aligned));
}

/** Whether two distributions are the same. */
export function sameDistribution(a: Distribution, b: Distribution): boolean {
  if (a === b) return true;
  if (a.type !== b.type) return false;
  if (a.type === "categorical") {
    const { choices } = b as CategoricalDistribution;
    return a.choices.length === choices.length && a.choices.every((choice, k) => choice === choices[k]);
  }
  const other = b as FloatDistribution | IntDistribution;
  const step = a.type === "int" ? 1 : undefined;
  return (
    a.low === other.low &&
    a.high === other.high &&
    (a.log ?? false) === (other.log ?? false) &&
    (a.step ?? step) === (other.step ?? step)
  );
}
