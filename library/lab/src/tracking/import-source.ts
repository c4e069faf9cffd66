import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { systemSplit } from "../contract/system-metrics.ts";

/** One point of a metric of another program. */
export interface ImportedPoint {
  readonly name: string;
  readonly split: string;
  readonly step: number;
  /** NaN and ±Infinity are kept. */
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A file of a run of another program. */
export interface ImportedFile {
  /** Its path below the run's artifacts, with slashes. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** A run of another program, read but for its points and files, which come in batches. */
export interface ImportedRun {
  /** Its id there. */
  readonly externalId: string;
  readonly parentExternalId: string | null;
  readonly experiment: string;
  readonly name: string;
  readonly status: "completed" | "failed" | "cancelled";
  /** Why it has another status than there. */
  readonly error: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly deleted: boolean;
  readonly params: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
  readonly dataset: string | null;
  readonly code: Readonly<Record<string, unknown>> | null;
  /** Said in the run's environment: where it comes from. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Changes when the run has changed there. */
  readonly fingerprint: string;
  points(): AsyncIterable<readonly ImportedPoint[]>;
  files(): AsyncIterable<ImportedFile>;
  /** What of it cannot be taken, found while it was read. */
  readonly notes: readonly string[];
}

/**
 * The id here of something that has one elsewhere: always the same in one project, so that it comes in once. It is a UUIDv7 whose
 * time is the thing's own, so that lists by id are lists by time.
 */
export function idOf(projectId: string, source: string, externalId: string, at: Date | null): string {
  const random = createHash("sha256").update(`${projectId}\n${source}\n${externalId}`).digest().subarray(0, 16);
  return uuidv7({ msecs: Math.max(0, at?.getTime() ?? 0), random });
}

/** A text value of another program as what it says: a number, a boolean, null, or the text. Digits are never lost. */
export function readValue(text: string): unknown {
  if (/^[-+]?\d{1,15}$/.test(text) && !/^[-+]?0\d/.test(text)) return Number(text);
  if (
    /^[-+]?\d*\.?\d+(e[-+]?\d+)?$/i.test(text) &&
    text.length <= 24 &&
    !/^[-+]?0\d/.test(text) &&
    !/^[-+]?\d{16,}$/.test(text)
  ) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  if (text === "True" || text === "False") return text === "True";
  return text === "None" ? null : text;
}

const prefixes: readonly (readonly [RegExp, string])[] = [
  [/^(?:train|training)[_/.-](?=.)/i, "train"],
  [/^(?:val|valid|validation)[_/.-](?=.)/i, "validation"],
  [/^(?:test|testing)[_/.-](?=.)/i, "test"],
  [/^system\/(?=.)/, systemSplit],
];

/**
 * Where metrics of these names belong: `val_loss` is loss of the validation, `system/…` what the machine did. A name that would meet another one keeps its own
 * words, and without a prefix a metric is of the training.
 */
export function splitNames(names: readonly string[]): Map<string, { readonly name: string; readonly split: string }> {
  const places = new Map<string, { name: string; split: string }>();
  const taken = new Set<string>();
  for (const full of [...names].sort()) {
    const prefix = prefixes.find(([pattern]) => pattern.test(full));
    let place = prefix ? { name: full.replace(prefix[0], ""), split: prefix[1] } : { name: full, split: "train" };
    if (taken.has(`${place.split}\n${place.name}`) || (prefix?.[1] === "train" && names.includes(place.name)))
      place = { name: full, split: "train" };
    taken.add(`${place.split}\n${place.name}`);
    places.set(full, place);
  }
  return places;
}
