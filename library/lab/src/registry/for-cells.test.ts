import { expect, test } from "vitest";
import type { ModelVersion } from "../contract/models.ts";
import { shownVersion, shownVersions } from "./for-cells.ts";

const drawn = (value: object) =>
  (value as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!()["text/html"]!;
const version = {
  name: "income",
  version: "1.0.0",
  version_status: "staged",
  aliases: ["champion"],
  metrics: { "test.accuracy": 0.75 },
  created_at: "2026-01-01T00:00:00.000Z",
} as unknown as ModelVersion;

test("a version is drawn with its status and metrics", () => {
  const html = drawn(shownVersion({ ...version }));
  expect(["staged", "champion", "test.accuracy"].filter((text) => !html.includes(text))).toEqual([]);
});

test("versions are drawn a row each", () => {
  expect(drawn(shownVersions([version, version])).match(/1\.0\.0/g)).toHaveLength(2);
});

test("no versions are drawn as words, not as nothing", () => {
  expect(drawn(shownVersions([]))).toContain("no models");
});
