import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Wake } from "../db/listener.ts";
import { type Decisions, makeDecisions } from "./decisions.ts";

const told = vi.hoisted(() => ({ call: (_: Wake | undefined): void => {} }));
vi.mock("../db/listener.ts", () => ({
  listen: async (call: (wake: Wake | undefined) => void) => {
    told.call = call;
    return async () => {};
  },
}));

let asked: number;
let answer: () => Promise<number>;
let decisions: Decisions;
const decide = (): Promise<number> => {
  asked++;
  return answer();
};
const of = () => decisions.of("key", decide);
const now = () => decisions.now("key", decide);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  asked = 0;
  answer = async () => asked;
  decisions = makeDecisions();
  await decisions.remember();
});
afterEach(() => void vi.useRealTimers());

test("nothing is kept by a service that does not hear of changes", async () => {
  const deaf = makeDecisions();
  expect([await deaf.of("key", decide), await deaf.of("key", decide), deaf.now("key", decide)]).toEqual([1, 2, undefined]);
});

test("many who ask at the same time share one answer, which is kept", async () => {
  expect([now(), await Promise.all([of(), of(), of()]), now()]).toEqual([undefined, [1, 1, 1], 1]);
});

test("an answer is asked for again beside from half a second on, and is gone after a second", async () => {
  await of();
  vi.advanceTimersByTime(499);
  expect([now(), asked]).toEqual([1, 1]);
  vi.advanceTimersByTime(1);
  answer = () => new Promise(() => {});
  expect([now(), now(), asked]).toEqual([1, 1, 2]);
  vi.advanceTimersByTime(500);
  expect(now()).toBeUndefined();
});

test("a change that any process makes to people takes every answer with it, and so does a lost connection", async () => {
  for (const wake of [{ project: "people", subject: "people" }, undefined]) {
    const before = await of();
    told.call({ project: "another", subject: "run" });
    expect(now()).toBe(before);
    told.call(wake);
    expect(now()).toBeUndefined();
  }
});

test("an answer that was being asked for when people changed is not kept", async () => {
  let tell = (_: number): void => {};
  answer = () => new Promise((resolve) => (tell = resolve));
  const asking = of();
  decisions.forget();
  tell(7);
  expect([await asking, now()]).toEqual([7, undefined]);
});

test("an error is not kept, and takes what was known with it", async () => {
  await of();
  vi.advanceTimersByTime(600);
  answer = async () => {
    throw new Error("refused");
  };
  expect(now()).toBe(1);
  await expect.poll(now, { timeout: 100_000 }).toBeUndefined();
  await expect(of()).rejects.toThrow("refused");
});
