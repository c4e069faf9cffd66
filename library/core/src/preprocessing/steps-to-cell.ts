import { ParamsError } from "../base/errors.ts";
import { parseSteps, type Step, type StepInput } from "./steps.ts";

/** How steps are written as a cell. */
export interface StepsToCellOptions {
  /** Name of the variable that holds the table; default `table`. */
  readonly table?: string;
  /** The column to be predicted. */
  readonly target?: string;
}

/** TypeScript of a cell that fits the steps on a table and gives the clean one: what was set by mouse, to keep and to change. */
export function stepsToCell(steps: readonly StepInput[], { table = "table", target }: StepsToCellOptions = {}): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(table))
    throw new ParamsError(`stepsToCell: table must be the name of a variable, got ${quoted(table)}`);
  const lines = parseSteps(steps).map((step, k) => `  ${written(withoutDefaults(step, steps[k]!))},`);
  const options = target === undefined ? "" : `, { target: ${quoted(target)} }`;
  return [
    'import * as ml from "assay";',
    "",
    `const steps: ml.StepInput[] = [${lines.length > 0 ? `\n${lines.join("\n")}\n` : ""}];`,
    `const { recipe, table: clean } = await ml.fitApplySteps(${table}, steps${options});`,
    "clean",
    "",
  ].join("\n");
}

/** What differs from the defaults. */
function withoutDefaults(step: Step, given: StepInput): Record<string, unknown> {
  const required = new Set(Object.keys(given));
  const bare = Object.entries(step).filter(([key, value]) => {
    if (key === "step" || !required.has(key) || value === undefined) return key === "step";
    const { [key]: _, ...rest } = given as Record<string, unknown>;
    return !isDefault(rest, key, value);
  });
  return Object.fromEntries(bare);
}

/** Whether a setting left out means the same. */
function isDefault(rest: Readonly<Record<string, unknown>>, key: string, value: unknown): boolean {
  try {
    const [without] = parseSteps([rest]) as unknown as Record<string, unknown>[];
    return JSON.stringify(without![key]) === JSON.stringify(value);
  } catch {
    return false;
  }
}

/** A value as TypeScript. */
function written(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${key}: ${written(part)}`)
    .join(", ")} }`;
}

/** A text as a literal, on one line whatever it holds. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
