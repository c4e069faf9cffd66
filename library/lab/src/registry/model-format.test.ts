import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { holdModel } from "./held-model.ts";
import type { InputRow } from "./read-rows.ts";

interface Kept {
  readonly base64: string;
  readonly sha256: string;
  readonly rows: readonly InputRow[];
  readonly answers: readonly { readonly prediction: string; readonly proba: readonly number[] }[];
}

/** Model files as releases wrote them, with their answers: every later release reads them. */
test.each([1])("a model file of format %d answers as it did when it was written", async (format) => {
  const kept: Kept = JSON.parse(readFileSync(new URL(`./fixtures/model-format-${format}.json`, import.meta.url), "utf8"));
  const bytes = Buffer.from(kept.base64, "base64");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(kept.sha256);
  const model = await holdModel(bytes);
  expect(kept.rows.map((row) => model(row))).toEqual(kept.answers);
});
