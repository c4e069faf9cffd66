import { expect, test } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { deployRun, versionFile } from "./index.ts";
import { ModelCache } from "./model-cache.ts";

const session = sessionOfTests();

test("the cache of models keeps within its bytes, the newest always", async () => {
  const cache = new ModelCache(1);
  const sizes: number[] = [];
  for (const depth of [1, 4]) {
    const run = await trainedRun(session(), depth);
    const { model_id: id, content_hash, size_bytes } = await deployRun(session(), run, { name: "cached" });
    const { file } = await versionFile(session(), id);
    await Promise.all([1, 2, 3].map(() => cache.load(session().store, file, content_hash)));
    expect(cache.peek(content_hash)).toBeDefined();
    sizes.push(cache.bytes - size_bytes);
  }
  expect(sizes).toEqual([0, 0]);
});
