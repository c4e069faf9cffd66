import type { JsonSchema, Space } from "../routes";

/** Where a number is usually looked for, and how its values lie: evenly, or by their logarithm. */
export interface SliderRange {
  low: number;
  high: number;
  log: boolean;
  integer: boolean;
}

/** Notches of a slider. */
export const notches = 100;

/** The range of a parameter's slider: where it is usually searched, else its bounds where both are told; null without such. */
export function sliderRange(property: JsonSchema, searched: Space[string] | undefined): SliderRange | null {
  const { type, minimum, maximum, formMaximum, search } = property as JsonSchema & { formMaximum?: number; search?: string };
  const integer = [type].flat().includes("integer");
  const { low, high, log } = (searched ?? {}) as { low?: number; high?: number; log?: boolean };
  const range = {
    low: low ?? minimum,
    high: high ?? formMaximum ?? maximum,
    log: low === undefined ? search === "log" : log === true,
  };
  if (range.low === undefined || range.high === undefined || !(range.low < range.high) || range.high > 1e9) return null;
  return { low: range.low, high: range.high, log: range.log && range.low > 0, integer };
}

/** The value at a notch: whole, or with three significant digits. */
export function valueAt(notch: number, { low, high, log, integer }: SliderRange): number {
  const share = notch / notches;
  const value = log ? low * Math.exp(share * Math.log(high / low)) : low + share * (high - low);
  return integer ? Math.round(value) : Number(value.toPrecision(3));
}

/** The notch nearest to a value; values beyond the range are at its end. */
export function notchOf(value: number, { low, high, log }: SliderRange): number {
  const share = log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(notches * Math.min(1, Math.max(0, share)));
}
