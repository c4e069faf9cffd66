// docs/benchmarks.md: a chapter for each bench, as it was last run. What is measured for another page is a chapter of that.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { root } from "../setup.mjs";

const page = join(root, "docs/benchmarks.md");

const introduction = `# Benchmarks

Written by \`npm run bench\`, which replaces the chapters of the benches that it ran. A ratio is our time over the other library's, smaller is better.
Each side runs in a process of its own on the same rows (double precision, read from the same files), with the same number of threads; both are
warmed up on 500 rows; the sides take turns, and the quietest of three rounds of up to three times each is taken. Times of boosting hold the
binning. Peak memory is the largest that the process ever held, interpreter and rows among it. \`load before\` is the machine's load average as the job
began: above 0.5 other work has disturbed it. \`synthetic\` are 28 columns whose classes depend on sums, products and waves, in the manner of the
Higgs data; kepler, adult and california are real tables, categories and missing values among them.
`;

const markdown = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

function circumstances() {
  const pinned = readFileSync(join(root, "tools/requirements-test.txt"), "utf8");
  const versions = [...pinned.matchAll(/^(scikit-learn|lightgbm|xgboost-cpu|numpy)==(.+)$/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  );
  const machine = `${availableParallelism()} cores of ${cpus()[0].model.trim()}`;
  return [new Date().toISOString().slice(0, 10), machine, `Node ${process.version}`, ...versions].join(", ");
}

/** What stands before the chapters of a page, and its chapters by title, as they are. */
function pageNow(path) {
  const [before, ...chapters] = readFileSync(path, "utf8").split(/^## /m);
  return { before, chapters: new Map(chapters.map((text) => [text.slice(0, text.indexOf("\n")), `## ${text.trimEnd()}\n`])) };
}

const chapterOf = ({ title, head, rows }) => `## ${title}\n\n${circumstances()}.\n\n${markdown(head, rows)}\n`;

/**
 * Writes docs/benchmarks.md: what was measured now, and the chapters of the benches that were not asked for as they stand.
 * @param {readonly string[]} titles of all chapters, in the page's order
 * @param {readonly { title: string, head: readonly string[], rows: readonly string[][] }[]} measured
 */
export function writeBenchmarks(titles, measured) {
  const { chapters } = pageNow(page);
  for (const chapter of measured) chapters.set(chapter.title, chapterOf(chapter));
  writeFileSync(page, [introduction, ...titles.flatMap((title) => chapters.get(title) ?? [])].join("\n"));
  console.log("docs/benchmarks.md is written");
}

/** Writes a chapter of docs/<name>, a page that is otherwise written by hand. */
export function writeChapter(name, chapter) {
  const path = join(root, "docs", name);
  const { before, chapters } = pageNow(path);
  chapters.set(chapter.title, chapterOf(chapter));
  writeFileSync(path, [before.trimEnd() + "\n", ...chapters.values()].join("\n"));
  console.log(`docs/${name} is written`);
}
