import { rangesFrom } from "./range-draft";
import type { Draft } from "./use-draft";

/** A form as it is kept: plain data, without what belongs to one moment. */
export type TemplateContent = Record<string, unknown>;

/** What is kept of a form. */
export function contentOf({ hyperparametersValid: _, features, comparison, search, ...draft }: Draft): TemplateContent {
  const content = { ...draft, features: [...features], search, comparison: { ...comparison, names: [...comparison.names] } };
  // what is not a number is an empty field; JSON has no such number
  return JSON.parse(JSON.stringify(content)) as TemplateContent;
}

/** The form of a kept one; a field that is missing there, or of another kind, stays as it is. */
export function draftFrom(content: TemplateContent, now: Draft): Draft {
  const { features, comparison } = content;
  const search = (typeof content["search"] === "object" ? (content["search"] ?? {}) : {}) as TemplateContent;
  const names = textsOf((comparison as { names?: unknown } | undefined)?.names);
  return {
    ...taken(content, now),
    features: features === undefined ? now.features : textsOf(features),
    comparison: { ...taken((comparison ?? {}) as TemplateContent, now.comparison), names },
    search: {
      ...taken(search, now.search),
      ranges: search["ranges"] === undefined ? now.search.ranges : rangesFrom(search["ranges"]),
    },
    hyperparametersValid: true,
  };
}

/** `now` with the given fields of its own names and kinds. */
function taken<T extends object>(given: TemplateContent, now: T): T {
  const fields = Object.entries(now).map(([name, value]) => {
    const next = given[name];
    if (next === null && typeof value === "number") return [name, Number.NaN];
    return [name, typeof next === typeof value && next !== null && !(value instanceof Set) ? next : value];
  });
  return Object.fromEntries(fields) as T;
}

function textsOf(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : []);
}
