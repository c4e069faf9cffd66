import { ParamsError } from "assay";

/** `name@3` as its parts. Throws ParamsError for a version that is no number. */
export function parseReference(ref: string): { name: string; version: number | undefined } {
  const at = ref.lastIndexOf("@");
  if (at < 0) return { name: ref, version: undefined };
  const version = Number(ref.slice(at + 1));
  if (!(Number.isInteger(version) && version > 0))
    throw new ParamsError(`dataset: a version is a whole number behind @, got ${JSON.stringify(ref)}`);
  return { name: ref.slice(0, at), version };
}

/** The name that a dataset gets. Throws ParamsError for one that cannot be cited. */
export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "" || trimmed.length > 200 || trimmed.includes("@"))
    throw new ParamsError(`dataset: name must have 1 to 200 characters and no @, got ${JSON.stringify(name.slice(0, 220))}`);
  return trimmed;
}

/** Whether a text has the form of an id. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
