import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { wrongOption } from "./check-options.ts";
import { contains } from "./contains.ts";
import type { Condition, Distribution, FloatDistribution, IntDistribution, ParamValue, Space } from "./distribution.ts";

const numberKeys = ["type", "low", "high", "log", "step"];
const keysOf: Readonly<Record<string, readonly string[]>> = {
  float: numberKeys,
  int: numberKeys,
  categorical: ["type", "choices"],
};

/** A choice of more than this many is a mistake. */
const mostChoices = 10_000;

/**
 * Refuses a space that nothing can be drawn from, with the place of the mistake as `field`. Throws ParamsError.
 * Accepts what comes from JSON: nothing is trusted.
 */
export function checkSpace(who: string, space: unknown): asserts space is Space {
  if (!isRecord(space)) throw wrongOption(who, "space", "must be an object of distributions by parameter name", space);
  const names = Object.keys(space);
  if (names.length === 0) throw wrongOption(who, "space", "must name at least one parameter", space);
  for (const [k, name] of names.entries()) {
    checkName(who, name);
    const { when, ...distribution } = isRecord(space[name]) ? space[name] : { type: space[name] };
    checkDistribution(who, `space.${name}`, distribution);
    if (when !== undefined) checkCondition(who, `space.${name}.when`, when, space as Space, names.slice(0, k));
  }
}

/** Refuses a name that no record can have as a key. Throws ParamsError. */
export function checkName(who: string, name: unknown): asserts name is string {
  if (typeof name !== "string" || name === "" || name === "__proto__" || name.length > 200)
    throw wrongOption(who, "name", "must be a text of 1 to 200 letters", name);
}

/** Refuses a distribution that nothing can be drawn from. Throws ParamsError with the place. */
export function checkDistribution(who: string, place: string, distribution: unknown): asserts distribution is Distribution {
  if (!isRecord(distribution)) throw wrongOption(who, place, "must be a distribution", distribution);
  const { type } = distribution;
  const known = typeof type === "string" && Object.hasOwn(keysOf, type) ? keysOf[type] : undefined;
  if (!known) {
    const hint = typeof type === "string" ? suggest(type, Object.keys(keysOf)) : "";
    throw wrongOption(who, `${place}.type`, `must be "float", "int" or "categorical"${hint}`, type);
  }
  for (const key of Object.keys(distribution))
    if (!known.includes(key))
      throw Object.assign(new ParamsError(`${who}: ${place} has no ${key}${suggest(key, [...known, "when"])}`), {
        field: `${place}.${key}`,
        value: distribution[key],
      });
  if (type === "categorical") checkChoices(who, place, distribution["choices"]);
  else checkNumbers(who, place, distribution as unknown as FloatDistribution | IntDistribution);
}

function checkChoices(who: string, place: string, choices: unknown): void {
  const at = `${place}.choices`;
  if (!Array.isArray(choices) || choices.length === 0)
    throw wrongOption(who, at, "must be a list of at least one choice", choices);
  if (choices.length > mostChoices) throw wrongOption(who, at, `must have at most ${mostChoices} choices`, choices.length);
  const printed = new Map<string, ParamValue>();
  for (const choice of choices) {
    if (!isParamValue(choice)) throw wrongOption(who, at, "must hold texts, finite numbers, booleans or null", choice);
    const text = String(choice);
    if (printed.has(text)) {
      const what =
        printed.get(text) === choice ? "name each choice once" : "hold choices that look different, whatever their type";
      throw wrongOption(who, at, `must ${what}`, choice);
    }
    printed.set(text, choice);
  }
}

function checkNumbers(who: string, place: string, distribution: FloatDistribution | IntDistribution): void {
  const { type, low, high, log = false, step } = distribution;
  for (const [key, value] of Object.entries({ low, high }))
    if (!Number.isFinite(value) || (type === "int" && !Number.isSafeInteger(value)))
      throw wrongOption(who, `${place}.${key}`, `must be a ${type === "int" ? "whole" : "finite"} number`, value);
  if (low > high) throw wrongOption(who, `${place}.low`, `must be at most high, which is ${high}`, low);
  if (typeof log !== "boolean") throw wrongOption(who, `${place}.log`, "must be true or false", log);
  if (log && type === "float" && low <= 0) throw wrongOption(who, `${place}.low`, "must be > 0 on a log scale", low);
  if (log && type === "int" && low < 1) throw wrongOption(who, `${place}.low`, "must be ≥ 1 on a log scale", low);
  if (step === undefined) return;
  if (!(step > 0) || !Number.isFinite(step) || (type === "int" && !Number.isSafeInteger(step)))
    throw wrongOption(who, `${place}.step`, `must be a ${type === "int" ? "whole" : "finite"} number > 0`, step);
  if (log && (type === "float" || step !== 1)) throw wrongOption(who, `${place}.step`, "must be absent on a log scale", step);
  const steps = (high - low) / step;
  if (Math.abs(steps - Math.round(steps)) > 1e-8 * Math.max(1, steps))
    throw wrongOption(who, `${place}.step`, `must divide high − low, which is ${high - low}`, step);
}

function checkCondition(who: string, place: string, when: unknown, space: Space, earlier: readonly string[]): void {
  if (!isRecord(when) || Object.keys(when).length === 0)
    throw wrongOption(who, place, "must be an object of values by parameter name", when);
  for (const [name, wanted] of Object.entries(when)) {
    if (!earlier.includes(name))
      throw wrongOption(who, `${place}.${name}`, `must name a parameter that stands before it${suggest(name, earlier)}`, name);
    const values = [wanted].flat() as ParamValue[];
    const never = values.find((value) => !contains(space[name]!, value));
    if (values.length === 0 || never !== undefined)
      throw wrongOption(who, `${place}.${name}`, `must be a value that ${name} can have`, never ?? wanted);
  }
}

/** Whether a parameter is asked for beside these values. */
export function applies({ when }: Condition, params: Readonly<Record<string, ParamValue>>): boolean {
  if (!when) return true;
  return Object.entries(when).every(
    ([name, wanted]) => Object.hasOwn(params, name) && [wanted].flat().includes(params[name] as ParamValue),
  );
}

/** Refuses parameters that are not of the space, or lie outside it. Throws ParamsError with the near name. */
export function checkParams(who: string, params: Readonly<Record<string, unknown>>, space: Space): void {
  for (const [name, value] of Object.entries(params)) {
    const distribution = Object.hasOwn(space, name) ? space[name] : undefined;
    if (!distribution)
      throw Object.assign(new ParamsError(`${who}: no parameter ${name}${suggest(name, Object.keys(space))}`), {
        field: name,
        value,
      });
    if (!contains(distribution, value)) throw wrongOption(who, name, `must be of ${describe(distribution)}`, value);
  }
}

/** A distribution in words, as "0.1 … 10 (log)". */
export function describe(distribution: Distribution): string {
  if (distribution.type === "categorical") return distribution.choices.map(String).join(", ");
  const { low, high, log, step } = distribution;
  return `${low} … ${high}${log ? " (log)" : ""}${step !== undefined ? ` by ${step}` : ""}`;
}

/** Values of one parameter that JSON can carry. */
export function isParamValue(value: unknown): value is ParamValue {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
