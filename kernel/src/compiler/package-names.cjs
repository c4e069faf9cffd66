"use strict";
// Types of packages by the names under which a cell imports them, not by where their files lie.
const { existsSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

/** Names of packages by the folder of one of their files, as far as they were asked for. */
const known = new Map();

/** A message with `import("assay")` for the `import("/…/assay/dist/index")` of a package. */
function packageNames(message) {
  return message.replaceAll(/import\("(\/[^"]+)"\)/g, (whole, path) => {
    const name = nameAt(dirname(path));
    return name ? `import("${name}")` : whole;
  });
}

/** The name in the nearest package.json from a folder upwards; undefined where there is none. */
function nameAt(folder) {
  if (known.has(folder)) return known.get(folder);
  const name = nameIn(join(folder, "package.json")) ?? (dirname(folder) === folder ? undefined : nameAt(dirname(folder)));
  known.set(folder, name);
  return name;
}

function nameIn(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")).name;
  } catch {
    return undefined; // a file that is no JSON names no package
  }
}

module.exports = { packageNames };
