import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { sourceOptionNames } from "./source.ts";

/** Throws ParamsError for an option that a reader does not take, with the near name. */
export function checkOptionNames(who: string, options: object, own: readonly string[]): void {
  const known = [...own, ...sourceOptionNames];
  for (const option of Object.keys(options))
    if (!known.includes(option)) throw new ParamsError(`${who}: unknown option "${option}"${suggest(option, known)}`);
}

/** Throws ParamsError unless a value is one of the choices. */
export function checkChoice(who: string, option: string, value: unknown, choices: readonly unknown[]): void {
  if (value !== undefined && !choices.includes(value))
    throw new ParamsError(
      `${who}: ${option} must be ${choices.map((choice) => JSON.stringify(choice)).join(" or ")}, got ${JSON.stringify(value)}`,
    );
}
