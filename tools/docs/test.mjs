// What the pages say is so: cells give what stands below them, algorithms have whole pages whose examples run, links lead somewhere, names exist.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runSideBySide, temporaryFolder } from "../assay.mjs";
import { python, root, run } from "../setup.mjs";
import { catalogue, writeAlgorithms } from "./algorithms.mjs";
import { deadLinks, markdownFiles } from "./links.mjs";
import { unknownNames } from "./names.mjs";
import { describedRooms, orderedRooms, roomFolders } from "./rooms.mjs";

const guide = readdirSync(join(root, "docs/guide")).filter((name) =>
  readFileSync(join(root, "docs/guide", name), "utf8").includes("\n```ts\n"),
);
const pages = temporaryFolder("pages");
const cells = run(python, ["tools/docs/pages.py"]);
const algorithms = writeAlgorithms(pages);

const ofCells = guide.map((name) => ({
  name: `the cells of docs/guide/${name} give what stands below them`,
  async run() {
    const { out } = await cells;
    const said = new RegExp(`^(ok|FAIL) +docs/guide/${name} .*\n(  .*\n)*`, "m").exec(out);
    if (said?.[1] !== "ok") assert.fail(said?.[0].replace("FAIL", "failed:") ?? out.slice(-2000));
  },
}));

const ofAlgorithms = catalogue().map(({ name, forms, isPreset }) => ({
  name: `the page of ${name} is whole`,
  async run() {
    await algorithms;
    const text = readFileSync(join(pages, `${name}.md`), "utf8");
    if (isPreset) return;
    for (const { export: key } of forms) {
      const section = text.split(`\n## ${key}\n`)[1]?.split("\n## ")[0] ?? assert.fail(`no section of ${key}`);
      assert.match(section, /### Parameters\n\n(\| name|None)/);
      assert.match(section, /\n\| cost \| \S/, "what it costs, in its docstring");
      assert.match(section, /```ts\n[\s\S]*?\n```\n```\n\S/, "an example with its output");
      assert.match(section, /!\[.*\]\(.*\.svg\)/, "a figure");
      assert.ok(section.trim().split("\n")[0].length > 20, "what it is");
    }
  },
}));

const comingFrom = readdirSync(join(root, "docs/coming-from")).map((name) => `docs/coming-from/${name}`);
const ofPages = [
  ...markdownFiles().map((path) => ({
    name: `every link of ${path} leads somewhere`,
    run: () => assert.deepEqual(deadLinks(path), []),
  })),
  ...comingFrom.map((path) => ({
    name: `every name of ours in ${path} exists`,
    run: () => assert.deepEqual(unknownNames([path]), []),
  })),
  ...["library/core", "library/lab"].flatMap((section) => [
    {
      name: `docs/architecture.md has the rooms of ${section} in their order`,
      run: () => assert.deepEqual(describedRooms(section).slice(0, -1), orderedRooms(`${section}/src`)),
    },
    {
      name: `docs/architecture.md describes every room of ${section}`,
      run() {
        const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
        assert.deepEqual(
          roomFolders(`${section}/src`).filter((room) => !page.includes(`\`${room}\``)),
          [],
        );
      },
    },
  ]),
];

await runSideBySide([{ tests: ofCells }, { tests: ofAlgorithms }, { tests: ofPages }]);
process.exit();
