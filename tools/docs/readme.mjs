// What README.md says is so: its cells give what stands below them and each of its commands runs; the types of programs hold in every page.
import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryFolder } from "../assay.mjs";
import { node24, python, root, run } from "../setup.mjs";
import { markdownFiles } from "./links.mjs";

/**
 * How a command of README.md is tested: by a suite of `npm test` that does the same, in the smallest form that it has, or, where that takes minutes
 * or writes a page, by the words with which it refuses an argument: all that it consists of is there and loads.
 */
const commands = {
  "npm start": { suite: "start" },
  "npm test": { suite: "docs" },
  "npm run parity": { args: ["ridge", "--quick"], says: /[1-9]\d* rows, .* 0 failures/ },
  "npm run bench": { args: ["nothing"], refuses: /no bench nothing, there are trees, models/ },
  "npm run bench -- scaling": { args: ["nothing"], refuses: /there are .*scaling/ },
  "npm run soak": { args: ["work", "0.05"], says: /[1-9]\d* rounds, .* 0 not whole/ },
  "npm run reliability": { args: ["nothing"], refuses: /no chapter nothing, there are kills/ },
  "npm run binder": { args: ["nothing"], refuses: /binder takes no argument, got nothing/ },
  "npm run release": { args: ["--version", "nothing"], refuses: /--version must be as 0\.2\.0, got nothing/ },
};

const tables = resolve(root, process.env.ASSAY_DATA ?? "../shared/data");

/** The cells, on the real table. */
export const ofReadme = [
  {
    name: "the cells of README.md give what stands below them",
    skip: !existsSync(join(tables, "exoplanets/koi_cumulative.csv")),
    async run() {
      const { code, out } = await run(python, ["tools/docs/pages.py", "--data", tables, "README.md"]);
      assert.equal(code, 0, out);
    },
  },
];

/** Blocks ```typescript of any page: programs, which are compiled behind the page's cells, but not run. */
export const ofPrograms = markdownFiles()
  .filter((path) => blocks(path, "typescript").length > 0)
  .map((path) => ({
    name: `the types of the programs in ${path} hold`,
    async run() {
      const folder = temporaryFolder("programs");
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "page.ts"), programs(path));
      const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2024", "--module", "nodenext", "--types", "node"];
      const compiler = join(root, "node_modules/typescript/bin/tsc");
      const { code, out } = await run(node24(), [compiler, ...options, "page.ts"], { cwd: folder });
      assert.equal(code, 0, out);
    },
  }));

/** Commands: each that stands in README.md is known here, and runs. */
export const ofCommands = [
  {
    name: "of each command of README.md it is known how it is tested",
    run() {
      const said = blocks("README.md", "sh").flatMap((block) =>
        block
          .trim()
          .split("\n")
          .map((line) => line.split("#")[0].trim()),
      );
      assert.deepEqual(said.sort(), Object.keys(commands).sort());
    },
  },
  ...Object.entries(commands).map(([command, { suite, args, says, refuses }]) => ({
    name: `${command} ${suite ? `is run by the suite ${suite}` : `${refuses ? "refuses" : "does"} ${args.join(" ")}`}`,
    async run() {
      if (suite) return assert.match(readFileSync(join(root, "tools/test.mjs"), "utf8"), new RegExp(`^ {2}${suite}: `, "m"));
      const [script, part] = command.replace("npm run ", "").split(" -- ");
      const { code, out } = await run("npm", ["run", script, "--", ...[part, ...args].filter(Boolean)]);
      assert.match(out, says ?? refuses);
      assert.equal(code === 0, refuses === undefined, out.slice(-2000));
    },
  })),
];

/** The blocks of a language in a page. */
function blocks(path, language) {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block]) => block);
}

/** The cells of a page, then each program in a block of its own, as one file; `token` is what the reader has. */
function programs(path) {
  const [cells, own] = [blocks(path, "ts"), blocks(path, "typescript")];
  const isImport = (line) => line.startsWith("import ");
  const lines = new Set([...cells, ...own].flatMap((block) => block.split("\n").filter(isImport)));
  const body = (block) =>
    block
      .split("\n")
      .filter((line) => !isImport(line))
      .join("\n");
  return [...lines, "declare const token: string;", ...cells.map(body), ...own.map((block) => `{\n${body(block)}}`)].join("\n");
}
