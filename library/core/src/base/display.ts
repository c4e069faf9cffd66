import type { Observer, Spec } from "./contract.ts";

/** What a Jupyter front end shows: a value for each MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The protocol that kernels look for on the last value of a cell. */
export const display: unique symbol = Symbol.for("Jupyter.display") as never;

const renderers = new Map<string, (value: never) => MimeBundle>();
let makeObserver: ((spec: Spec) => Observer | undefined) | undefined;
let findSignal: (() => AbortSignal | undefined) | undefined;

/** Says how values of a kind are shown; the notebook room calls it. */
export function defineRenderer<T>(kind: string, render: (value: T) => MimeBundle): void {
  renderers.set(kind, render as (value: never) => MimeBundle);
}

/** The MIME bundle of a value of a kind; plain text where nobody said how to show it. */
export function render(kind: string, value: unknown): MimeBundle {
  return renderers.get(kind)?.(value as never) ?? { "text/plain": String(value) };
}

/** What `console.log` asks a value for. */
export const logged: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** The same plain value, which a notebook shows as its kind, and `console.log` as the text of that; JSON and loops do not see the difference. */
export function displayable<T extends object>(kind: string, value: T): T {
  return Object.defineProperties(value, {
    [display]: { value: () => render(kind, value) },
    [logged]: { value: () => render(kind, value)["text/plain"] ?? { ...value } },
  });
}

/** Sets who hears of fits that were given no observer of their own; the notebook room shows a progress bar. */
export function setDefaultObserver(make: (spec: Spec) => Observer | undefined): void {
  makeObserver = make;
}

/** Sets whose signal ends fits beside the caller's own; the notebook room gives that of the running cell. */
export function setDefaultSignal(find: () => AbortSignal | undefined): void {
  findSignal = find;
}

/** The caller's signal and the default one as one. */
export function signalFor(own: AbortSignal | undefined): AbortSignal | undefined {
  const cell = findSignal?.();
  return own && cell ? AbortSignal.any([own, cell]) : (own ?? cell);
}

/** The observer of a fit within a larger work that shows its own progress: nobody hears of it. */
export const quiet: Observer = {};

/** The caller's observer and the default one as one. */
export function observerFor(spec: Spec, own: Observer | undefined): Observer | undefined {
  if (own === quiet) return undefined;
  const shown = makeObserver?.(spec);
  if (!shown) return own;
  if (!own) return shown;
  return {
    progress(event) {
      own.progress?.(event);
      shown.progress?.(event);
    },
    done() {
      own.done?.();
      shown.done?.();
    },
  };
}
