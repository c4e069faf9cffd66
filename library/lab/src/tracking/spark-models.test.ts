import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { createRun, deleteRuns, finishRun, purgeRun, restoreRuns, sparkModels } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "spark-models-"));
const session = sessionOfTests();
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run that has ended, and the folder in which Spark would have written its model. */
async function fitted(): Promise<{ readonly id: string; readonly place: string }> {
  const id = await createRun(session(), { experiment: "on spark", status: "training" });
  await finishRun(session(), id, "completed");
  const place = join(folder, id);
  mkdirSync(join(place, "metadata"), { recursive: true });
  writeFileSync(join(place, "metadata", "part-00000"), "{}");
  return { id, place };
}

test("a purge removes the folder of the run's model", async () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", `${folder}/`);
  const { id, place } = await fitted();
  await purgeRun(session(), id);
  expect(existsSync(place)).toBe(false);
});

test("a purge removes it where the setting is a file's address", async () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", pathToFileURL(folder).href);
  const { id, place } = await fitted();
  await purgeRun(session(), id);
  expect(existsSync(place)).toBe(false);
});

test("a purge leaves the models of other runs", async () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", folder);
  const [one, other] = [await fitted(), await fitted()];
  await purgeRun(session(), one.id);
  expect(existsSync(other.place)).toBe(true);
});

test("a run that is deleted and restored keeps its model", async () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", folder);
  const { id, place } = await fitted();
  await deleteRuns(session(), [id]);
  await restoreRuns(session(), [id]);
  expect(existsSync(place)).toBe(true);
});

test("a run whose models lie at an address is purged", async () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", "s3a://bucket/models");
  const { id } = await fitted();
  await purgeRun(session(), id);
  await expect(restoreRuns(session(), [id])).rejects.toThrow("no deleted run");
});

test("models lie in the home unless the setting names another place", () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", "");
  vi.stubEnv("ASSAY_HOME", folder);
  expect(sparkModels()).toBe(join(folder, "spark-models"));
});

test("a place that only the folder of a process would complete is refused", () => {
  vi.stubEnv("ASSAY_SPARK_MODELS", "models");
  expect(sparkModels).toThrow(
    'ASSAY_SPARK_MODELS: must be a whole path, or an address as s3a://bucket/models, as Spark\'s machines see it, got "models"',
  );
});
