import type { Step } from "assay-lab/contract";

/** A step in one line: its name and the settings that it was given. */
export function stepText({ step, ...settings }: Step): string {
  const parts = Object.entries(settings)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${textOf(value)}`);
  return [step.replaceAll("_", " "), ...parts].join(", ");
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, 6).map(textOf).join(", ");
    return value.length > 6 ? `${shown} and ${value.length - 6} more` : shown;
  }
  if (typeof value === "object" && value !== null) return Object.values(value).map(textOf).join(" → ");
  return value === "" ? "“”" : String(value);
}
