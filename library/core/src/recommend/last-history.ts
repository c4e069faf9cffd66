import type { History } from "./scorer.ts";

/** Remembers what was found for the last history: whoever is told why of one item is told why of the next. */
export function forLastHistory<T>(find: (history: History) => T): (history: History) => T {
  let last: (Pick<History, "codes" | "values"> & { readonly found: T }) | undefined;
  return (history) => {
    const { codes, values } = history;
    if (last && isSame(last.codes, codes) && isSame(last.values, values)) return last.found;
    last = { codes: codes.slice(), values: values.slice(), found: find(history) };
    return last.found;
  };
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}
