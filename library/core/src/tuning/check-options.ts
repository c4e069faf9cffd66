import { ParamsError } from "../base/errors.ts";

/** Throws ParamsError unless a seed is a whole number from 0 on. */
export function checkSeed(who: string, seed: number): void {
  checkInteger(who, { seed }, 0);
}

/** Throws ParamsError unless the named value is a whole number from `least` on. */
export function checkInteger(who: string, named: Readonly<Record<string, unknown>>, least: number): void {
  for (const [name, value] of Object.entries(named))
    if (!Number.isSafeInteger(value) || (value as number) < least)
      throw wrongOption(who, name, `must be a whole number ≥ ${least}`, value);
}

/** Throws ParamsError unless the named value is a number from `low` to `high`. */
export function checkBetween(who: string, named: Readonly<Record<string, unknown>>, low: number, high: number): void {
  for (const [name, value] of Object.entries(named))
    if (typeof value !== "number" || !(value >= low && value <= high)) {
      const bounds = high === Infinity ? `≥ ${low}` : `from ${low} to ${high}`;
      throw wrongOption(who, name, `must be a number ${bounds}`, value);
    }
}

/** An error with its place, as forms and HTTP want it. */
export function wrongOption(who: string, field: string, must: string, value: unknown): ParamsError {
  const got = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return Object.assign(new ParamsError(`${who}: ${field} ${must}, got ${got.slice(0, 200)}`), { field, value });
}
