import { redact, redactText } from "./redact.ts";

/** A value as a run's JSON column keeps it: secrets out, NaN and ±Infinity as text, typed arrays as lists, only text that PostgreSQL takes. */
export function runJson(value: unknown): string {
  return JSON.stringify(redact(value), plainNumbers).replaceAll(/\\(?:u[0-9a-f]{4}|.)/gi, (sign) =>
    /^\\u(0000|d[89a-f]..)$/i.test(sign) ? "\\ufffd" : sign,
  );
}

/** Text that people and programs gave, as it is kept: secrets hidden before it is cut, at most so many signs, only what PostgreSQL takes. O(signs). */
export function keptText(text: string, most: number): string {
  return plainText(redactText(text).slice(0, most));
}

/** Text that PostgreSQL takes: no NUL, no half of a surrogate pair. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

function plainNumbers(_: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
