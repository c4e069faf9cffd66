import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConflictError } from "assay";
import { afterAll, expect, test } from "vitest";
import { copyVersion } from "./copy-version.ts";

const folder = mkdtempSync(join(tmpdir(), "copy-version-"));
const kept = join(folder, "kept");
mkdirSync(kept);
writeFileSync(join(kept, "train.parquet"), "rows");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("who writes into a copied version leaves the kept one as it is", async () => {
  const place = join(folder, "data/datasets/v1.0");
  await copyVersion(kept, place);
  writeFileSync(join(place, "train.parquet"), "others");
  expect(readFileSync(join(kept, "train.parquet"), "utf8")).toBe("rows");
});

test("a place that holds a version is never overwritten, and no draft is left beside it", async () => {
  const place = join(folder, "mine/v1.0");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "train.parquet"), "mine");
  await expect(copyVersion(kept, place)).rejects.toThrow(ConflictError);
  expect(readFileSync(join(place, "train.parquet"), "utf8")).toBe("mine");
  expect(readdirSync(join(folder, "mine"))).toEqual(["v1.0"]);
});
