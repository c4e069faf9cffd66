import { expect, test } from "vitest";
import type { Run, RunInfo } from "../contract/training.ts";
import { shownRun, shownRuns } from "./for-cells.ts";

const drawn = (value: object) =>
  (value as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!()["text/html"]!;
const runOf = (metrics: Run["metrics"]) =>
  ({
    id: "a",
    name: "forest",
    metrics,
    artifacts: [],
    error: null,
    created_at: "2026-01-01T00:00:00.000Z",
  }) as unknown as RunInfo;

test("no runs are drawn as words, not as nothing", () => {
  expect(drawn(shownRuns([]))).toContain("no runs");
});

test("a run is drawn with its metrics on test rows", () => {
  const html = drawn(shownRun(runOf({ "train.loss": 0.5, "test.accuracy": 0.75 }), async () => []));
  expect([html.includes("test.accuracy"), html.includes("train.loss")]).toEqual([true, false]);
});

test("a run without metrics on test rows is drawn with those it has", () => {
  expect(drawn(shownRun(runOf({ "train.loss": 0.5 }), async () => []))).toContain("train.loss");
});
