"use strict";
// How a module gets into a cell: required, or imported where only that works.
const { readFileSync } = require("node:fs");
const { createRequire, isBuiltin } = require("node:module");
const { dirname, extname, join } = require("node:path");

/** @typedef {"require" | "import"} Loading */

/**
 * Says how Node loads a package from a file: CommonJS, JSON and built-in modules are required; ES modules are imported, since they may wait at their
 * top level, and so are packages that offer nothing to `require`.
 * @param {string} specifier
 * @param {string} from the file that imports it
 * @returns {Loading}
 */
function howLoaded(specifier, from) {
  if (isBuiltin(specifier) || specifier === "tslab") return "require";
  let found;
  try {
    found = createRequire(from).resolve(specifier);
  } catch (error) {
    return error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ? "import" : "require"; // what is missing is said when the cell runs
  }
  const extension = extname(found);
  if (extension === ".mjs" || extension === ".mts") return "import";
  return (extension === ".js" || extension === ".ts") && isModuleFolder(dirname(found)) ? "import" : "require";
}

/** Whether the nearest package.json makes `.js` files ES modules. */
function isModuleFolder(folder) {
  for (let at = folder, above; at !== above; above = at, at = dirname(at)) {
    try {
      return JSON.parse(readFileSync(join(at, "package.json"), "utf8")).type === "module";
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") return false;
    }
    if (at.endsWith("/node_modules")) return false;
  }
  return false;
}

module.exports = { howLoaded };
