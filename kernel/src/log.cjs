"use strict";
// The kernel's own words go to the process's standard error, which the Jupyter server shows; never into a cell.
const { writeSync } = require("node:fs");
const { inspect } = require("node:util");

/** Writes one entry to the real standard error: a sentence, or what was thrown. */
function log(entry) {
  try {
    writeSync(2, `assay-kernel: ${textOf(entry)}\n`);
  } catch {
    // nobody reads it any more
  }
}

/** What was thrown may be a proxy or have getters that throw. */
function textOf(entry) {
  if (typeof entry === "string") return entry;
  try {
    const stack = entry?.stack;
    return typeof stack === "string" && stack !== "" ? stack : String(inspect(entry));
  } catch {
    return `${typeof entry} that cannot be shown`;
  }
}

module.exports = { log };
