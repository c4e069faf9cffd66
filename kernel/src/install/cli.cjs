#!/usr/bin/env node
"use strict";
// `assay-kernel install | uninstall | doctor`: makes the kernel known to Jupyter.
const { parseArgs } = require("node:util");
const { doctor } = require("./doctor.cjs");
const { install, placeOf, uninstall } = require("./kernelspec.cjs");

const usage = `assay-kernel: TypeScript for Jupyter

  assay-kernel install     makes the kernel known to Jupyter
  assay-kernel uninstall   takes it away again
  assay-kernel doctor      says what works and what does not

  --user           for this user (where nothing is said)
  --sys-prefix     for the Python environment that is active
  --prefix <path>  below a folder, as <path>/share/jupyter
  --version        the version of the kernel
`;

const options = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
};

const commands = {
  install(place) {
    const { folder, hint } = install(place);
    return [`installed ${folder}`, ...(hint ? [hint] : [])];
  },
  uninstall: (place) => [`removed ${uninstall(place)}`],
};

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`assay-kernel: ${error.message}\n`);
  process.exitCode = 1;
});

async function main(args) {
  const { values, positionals } = parse(args);
  if (values.version) return say([require("../../package.json").version]);
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) return say([usage.trimEnd()]);
  if (rest.length > 0) throw new Error(`${command}: takes no further words, got ${rest.join(" ")}`);
  if (command === "doctor") {
    process.exitCode = (await doctor((line) => say([line]))) ? 0 : 1;
    return undefined;
  }
  if (!Object.hasOwn(commands, command)) throw new Error(`command must be install, uninstall or doctor, got ${command}`);
  return say(commands[command](placeOf(values)));
}

function parse(args) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new Error(error.message.split(". ")[0], { cause: error });
  }
}

function say(lines) {
  process.stdout.write(`${lines.join("\n")}\n`);
}
