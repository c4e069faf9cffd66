#!/usr/bin/env node
"use strict";
// `node kernel.cjs connection.json`: the Jupyter kernel. What it is made of is loaded into a realm of its own; cells run in this one.
const { readFileSync } = require("node:fs");
const { createRealm } = require("./realm.cjs");

const major = Number(process.versions.node.split(".")[0]);
if (major < 22) fail(`needs Node 22 or newer, got ${process.version}`);
const connection = readConnection(process.argv[2]);
createRealm()("./start.cjs").start(connection);

/** The connection file's text; what it holds is checked to be JSON here, and read in the kernel's realm. */
function readConnection(file) {
  if (!file) fail("needs the path of a connection file");
  try {
    const text = readFileSync(file, "utf8");
    JSON.parse(text);
    return text;
  } catch (error) {
    return fail(`the connection file must be readable JSON, got ${error.message}`);
  }
}

function fail(sentence) {
  process.stderr.write(`assay-kernel: ${sentence}\n`);
  process.exit(1);
}
