"use strict";
// The corpus on both converters. `node differences.cjs` prints the README's table, `node differences.cjs --json` what the tests compare.
const { execFile } = require("node:child_process");
const { mkdtempSync, realpathSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { promisify } = require("node:util");
const { writeFiles } = require("./packages.cjs");
const { readCorpus } = require("./read.cjs");

const corpus = readCorpus();
/** How the README's table begins. */
const heading = "| cell | Assay's converter | tslab's |\n| --- | --- | --- |\n";

/**
 * What every cell gives on a converter: a list of lines for each cell of each notebook.
 * @param {"assay" | "tslab"} kind
 * @returns {Promise<string[][][]>}
 */
async function outcomes(kind) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `assay-corpus-${kind}-`)));
  try {
    writeFiles(folder);
    const file = join(folder, "cells.json");
    writeFileSync(file, JSON.stringify(corpus.map(({ title, cells }) => ({ title, cells: cells.map(({ code }) => code) }))));
    const given = [join(__dirname, "run.cjs"), kind, file];
    const { stdout } = await promisify(execFile)(process.execPath, given, { cwd: folder, maxBuffer: 2 ** 27 });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function code(text) {
  const fence = text.includes("`") ? "``" : "`";
  const space = text.includes("`") ? " " : "";
  return `${fence}${space}${text.replaceAll("\n", " ⏎ ").replaceAll("|", "\\|")}${space}${fence}`;
}

const shown = (lines) => code(lines.join(" ⏎ ") || "–");

/** A row for every cell that gives something else on the second converter. */
function differences(ours, theirs) {
  return corpus.flatMap(({ cells }, i) =>
    cells.flatMap((cell, j) =>
      ours[i][j].join("\n") === theirs[i][j].join("\n")
        ? []
        : [`| ${code(cell.code.trim())} | ${shown(ours[i][j])} | ${shown(theirs[i][j])} |`],
    ),
  );
}

/** Everything at once, for a test: the notebooks with what was expected and found, and the table's rows. */
async function report() {
  const [ours, theirs] = await Promise.all([outcomes("assay"), outcomes("tslab")]);
  const notebooks = corpus.map(({ title, cells }, i) => ({
    title,
    cells: cells.map((cell, j) => ({ ...cell, found: ours[i][j] })),
  }));
  return { notebooks, heading, rows: differences(ours, theirs) };
}

report().then((found) => {
  console.log(process.argv.includes("--json") ? JSON.stringify(found) : found.heading + found.rows.join("\n"));
});
