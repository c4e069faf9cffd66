import { expect, test, vi } from "vitest";
import { backoff } from "./retry.ts";

/** Pauses between attempts that all fail, in milliseconds. */
async function pauses(patienceMs: number): Promise<readonly number[]> {
  vi.useFakeTimers();
  try {
    const waits = backoff(patienceMs);
    const found: number[] = [];
    for (;;) {
      const begin = performance.now();
      const ended = waits.next(new Error("away")).then(
        () => true,
        () => false,
      );
      await vi.runAllTimersAsync();
      if (!(await ended)) return found;
      found.push(performance.now() - begin);
    }
  } finally {
    vi.useRealTimers();
  }
}

test("waits grow fourfold up to eight seconds, the half of each drawn", async () => {
  for (const [k, pause] of (await pauses(60_000)).entries()) {
    const longest = Math.min(8000, 50 * 4 ** k);
    expect(pause).toBeGreaterThanOrEqual(longest / 2 - 1);
    expect(pause).toBeLessThanOrEqual(longest + 1);
  }
});

test("waits end with patience", async () => {
  const found = await pauses(20_000);
  expect(found.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(20_000);
});

test("an abort ends a wait with its reason", async () => {
  const stop = new AbortController();
  const waits = backoff(60_000);
  const waiting = waits.next(new Error("away"), stop.signal);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
