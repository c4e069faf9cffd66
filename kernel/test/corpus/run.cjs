"use strict";
// `node run.cjs converter cells.json` in a folder: runs notebooks on a converter, and prints what every cell gave as JSON.
const { readFileSync } = require("node:fs");
const { inspect } = require("node:util");
const { createCells } = require("../../src/cell.cjs");
const { createConverter } = require("../../src/compiler.cjs");
const { createExecution } = require("../../src/execution.cjs");
const { installRunTimeResolution } = require("../../src/resolve.cjs");
const { signals } = require("../../src/signals.cjs");
const { createTracebacks } = require("../../src/traceback.cjs");

const [, , kind, file] = process.argv;
/** @type {{ title: string, cells: string[] }[]} */
const notebooks = JSON.parse(readFileSync(file, "utf8"));
const onOneLine = { breakLength: Number.POSITIVE_INFINITY, compact: 10 };

installRunTimeResolution();
const print = process.stdout.write.bind(process.stdout);
let printed = [];
console.log = (...given) => {
  printed.push(given.map((value) => (typeof value === "string" ? value : inspect(value, onOneLine))).join(" "));
};

async function main() {
  const tracebacks = createTracebacks();
  const converter = createConverter({ kind, folder: process.cwd() });
  const flags = signals();
  flags.leave();
  const answers = [];
  let count = 0;
  const execution = createExecution({ converter, cells: createCells(), flags, tracebacks });
  for (const { cells } of notebooks) {
    execution.executor.reset();
    converter.restart();
    const outcomes = [];
    for (const code of cells) {
      printed = [];
      const cell = await execution.run({ code, count: ++count, parent: {}, ids: [], allowStdin: false, silent: false });
      await execution.end(cell);
      outcomes.push([...printed.map((line) => `> ${line}`.trimEnd()), outcome(cell, tracebacks)].filter(Boolean));
    }
    answers.push(outcomes);
  }
  print(JSON.stringify(answers), () => process.exit());
}

function outcome(cell, tracebacks) {
  if (cell.failure) {
    const { ename, evalue, traceback } = tracebacks.describe(cell.failure.thrown);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
    const plain = traceback.join("\n").replace(/\u001b\[\d+m/g, "");
    const [, file = "", line] = /\bat .*?(?:In\[\d+\]|\/(\w+\.ts)):(\d+)/.exec(plain) ?? [];
    return `! ${ename}: ${evalue.split("\n")[0].replaceAll(process.cwd(), ".")}${line ? ` @${file && `${file}:`}${line}` : ""}`;
  }
  const [first] = cell.diagnostics;
  if (first)
    return `! TS${first.code} ${first.fileName ? `${first.fileName} ` : ""}${first.start.line + 1}:${first.start.character + 1}`;
  return cell.result ? `= ${inspect(cell.result.value, onOneLine)}` : "";
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
