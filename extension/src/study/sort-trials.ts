import type { TrialInfo } from "assay-lab/contract";

type Key = number | string | undefined;

/** Trials by `number`, `state`, `value`, `duration` or `params.<name>`, with a minus the other way; those without one come last. */
export function sortTrials(trials: readonly TrialInfo[], sort: string): TrialInfo[] {
  const descending = sort.startsWith("-");
  const keyOf = keyed(descending ? sort.slice(1) : sort);
  const keys = trials.map((trial, place) => ({ place, key: keyOf(trial) }));
  keys.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined);
    return (descending ? -1 : 1) * compare(a.key, b.key) || a.place - b.place;
  });
  return keys.map(({ place }) => trials[place]!);
}

function keyed(name: string): (trial: TrialInfo) => Key {
  if (name.startsWith("params.")) {
    const param = name.slice("params.".length);
    return ({ params }) => plain(params[param]);
  }
  if (name === "value") return ({ values }) => plain(values?.[0]);
  if (name === "duration") return ({ duration_ms }) => plain(duration_ms);
  return name === "state" ? ({ state }) => state : ({ number }) => number;
}

/** Numbers as they are, also those that JSON has no word for; nothing for NaN. */
function plain(value: unknown): Key {
  if (value === null || value === undefined || value === "NaN") return undefined;
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  return typeof value === "number" ? value : String(value);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b));
}
