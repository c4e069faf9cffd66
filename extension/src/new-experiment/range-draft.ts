import type { Distribution, JsonSchema, ParamsSchema, Space } from "../routes";
import { demandOf, kindsOf, namesOf, readText, textOf } from "./param-text";

/** How one hyperparameter is searched, as it is being written. */
export interface RangeDraft {
  type: "float" | "int" | "categorical";
  low: string;
  high: string;
  step: string;
  log: boolean;
  /** Between commas. */
  choices: string;
  when?: Distribution["when"];
}

/** The searched hyperparameters by name; the others are fixed. */
export type RangeDrafts = Readonly<Record<string, RangeDraft>>;

/** What may be searched of a hyperparameter: a range of numbers, a list of choices. */
export function searchable(schema: JsonSchema): { range: "float" | "int" | null; choices: boolean } {
  const kinds = kindsOf(schema);
  const number = kinds.find(({ type }) => [type].flat().some((each) => each === "number" || each === "integer"));
  const range = number ? ([number.type].flat().includes("integer") ? "int" : "float") : null;
  const plain = !schema["estimator"] && kinds.every(({ type }) => type !== "array" && type !== "object");
  return { range, choices: plain || namesOf(schema).length > 0 };
}

/** A first draft of how a hyperparameter is searched. */
export function freshRange(schema: JsonSchema, type: "range" | "choices"): RangeDraft {
  const { range } = searchable(schema);
  if (type === "choices" || range === null) return { ...empty, type: "categorical", choices: choicesOf(schema) };
  const around = typeof schema.default === "number" && schema.default !== 0 ? Math.abs(schema.default) : 1;
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = numberKind(schema);
  const low = Math.min(maximum, Math.max(minimum, range === "int" ? Math.max(1, Math.round(around / 4)) : around / 10));
  const high = Math.min(maximum, range === "int" ? Math.max(low + 1, Math.round(around * 4)) : around * 10);
  return { ...empty, type: range, low: String(low), high: String(high), log: schema["search"] === "log" };
}

const empty: RangeDraft = { type: "float", low: "", high: "", step: "", log: false, choices: "" };

function choicesOf(schema: JsonSchema): string {
  if (schema.type === "boolean") return "false, true";
  const names = namesOf(schema);
  return names.length > 0 ? names.join(", ") : textOf(schema.default);
}

/** The drafts that a kept form holds; what is none is left out. */
export function rangesFrom(value: unknown): RangeDrafts {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, RangeDraft] => isRange(entry[1])));
}

function isRange(value: unknown): value is RangeDraft {
  if (typeof value !== "object" || value === null) return false;
  const { type, low, high, step, choices, log, when } = value as Record<keyof RangeDraft, unknown>;
  return (
    (type === "float" || type === "int" || type === "categorical") &&
    [low, high, step, choices].every((text) => typeof text === "string") &&
    typeof log === "boolean" &&
    (when === undefined || (typeof when === "object" && when !== null))
  );
}

/** The drafts of a space, as the algorithm's usual one. */
export function draftsOf(space: Space): RangeDrafts {
  return Object.fromEntries(Object.entries(space).map(([name, distribution]) => [name, draftOf(distribution)]));
}

function draftOf({ when, ...distribution }: Distribution): RangeDraft {
  const condition = when ? { when } : {};
  if (distribution.type === "categorical")
    return {
      ...empty,
      type: "categorical",
      choices: distribution.choices.map((each) => each ?? "none").join(", "),
      ...condition,
    };
  const { type, low, high, step, log } = distribution;
  return {
    ...empty,
    type,
    low: String(low),
    high: String(high),
    step: step === undefined ? "" : String(step),
    log: log === true,
    ...condition,
  };
}

/** The space that the drafts stand for; a condition on what is not searched is left out. */
export function spaceOf(drafts: RangeDrafts, { properties }: ParamsSchema): Space {
  return Object.fromEntries(
    Object.entries(drafts).map(([name, draft]) => {
      const { when } = draft;
      const stands = when && Object.keys(when).every((key) => drafts[key]?.type === "categorical");
      return [name, { ...distributionOf(draft, properties[name] ?? {}), ...(stands ? { when } : {}) } as Distribution];
    }),
  );
}

function distributionOf({ type, low, high, step, log, choices }: RangeDraft, schema: JsonSchema): Distribution {
  if (type === "categorical") return { type, choices: valuesOf(choices, schema) as never };
  return {
    type,
    low: Number(low),
    high: Number(high),
    ...(log && { log }),
    ...(step.trim() !== "" && !log && { step: Number(step) }),
  };
}

function valuesOf(choices: string, schema: JsonSchema): unknown[] {
  const words = choices
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return words.map((word) => {
    if (schema.type === "boolean") return word === "true" ? true : word === "false" ? false : word;
    const isNothing = word === "none" && !namesOf(schema).includes(word) && kindsOf(schema).some(({ type }) => type === "null");
    return isNothing ? null : readText(word, schema);
  });
}

/** What is wrong with a draft, in words; undefined where nothing is. */
export function wrongWith(draft: RangeDraft, schema: JsonSchema): string | undefined {
  return draft.type === "categorical" ? wrongChoices(draft, schema) : wrongRange(draft, schema);
}

function wrongChoices({ choices }: RangeDraft, schema: JsonSchema): string | undefined {
  const values = valuesOf(choices, schema);
  if (values.length === 0) return "needs at least one choice, as a, b";
  if (new Set(values).size < values.length) return "a choice stands twice";
  const names = namesOf(schema);
  const bad = values.find((value) => {
    if (schema.type === "boolean") return typeof value !== "boolean";
    return (
      typeof value === "string" && !names.includes(value) && !kindsOf(schema).some((kind) => kind.type === "string" && !kind.enum)
    );
  });
  return bad === undefined ? undefined : `${demandOf(schema)}, got ${bad}`;
}

function wrongRange(
  { type, low: lowText, high: highText, step: stepText, log }: RangeDraft,
  schema: JsonSchema,
): string | undefined {
  if (lowText.trim() === "" || highText.trim() === "") return "needs both ends";
  const [low, high, step] = [Number(lowText), Number(highText), Number(stepText)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "both ends must be numbers";
  if (type === "int" && !(Number.isInteger(low) && Number.isInteger(high))) return "both ends must be whole numbers";
  if (low >= high) return `low must be below high, got ${low} and ${high}`;
  if (log && low <= 0) return `low must be above 0 on a log scale, got ${low}`;
  if (!log && stepText.trim() !== "" && !(step > 0 && step <= high - low))
    return `step must be above 0 and within the range, got ${stepText}`;
  const kind = numberKind(schema);
  const fits = (value: number) =>
    value >= (kind.minimum ?? value) &&
    value <= (kind.maximum ?? value) &&
    value > Number(kind["exclusiveMinimum"] ?? Number.NEGATIVE_INFINITY) &&
    value < Number(kind["exclusiveMaximum"] ?? Number.POSITIVE_INFINITY);
  const outside = [low, high].find((value) => !fits(value));
  return outside === undefined ? undefined : `${demandOf(kind)}, got ${outside}`;
}

function numberKind(schema: JsonSchema): JsonSchema {
  return kindsOf(schema).find(({ type }) => [type].flat().some((each) => each === "number" || each === "integer")) ?? schema;
}
