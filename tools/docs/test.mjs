// What the pages say is so: cells give what stands below them, algorithms have whole pages whose examples run, links lead somewhere, names exist.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runSideBySide, temporaryFolder } from "../assay.mjs";
import { python, root, run, warningsApart } from "../setup.mjs";
import { catalogue, writeAlgorithms } from "./algorithms.mjs";
import { openApi, writeHttp } from "./http.mjs";
import { deadLinks, markdownFiles, markedUpLines } from "./links.mjs";
import { unknownNames } from "./names.mjs";
import { ofCommands, ofPrograms, ofReadme } from "./readme.mjs";
import { describedRooms, orderedRooms, roomFolders } from "./rooms.mjs";
import { unsaidSentences } from "./sentences.mjs";

const guide = readdirSync(join(root, "docs/guide")).filter((name) =>
  readFileSync(join(root, "docs/guide", name), "utf8").includes("\n```ts\n"),
);
const pages = temporaryFolder("pages");
const cells = run(python, ["tools/docs/pages.py"], warningsApart);
const algorithms = writeAlgorithms(join(pages, "algorithms"));

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
    const text = readFileSync(join(pages, "algorithms", `${name}.md`), "utf8");
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

const ofSite = [
  {
    name: "every route of the service stands on a page",
    async run() {
      const document = await openApi();
      const groups = writeHttp(join(pages, "http"), document);
      const text = groups.map((group) => readFileSync(join(pages, "http", `${group}.md`), "utf8")).join("\n");
      const routes = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
      assert.equal(text.match(/^## /gm).length, routes.length);
    },
  },
  {
    name: "no text of a page is taken for markup by the site",
    async run() {
      await algorithms;
      const made = readdirSync(pages, { recursive: true }).filter((path) => path.endsWith(".md"));
      const written = markdownFiles().filter((path) => path.startsWith("docs/"));
      assert.deepEqual([...made.map((path) => join(pages, path)), ...written].flatMap(markedUpLines), []);
    },
  },
];

const comingFrom = readdirSync(join(root, "docs/coming-from")).map((name) => `docs/coming-from/${name}`);
const ofPages = [
  ...markdownFiles().map((path) => ({
    name: `every link of ${path} leads somewhere`,
    run: () => assert.deepEqual(deadLinks(path), []),
  })),
  {
    name: "docs/index.md leads to every page of docs/",
    run() {
      const text = readFileSync(join(root, "docs/index.md"), "utf8");
      const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md") && name !== "index.md");
      assert.deepEqual(
        pages.filter((name) => !text.includes(`](${name})`)),
        [],
      );
    },
  },
  ...comingFrom.map((path) => ({
    name: `every name of ours in ${path} exists`,
    run: () => assert.deepEqual(unknownNames([path]), []),
  })),
  ...["exoplanets", "recommenders", "workouts"].map((flow) => ({
    name: `the sentences that docs/${flow}.md explains can be said`,
    run: () => assert.deepEqual(unsaidSentences(`docs/${flow}.md`), []),
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

await runSideBySide([
  { tests: ofCells },
  { tests: ofAlgorithms },
  { tests: ofSite },
  { tests: ofPages },
  { tests: [...ofReadme, ...ofPrograms] },
  { tests: ofCommands },
]);
process.stdout.write("", () => process.exit()); // once all is said
