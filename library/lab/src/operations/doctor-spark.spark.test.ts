import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { checkSpark } from "./doctor-spark.ts";

const folder = mkdtempSync(join(tmpdir(), "doctor-spark-"));
beforeEach(() => void vi.stubEnv("ASSAY_STORE", folder));
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the doctor tells that Spark answers and sees the store", async () => {
  vi.stubEnv("SPARK_REMOTE", inject("sparkRemote"));
  expect(await checkSpark()).toEqual([{ name: "spark", state: "ok", detail: `it answers, and sees ${folder}` }]);
});

test("the doctor tells that a connection string is none, with its remedy", async () => {
  vi.stubEnv("SPARK_REMOTE", "spark://elsewhere");
  expect(await checkSpark()).toEqual([
    {
      ...{ name: "spark", state: "fail" },
      detail: expect.stringContaining("SPARK_REMOTE: must be sc://host:port"),
      remedy: expect.stringContaining("unset SPARK_REMOTE"),
    },
  ]);
});

test("the doctor says nothing of Spark where none is set", async () => {
  vi.stubEnv("SPARK_REMOTE", "");
  expect(await checkSpark()).toEqual([]);
});
