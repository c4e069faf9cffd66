import type { Observer } from "../base/contract.ts";

/** A fit that is aborted by the first progress it tells of: in the middle, however fast the machine; it should end as an AbortError. */
export function abortedFit(fit: (options: { readonly signal: AbortSignal; readonly observer: Observer }) => Promise<unknown>) {
  const stop = new AbortController();
  return fit({ signal: stop.signal, observer: { progress: () => stop.abort() } });
}
