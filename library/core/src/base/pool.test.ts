import { AsyncLocalStorage } from "node:async_hooks";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomForestRegressor } from "../ensemble/index.ts";
import { ridge } from "../linear/ridge.ts";

let started = 0;
const count = (): void => void started++;
const size = process.env["ASSAY_THREADS"];
beforeAll(() => {
  process.env["ASSAY_THREADS"] = "3";
  process.on("worker", count);
});
afterAll(() => {
  process.off("worker", count);
  if (size === undefined) delete process.env["ASSAY_THREADS"];
  else process.env["ASSAY_THREADS"] = size;
});

test("threads are started for a fit that has work for them, and kept", async () => {
  const x = Array.from({ length: 200 }, (_, i) => [i % 7, i]);
  const y = x.map(([a, b]) => a! + b!);
  await ridge().fit(x, y);
  await ridge().fit(x, y);
  expect(started).toBe(1);
  await randomForestRegressor({ nEstimators: 30, seed: 1 }).fit(x, y);
  expect(started).toBe(3);
  await ridge().fit(x, y);
  expect(started).toBe(3);
});

test("a program given as text fits too", () => {
  const room = JSON.stringify(new URL("../linear/ridge.ts", import.meta.url).href);
  const program = `import { ridge } from ${room}; console.log((await ridge().fit([[1], [2], [3]], [1, 2, 3])).task);`;
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  expect(out).toBe("regression\n");
});

test("an observer is called in the name of its own fit, not of the one that started the thread", async () => {
  const names = new AsyncLocalStorage<string>();
  const heard = new Set<string | undefined>();
  const observer = { progress: () => void heard.add(names.getStore()) };
  const x = Array.from({ length: 400 }, (_, i) => [i % 7, i]);
  const y = x.map(([a]) => a!);
  const fit = () => randomForestRegressor({ nEstimators: 40, seed: 1 }).fit(x, y, { observer });
  await names.run("first", fit);
  heard.clear();
  await names.run("second", fit);
  expect([...heard]).toEqual(["second"]);
});
