import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { pendingTrials } from "./studies-pending.ts";

const lease = { number: 0, worker: "a", attempt: 0 };

test("what was told while a write is under way is left to the trial's end alone", async () => {
  const written: unknown[] = [];
  const slow = Promise.withResolvers<boolean>();
  const pending = pendingTrials((_study, _lease, { intermediate = [] }) => {
    written.push(...intermediate);
    return slow.promise;
  });
  pending.begin("s", lease);
  pending.update("s", lease, { intermediate: [[1, 0.1]] });
  while (written.length === 0) await sleep(5);
  pending.update("s", lease, { intermediate: [[2, 0.2]] });
  const rest = pending.rest("s", lease);
  await sleep(60); // longer than an update waits to be written
  slow.resolve(true);
  expect([...written, ...(await rest).intermediate!]).toEqual([
    [1, 0.1],
    [2, 0.2],
  ]);
  await sleep(60);
  expect(written).toEqual([[1, 0.1]]);
});
