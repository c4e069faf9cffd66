import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import "../index.ts";
import type { Observer, Spec } from "../base/contract.ts";
import { type MimeBundle, observerFor, signalFor } from "../base/display.ts";

const here = Symbol.for("assay.kernel");
const global = globalThis as unknown as Record<symbol, unknown>;
const spec = { name: "forest" } as Spec;

describe("in our kernel", () => {
  const cell = new AbortController();
  let displays: { readonly bundle: MimeBundle; readonly displayId?: string; readonly update?: boolean }[];
  let now: number;
  beforeEach(() => {
    displays = [];
    now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    global[here] = {
      signal: cell.signal,
      display: (bundle: MimeBundle, options: object) => displays.push({ bundle, ...options }),
    };
  });
  afterEach(() => {
    delete global[here];
    vi.restoreAllMocks();
  });

  /** Tells the fit's observer of so many of ten steps, one every so many milliseconds. */
  function fit(steps: number, everyMs: number): Observer {
    const observer = observerFor(spec, undefined)!;
    for (let step = 1; step <= steps; step++) {
      now += everyMs;
      observer.progress!({ step, steps: 10, metrics: { loss: 1 / step }, elapsedMs: now });
    }
    return observer;
  }

  test("a fit of less than a second shows nothing", () => {
    fit(10, 90);
    expect(displays).toEqual([]);
  });

  test("a longer fit has one line that says steps, elapsed, remaining and rate", () => {
    fit(5, 1000);
    expect(displays.at(-1)!.bundle["text/plain"]).toBe("forest 5/10 · 5 s · 5 s left · 1.00/s · loss 0.2");
  });

  test("the line is shown once and then brought up to date in its place", () => {
    fit(10, 500);
    expect(displays.map(({ update }) => update)).toEqual([false, ...displays.slice(1).map(() => true)]);
    expect(new Set(displays.map(({ displayId }) => displayId)).size).toBe(1);
  });

  test("the line of a fit that ended before its last step says so, with nothing left", () => {
    fit(5, 1000).done!();
    expect(displays.at(-1)!.bundle["text/plain"]).toBe("forest ended after 5 of at most 10 · 5 s · 1.00/s · loss 0.2");
  });

  test("the end of a fit that took all its steps changes nothing", () => {
    const observer = fit(10, 500);
    const before = displays.length;
    observer.done!();
    expect(displays).toHaveLength(before);
  });

  test("a loss is drawn as its curve under the line", () => {
    fit(10, 500);
    const points = /<polyline points="([^"]*)"/.exec(String(displays.at(-1)!.bundle["text/html"]))![1]!;
    expect(points.split(" ")).toHaveLength(10);
  });

  test("an interrupt of the cell is an abort of its fits", () => {
    expect(signalFor(undefined)).toBe(cell.signal);
  });
});
