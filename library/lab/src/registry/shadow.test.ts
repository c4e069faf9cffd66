import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { slowModel } from "../testing/slow-model.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { ActiveRun, createRun, finishRun } from "../tracking/index.ts";
import { abResult, createAbTest, deployRun, endShadowThread, flushPredictions, flushShadows, predictForUser } from "./index.ts";

const session = sessionOfTests();
const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
const preload = `--import=${new URL("../testing/slow-model.ts", import.meta.url)}`;
beforeAll(async () => {
  process.execArgv.push(preload); // the shadow's thread knows the model as this process does
  await deployRun(session(), await trainedRun(session(), 4), { name: "live" });
});
afterAll(async () => {
  process.execArgv.splice(process.execArgv.indexOf(preload), 1);
  endShadowThread();
});

/** A shadow test whose B does this. */
async function shadowed(does: "waiting" | "throwing" | "ending", file = ""): Promise<string> {
  const id = await createRun(session(), { experiment: "shadows", status: "training" });
  const run = new ActiveRun(session(), id);
  const table = flowers().select(["petal_length", "petal_width", "kind"]);
  await run.saveModel(await slowModel({ does, file }).fit(table, { target: "kind" }));
  await run.flush();
  await finishRun(session(), id, "completed");
  const b = await deployRun(session(), id, { name: does });
  await createAbTest(session(), { test_name: does, model_a_id: "live@1.0.0", model_b_id: b.model_id, shadow: true });
  return does;
}

const ask = (name: string, k: number) => predictForUser(session(), name, row, { userId: `u${k}` });

test("a shadow that says nothing yet holds up no answer", async () => {
  const file = join(process.env["ASSAY_HOME"]!, "answered");
  const name = await shadowed("waiting", file);
  for (let k = 0; k <= 10; k++) expect((await ask(name, k)).source).toBe("advanced");
  expect((await abResult(session(), name)).shadow!.waiting).toBeGreaterThanOrEqual(10);
  writeFileSync(file, "");
  await flushShadows();
  await flushPredictions(session());
  const { shadow } = await abResult(session(), name);
  expect(shadow).toMatchObject({ requests: 11, failed: 0, waiting: 0, skipped: 0 });
  expect(shadow!.latency_b_ms!).toBeGreaterThan(0);
});

test.each([
  ["throwing", "the model throws"],
  ["ending", "the shadow's thread ended with code 3"],
] as const)("a shadow that is %s fails no answer, and its errors are counted", async (does, message) => {
  const name = await shadowed(does);
  const answers = await Promise.all([1, 2, 3].map((k) => ask(name, k)));
  expect(answers.map(({ source, model }) => [source, model])).toEqual([1, 2, 3].map(() => ["advanced", "live@1.0.0"]));
  await flushShadows();
  expect((await abResult(session(), name)).shadow).toMatchObject({ requests: 3, failed: 3, last_error: message });
});

test("the thread that a shadow ended is another one for the next", async () => {
  await deployRun(session(), await trainedRun(session(), 2), { name: "live" });
  await createAbTest(session(), { test_name: "after", model_a_id: "live@1.0.0", model_b_id: "live@1.1.0", shadow: true });
  await ask("after", 1);
  await flushShadows();
  await flushPredictions(session());
  expect((await abResult(session(), "after")).shadow).toMatchObject({ requests: 1, failed: 0 });
});
