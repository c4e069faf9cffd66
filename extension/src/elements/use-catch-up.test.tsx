import React from "react";
import { afterEach, expect, test, vi } from "vitest";
import { type Drawn, draw } from "../testing/draw";
import { fakeService, forbids, onItsWay, refuses } from "../testing/fake-service";
import { useCatchUp } from "./use-catch-up";

const busy = refuses(503, "the service is overloaded: try again in 2 s", "store");
const answers: (Error | null | Promise<null>)[] = [];
let reads = 0;
function Reader(): React.JSX.Element {
  const soon = useCatchUp(async () => {
    reads++;
    const error = await answers.shift();
    if (error) throw error;
  }, 100);
  return (
    <button type="button" onClick={soon}>
      read
    </button>
  );
}

let drawn: Drawn;
afterEach(async () => {
  await drawn.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Asks for what is new, and tells how often it was read within ten seconds. */
async function readsOf(...given: typeof answers): Promise<number> {
  vi.spyOn(console, "warn").mockReturnValue();
  drawn = await draw(<Reader />, fakeService());
  vi.useFakeTimers();
  reads = 0;
  answers.splice(0, answers.length, ...given);
  for (let k = 0; k < 3; k++) drawn.node.querySelector("button")!.click();
  await vi.advanceTimersByTimeAsync(10_000);
  return reads;
}

test("many calls are one reading", async () => expect(await readsOf(null)).toBe(1));
test("what was refused for a moment is read again", async () => expect(await readsOf(busy, null)).toBe(2));
test("what may not be read is not asked for again", async () => expect(await readsOf(forbids())).toBe(1));
test("what is told while it is read is read when that has come", async () => {
  const { answer, send } = onItsWay<null>();
  expect(await readsOf(answer)).toBe(1);
  drawn.node.querySelector("button")!.click();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reads).toBe(1);
  send(null);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reads).toBe(2);
});
