import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { repeat } from "./chores.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a chore that fails again and again is told once, and once that it works", async () => {
  const told: string[] = [];
  let isAway = true;
  const log = { info: (message: string) => told.push(message), warn: (message: string) => told.push(message) };
  const end = repeat("files", 500, async () => isAway && Promise.reject(new Error("the database is away")), log);
  await vi.advanceTimersByTimeAsync(60_000);
  isAway = false;
  await vi.advanceTimersByTimeAsync(60_000);
  end();
  expect(told).toEqual(["files: the database is away; it is tried again every 0.5 s", "files: it works again"]);
});

test("a chore that takes its time is not begun again meanwhile, and not at all behind its end", async () => {
  let begun = 0;
  let finish: () => void = () => {};
  const work = (): Promise<void> => {
    begun++;
    return new Promise((resolve) => (finish = resolve));
  };
  const end = repeat("slow", 500, work, { info: () => {}, warn: () => {} });
  await vi.advanceTimersByTimeAsync(5000);
  expect(begun).toBe(1);
  finish();
  await vi.advanceTimersByTimeAsync(500);
  expect(begun).toBe(2);
  finish();
  end();
  await vi.advanceTimersByTimeAsync(5000);
  expect(begun).toBe(2);
});
