// Which lines of the sources the unit tests run: vitest counts the main thread of its own processes, Node the processes that tests start.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { vitestAs } from "./check.mjs";
import { root } from "./setup.mjs";

/** The projects that can be counted, with the folder of each one's sources. */
export const sources = { core: "library/core/src", lab: "library/lab/src", kernel: "kernel/src", extension: "extension/src" };

const folderOf = (project) => join(root, ".assay/coverage", project);
const fileOf = (project) => `${folderOf(project)}.json`;

/** Lines with a statement, and those of them that were run, by path, as the newest count of a project left them; undefined without one. */
export const reachedOf = (project) =>
  existsSync(fileOf(project)) ? JSON.parse(readFileSync(fileOf(project), "utf8")) : undefined;

/** Runs a project's unit tests and keeps which lines of its sources they reach, unless one fails; gives the tests' counts. */
export async function countReached(project) {
  const folder = folderOf(project);
  const others = join(folder, "others");
  rmSync(folder, { recursive: true, force: true });
  process.env.NODE_V8_COVERAGE = others; // what the tests start inherits it
  const counts = await vitestAs(
    `lines reached: ${project}`,
    project,
    "--maxWorkers=50%",
    "--coverage.enabled",
    "--coverage.provider=v8",
    "--coverage.reporter=json",
    `--coverage.reportsDirectory=${folder}/own`,
    `--coverage.include=${sources[project]}/**/*.{ts,tsx,cjs}`,
  );
  delete process.env.NODE_V8_COVERAGE;
  if (counts.failed > 0) return counts;
  const own = JSON.parse(readFileSync(join(folder, "own/coverage-final.json"), "utf8"));
  const elsewhere = rangesElsewhere(others, Object.keys(own));
  const reached = Object.entries(own).map(([path, file]) => [relative(root, path), linesOf(path, file, elsewhere.get(path))]);
  writeFileSync(fileOf(project), JSON.stringify(Object.fromEntries(reached)));
  rmSync(folder, { recursive: true });
  return counts;
}

/** By path, what each other process ran of a file: V8's ranges, with how often. Node runs these files as they stand, types blanked out in place. */
function rangesElsewhere(folder, paths) {
  const wanted = new Map(paths.map((path) => [path, []]));
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    for (const { url, functions } of JSON.parse(readFileSync(join(folder, name), "utf8")).result)
      if (url.startsWith("file://")) wanted.get(fileURLToPath(url))?.push(functions.flatMap(({ ranges }) => ranges));
  return wanted;
}

/** Lines on which a statement begins, and those of them that ran somewhere. */
function linesOf(path, { statementMap, s: runs }, elsewhere) {
  const starts = [0];
  for (const { index } of readFileSync(path, "utf8").matchAll(/\n/g)) starts.push(index + 1);
  const lines = new Map();
  for (const [key, { start }] of Object.entries(statementMap)) {
    const at = starts[start.line - 1] + start.column;
    const ran = lines.get(start.line) || runs[key] > 0 || elsewhere.some((ranges) => countAt(ranges, at) > 0);
    lines.set(start.line, ran);
  }
  return { total: lines.size, covered: [...lines.values()].filter(Boolean).length };
}

/** How often the place ran: the count of the smallest range around it. */
function countAt(ranges, at) {
  let smallest = { startOffset: 0, endOffset: Number.POSITIVE_INFINITY, count: 0 };
  for (const range of ranges)
    if (
      range.startOffset <= at &&
      at < range.endOffset &&
      range.endOffset - range.startOffset < smallest.endOffset - smallest.startOffset
    )
      smallest = range;
  return smallest.count;
}
