"use strict";
// The kernel's own words go to the process's standard error, which the Jupyter server shows; never into a cell.
const { writeSync } = require("node:fs");

/** Writes one entry to the real standard error. */
function log(entry) {
  try {
    writeSync(2, `assay-kernel: ${entry instanceof Error ? entry.stack : entry}\n`);
  } catch {
    // nobody reads it any more
  }
}

module.exports = { log };
