"use strict";
// `assay-kernel doctor`: what the kernel needs, each with its remedy where it is missing.
const { execFile } = require("node:child_process");
const { existsSync } = require("node:fs");
const { promisify } = require("node:util");
const { mustBeNewEnough, name, specification } = require("./kernelspec.cjs");
const { tryCell } = require("./trial.cjs");

const run = promisify(execFile);

/** In order; each answers with what it found, or throws what is missing. A later one may need what an earlier one found. */
const checks = {
  async Node() {
    mustBeNewEnough();
    return `${process.version} at ${process.execPath}`;
  },
  async ZeroMQ() {
    try {
      return require("zeromq").version;
    } catch (cause) {
      throw new Error(`must load, got ${cause.message.split("\n")[0]}; npm rebuild zeromq`, { cause });
    }
  },
  async TypeScript() {
    return require("typescript/package.json").version;
  },
  async Jupyter(found) {
    const { stdout } = await run("jupyter", ["kernelspec", "list", "--json"]).catch((cause) => {
      throw new Error(
        `must be on the PATH, got ${cause.code === "ENOENT" ? "no command jupyter" : cause.message}; pip install jupyterlab`,
        { cause },
      );
    });
    const known = JSON.parse(stdout).kernelspecs[name];
    if (!known) throw new Error(`must know a kernel "${name}", knows none; assay-kernel install`);
    const [program] = known.spec.argv;
    if (program.includes("/") && !existsSync(program))
      throw new Error(`kernelspec names ${program}, which is gone; assay-kernel install`);
    found.spec = known.spec;
    return `knows the kernel in ${known.resource_dir}`;
  },
  /** The kernelspec's own command, so that what is tried is what Jupyter starts. */
  async "A cell"(found) {
    const begin = performance.now();
    const answer = await tryCell(found.spec ?? specification(), "const sum: number = 1 + 1", "sum");
    if (answer !== "2") throw new Error(`must give 2 for 1 + 1, got ${answer}`);
    return `runs: 1 + 1 is 2, ${((performance.now() - begin) / 1000).toFixed(1)} s from start to end`;
  },
};

/**
 * Says what works and what does not.
 * @param {(line: string) => void} say
 * @returns whether everything works
 */
async function doctor(say) {
  const found = {};
  let healthy = true;
  for (const [what, check] of Object.entries(checks)) {
    try {
      say(`ok  ${what} ${await check(found)}`);
    } catch (error) {
      healthy = false;
      say(`NO  ${what} ${error.message}`);
    }
  }
  return healthy;
}

module.exports = { doctor };
