import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what killed processes left in passing is swept after a day, and nothing else", async () => {
  const store = openStore(folder);
  const place = (name: string): string => join(folder, name);
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
  const kept = ["models/model.bin", "incoming/young", "models/model.bin.1.draft"];
  const left = ["incoming/upload", "incoming/unpacked", "datasets/a.parquet.2.draft"];
  for (const name of ["models", "datasets", "incoming", "incoming/unpacked"]) mkdirSync(place(name), { recursive: true });
  writeFileSync(place("incoming/unpacked/run"), "");
  for (const name of [...kept, ...left]) if (!existsSync(place(name))) writeFileSync(place(name), "");
  for (const name of ["models/model.bin", ...left]) utimesSync(place(name), twoDaysAgo, twoDaysAgo);
  expect(await store.sweep()).toBe(3);
  expect([...kept, ...left].filter((name) => existsSync(place(name)))).toEqual(kept);
});
