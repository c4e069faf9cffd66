import { expect, test } from "vitest";
import { sendTogether } from "./send-together.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("answers that are ready in one turn are sent at its end, in their order", async () => {
  const sent: number[] = [];
  const together = sendTogether();
  for (const k of [1, 2, 3]) together.add(() => sent.push(k));
  expect(sent).toEqual([]);
  await turn();
  expect(sent).toEqual([1, 2, 3]);
});

test("many do not wait for the last, and each is sent once", async () => {
  const sent: number[] = [];
  const together = sendTogether();
  for (let k = 0; k < 70; k++) together.add(() => sent.push(k));
  expect(sent.length).toBe(64);
  together.flush();
  await turn();
  expect(sent).toEqual(Array.from({ length: 70 }, (_, k) => k));
});
