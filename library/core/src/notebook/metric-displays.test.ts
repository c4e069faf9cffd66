import { expect, test } from "vitest";
import "../index.ts";
import { bootstrapInterval, classificationReport } from "../metrics/index.ts";

const shown = (value: object): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

test("a classification report is text and a table, its labels escaped", () => {
  const bundle = shown(classificationReport(["<b>", "x"], ["<b>", "<b>"]));
  expect(bundle["text/plain"]).toMatch(/^ +precision +recall +f1-score +support/);
  expect(bundle["text/html"]).toContain("&lt;b&gt;");
  expect(bundle["text/html"]).toContain("accuracy 0.5");
});

test("an interval says value, ends, confidence and how it was made", () => {
  const bundle = shown(
    bootstrapInterval("accuracy", ["a", "b", "a", "b"], ["a", "b", "a", "a"], { confidence: 0.9, resamples: 100 }),
  );
  expect(bundle["text/plain"]).toMatch(/^accuracy 0\.75 \(90 % [\d.]+ … [\d.]+; bca, 100 resamples\)$/);
});
