import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { createPressure } from "./pressure.cjs";

test("who has published little does not wait", () => {
  const pressure = createPressure();
  pressure.add(pressure.weigh(1_000));
  pressure.yield();
});

test("who has published much waits until it has left", async () => {
  const pressure = createPressure();
  const weight = pressure.weigh(10_000_000);
  pressure.add(weight);
  const file = JSON.stringify(new URL("./pressure.cjs", import.meta.url).pathname);
  const code = `const { workerData } = require("node:worker_threads"); setTimeout(() => require(${file}).createPressure(workerData).remove(${weight}), 50)`;
  const worker = new Worker(code, { eval: true, workerData: pressure.memory });
  const begun = new Promise((done) => worker.once("online", done));
  pressure.yield(); // for ever, if nobody took it away
  await begun;
  await worker.terminate();
});

test("a message weighs what its text does and more, and no more than can be counted", () => {
  const { weigh } = createPressure();
  expect(weigh(0)).toBeGreaterThan(0);
  expect(weigh(8 * 2 ** 30)).toBeLessThan(2 ** 30);
});
