import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { randomForestClassifier } from "./random-forest.ts";

describe.each(["classification", "regression"] as const)("random_forest, %s", (task) => {
  // a bootstrap draws other rows when some are absent: the forests differ by their spread over seeds
  for (const { name, run } of estimatorChecks(task, "random_forest", { nEstimators: 20 }, 6)) test(name, run);
});

describe("a random forest", () => {
  const x = Array.from({ length: 200 }, (_, i) => [i % 17, (i * 7) % 23, i % 5]);
  const y = x.map(([a, b]) => a! + b! > 20);

  test("tells every tree", async () => {
    const steps: number[] = [];
    await randomForestClassifier({ nEstimators: 30 }).fit(x, y, { observer: { progress: ({ step }) => steps.push(step) } });
    expect(steps.at(-1)).toBe(30);
  });

  test("ends within 100 ms of an abort", async () => {
    const controller = new AbortController();
    const fit = randomForestClassifier({ nEstimators: 100_000 }).fit(x, y, { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(fit).rejects.toThrow(/abort/);
  });

  test("scores the rows that its trees did not see", async () => {
    const { state } = await randomForestClassifier({ oobScore: true }).fit(x, y);
    expect(state.oobScore).toBeGreaterThan(0.85);
    expect(state.oobScore).toBeLessThan(1);
  });
});
