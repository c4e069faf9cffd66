import type { JsonSchema, ParamsSchema, Space } from "../routes";
import { sliderRange } from "./slider";

/** A schema that makes a plain form, and the hints that rjsf takes beside it. */
interface ParamsForm {
  schema: JsonSchema;
  uiSchema: Record<string, Record<string, unknown>>;
}

/** An algorithm that may stand inside another. */
export interface Part {
  name: string;
  title: string;
}

/**
 * Prepares an algorithm's schema for rjsf. "A number or nothing" becomes one field that may stay empty, an estimator a choice among
 * `parts`; what rjsf would draw as a form in the form (lists, columns with their constraints, a name or a number) gets a field of ours.
 * A number with a range has a slider, over where it is searched by `space` if that is told. A field that may stay empty then reads `none`.
 */
export function paramsForm(schema: ParamsSchema, parts: readonly Part[], space: Space = {}, none = "none"): ParamsForm {
  const form: ParamsForm = { schema: { type: "object", properties: {}, additionalProperties: false }, uiSchema: {} };
  for (const [name, property] of Object.entries(schema.properties)) {
    const drawn = drawnAs({ title: name, ...property }, parts, space[name]);
    (form.schema["properties"] as ParamsSchema["properties"])[name] = drawn.schema;
    if (drawn.ui) form.uiSchema[name] = "ui:placeholder" in drawn.ui ? { ...drawn.ui, "ui:placeholder": none } : drawn.ui;
  }
  return form;
}

interface Drawn {
  schema: JsonSchema;
  ui?: Record<string, unknown>;
}

function drawnAs(property: JsonSchema, parts: readonly Part[], searched: Space[string] | undefined): Drawn {
  const choices = parts.map(({ name, title }) => ({ const: name, title }));
  const { items } = property as { items?: JsonSchema };
  if (property["estimator"]) return { schema: { ...property, oneOf: choices } };
  if (items?.["estimator"]) return { schema: { ...property, items: { type: "string", oneOf: choices } }, ui: ownField("parts") };
  if (property.type === "object") return { schema: property, ui: ownField("constraints") };
  if (property.type === "array") return { schema: property, ui: ownField("text") };
  const only = onlyKind(property);
  if (!only) return { schema: property, ui: ownField("text") };
  const { formMaximum } = only;
  const bounded = typeof formMaximum === "number" ? { ...only, maximum: formMaximum } : only;
  const range = isNumber(only) ? sliderRange(bounded, searched) : null;
  if (range) {
    const slider = { "ui:widget": "slider", "ui:options": { range } };
    return { schema: bounded, ui: isNullable(bounded) ? { ...nothing, ...slider } : slider };
  }
  const ui = isNumber(only) ? { ...nothing, "ui:options": { inputType: "number" } } : nothing;
  return isNullable(bounded) ? { schema: bounded, ui } : { schema: bounded };
}

/** The hint for a field of ours in place of rjsf's, also in place of its choice between kinds. */
function ownField(name: "text" | "parts" | "constraints"): Record<string, unknown> {
  return { "ui:field": name, "ui:fieldReplacesAnyOrOneOf": true };
}

/** A parameter of one plain kind, or of one that may be nothing, without its choice; undefined where there are more kinds. */
function onlyKind({ anyOf, ...property }: JsonSchema): JsonSchema | undefined {
  if (!anyOf) return property;
  const real = anyOf.filter(({ type }) => type !== "null");
  const [only] = real;
  if (real.length !== 1 || !only || only.enum || !/^(integer|number|string)$/.test(String(only.type))) return undefined;
  return { ...only, ...property, type: real.length < anyOf.length ? [only.type as string, "null"] : (only.type as string) };
}

function isNullable({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes("null");
}

/** The hints for a field that may stay empty; one of a number says its kind, for rjsf would draw it for any text. */
const nothing = { "ui:emptyValue": null, "ui:placeholder": "none" };

function isNumber({ type }: JsonSchema): boolean {
  return [type].flat().some((each) => each === "integer" || each === "number");
}

/** The values that a fresh form holds. */
export function defaultsOf({ properties }: ParamsSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The values of one schema's form that say the same in another's: those of parameters which both describe alike. */
export function carriedOver(values: Record<string, unknown>, from: ParamsSchema, to: ParamsSchema): Record<string, unknown> {
  const alike = (name: string) => JSON.stringify(from.properties[name]) === JSON.stringify(to.properties[name]);
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(to.properties, name) && alike(name)));
}
