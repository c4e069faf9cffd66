// Tables to danfo.js and back, by the real danfojs-node: it is installed in this folder, since its TensorFlow must not meet the workspace's.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { runTests } from "../assay.mjs";
import { hash, must, once } from "../setup.mjs";

const folder = "tools/danfo";
await once("danfo", hash(`${folder}/package-lock.json`), `${folder}/node_modules/danfojs-node/package.json`, () =>
  must("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: import.meta.dirname }),
);
const danfo = createRequire(import.meta.url)("danfojs-node");
const ml = await import("../../library/core/dist/index.js");

const cells = {
  depth: [1.5, null, -3],
  star: ["a", "it's \n b", null],
  planet: [true, null, false],
  seen: [new Date(0), null, new Date(1.2e12)],
};

await runTests([
  {
    name: "a table comes back from danfo as it was, dates after a cast",
    run() {
      const table = ml.table(cells);
      const back = ml.fromDanfo(ml.toDanfo(table, danfo));
      assert.deepEqual(back.cast({ seen: "datetime" }).toRows(), table.toRows());
    },
  },
  {
    name: "a danfo DataFrame comes back from a table as it was",
    run() {
      const frame = new danfo.DataFrame({ n: [1, 2.5, 3], s: ["x", "y", "z"], b: [true, false, true] });
      const back = ml.toDanfo(ml.fromDanfo(frame), danfo);
      assert.deepEqual([back.columns, back.values, back.shape], [frame.columns, frame.values, frame.shape]);
    },
  },
  {
    name: "what danfo computed is a table",
    run() {
      const frame = ml.toDanfo(ml.table({ k: ["a", "b", "a"], v: [1, 2, 3] }), danfo);
      const sums = ml.fromDanfo(frame.groupby(["k"]).col(["v"]).sum());
      assert.deepEqual(sums.toRows().map(Object.values), [
        ["a", 4],
        ["b", 2],
      ]);
    },
  },
  {
    name: "a danfo Series is a table of one column",
    run() {
      const frame = ml.toDanfo(ml.table({ v: [1, null, 3] }), danfo);
      assert.deepEqual(ml.fromDanfo(frame.v).values("v"), [1, null, 3]);
    },
  },
  {
    name: "a table of one row and one of 50 columns",
    run() {
      const wide = ml.table([Object.fromEntries(Array.from({ length: 50 }, (_, j) => [`c${j}`, j]))]);
      assert.deepEqual(ml.fromDanfo(ml.toDanfo(wide, danfo)).toRows(), wide.toRows());
    },
  },
  {
    name: "a table without rows is refused with a reason",
    run: () => assert.throws(() => ml.toDanfo(ml.table({ a: [1] }).slice(1), danfo), /must have rows and columns/),
  },
]);
