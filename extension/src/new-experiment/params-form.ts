import type { JsonSchema, ParamsSchema } from "../routes";

/** A schema that makes a plain form, and the hints that rjsf takes beside it. */
export interface ParamsForm {
  schema: JsonSchema;
  uiSchema: Record<string, Record<string, unknown>>;
}

/**
 * Prepares an algorithm's schema for rjsf: "a number or nothing" becomes one field that may stay empty, a list of constants one
 * select, and the fields need no button to be sent.
 */
export function paramsForm(schema: ParamsSchema): ParamsForm {
  const uiSchema: ParamsForm["uiSchema"] = {};
  const properties: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    properties[name] = simplified(name, property);
    if (isNullable(properties[name])) uiSchema[name] = { "ui:emptyValue": null, "ui:placeholder": "none" };
  }
  return { schema: { type: "object", properties, additionalProperties: false }, uiSchema };
}

function simplified(name: string, property: JsonSchema): JsonSchema {
  const titled = { title: name, ...property };
  const choices = property.anyOf;
  if (!choices) return titled;
  const real = choices.filter((choice) => choice.type !== "null");
  const nullable = real.length < choices.length;
  const [only] = real;
  if (real.length === 1 && only && typeof only.type === "string" && !only.enum) {
    const { anyOf: _, ...rest } = titled;
    return { ...only, ...rest, type: nullable ? [only.type, "null"] : only.type };
  }
  return { ...titled, anyOf: choices.map((choice) => ({ title: choiceTitle(choice), ...choice })) };
}

function choiceTitle({ type, enum: values }: JsonSchema): string {
  return type === "null" ? "none" : values ? "by name" : String(type ?? "value");
}

function isNullable({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes("null");
}

/** The values that a fresh form holds. */
export function defaultsOf({ properties }: ParamsSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
}
