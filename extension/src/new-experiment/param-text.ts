import type { JsonSchema } from "../routes";

/** The kinds that a parameter may be of. */
export function kindsOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? [schema];
}

/** Words that a parameter takes. */
export function namesOf(schema: JsonSchema): readonly string[] {
  return kindsOf(schema).flatMap(({ enum: names }) => (names ?? []).filter((name) => typeof name === "string"));
}

/** A parameter as one writes it: `sqrt`, `0.5`, `100, 50`, `a, b; c`; nothing for null. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (!Array.isArray(value)) return String(value);
  return Array.isArray(value[0]) ? value.map(textOf).join("; ") : value.join(", ");
}

/** What a text says, by the kinds that the parameter may be of; the text itself where it is none of them. */
export function readText(text: string, schema: JsonSchema): unknown {
  const words = text.trim();
  const kinds = kindsOf(schema);
  const list = kinds.find(({ type }) => type === "array");
  if (words === "") return kinds.some(({ type }) => type === "null") ? null : list ? [] : undefined;
  if (words.startsWith("[")) return parsed(words);
  if (namesOf(schema).includes(words)) return words;
  if (Number.isFinite(Number(words)) && kinds.some(({ type }) => type === "number" || type === "integer")) return Number(words);
  return list ? listOf(words, (list as { items?: JsonSchema }).items) : words;
}

function listOf(words: string, items: JsonSchema | undefined): unknown {
  if (items?.type === "array") return split(words, ";").map((group) => split(group, ","));
  if (items?.type === "string") return split(words, ",");
  const numbers = split(words, /[,\s]/).map(Number);
  return numbers.every(Number.isFinite) ? numbers : words;
}

function split(words: string, by: string | RegExp): string[] {
  return words
    .split(by)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function parsed(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch {
    return words;
  }
}

/** What a parameter must be, in words. */
export function demandOf(schema: JsonSchema): string {
  return `must be ${kindsOf(schema).map(demandOfKind).join(" or ")}`;
}

function demandOfKind(kind: JsonSchema): string {
  if (kind.enum) return kind.enum.join(" or ");
  if (kind.type === "null") return "empty";
  if (kind.type !== "array") return `a ${kind.type === "integer" ? "whole number" : kind.type}${boundsOf(kind)}`;
  const { items, minItems } = kind as { items?: JsonSchema; minItems?: number };
  const least = minItems ? ` of at least ${minItems}` : "";
  if (items?.type === "array") return "groups of columns, as a, b; c, d";
  if (items?.anyOf) return `a list of ${items.anyOf.map((each) => String(each.const)).join(", ")}, separated by commas`;
  return `a list${least}, as ${items?.type === "string" ? "a, b" : "1, 2"}${items ? boundsOf(items) : ""}`;
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const bounds = [
    minimum !== undefined && `≥ ${minimum}`,
    exclusiveMinimum !== undefined && `> ${exclusiveMinimum}`,
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `≤ ${maximum}`,
    exclusiveMaximum !== undefined && `< ${exclusiveMaximum}`,
  ].filter((bound) => bound !== false);
  return bounds.length > 0 ? `, ${bounds.join(" and ")}` : "";
}
