"use strict";
// The kernel's own realm: its code has objects, arrays and promises of its own, so that a cell that changes a prototype or removes a global
// breaks nothing but itself.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, sep } = require("node:path");
const vm = require("node:vm");

/** What Node adds to the language, taken before any cell runs. Errors are the cells' own: what we throw into a cell is an Error there. */
const given = {
  AbortController,
  AbortSignal,
  AggregateError,
  Buffer,
  clearImmediate,
  clearInterval,
  clearTimeout,
  console,
  DOMException,
  Error,
  globalThis,
  performance,
  process,
  queueMicrotask,
  RangeError,
  setImmediate,
  setInterval,
  setTimeout,
  structuredClone,
  SyntaxError,
  TextDecoder,
  TextEncoder,
  TypeError,
  URL,
};

/** Of tslab, what runs cells; the rest of it is no more than types and text. */
const ofTslab = /[\\/]tslab[\\/]dist[\\/](executor|metadata|tspath)\.js$/;

/**
 * A `require` whose modules are the kernel's own: files below this folder and tslab's executor, in a realm that cells cannot reach.
 * All others are loaded as ever.
 */
function createRealm() {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY); // Node 22.0 knows no such constant, and makes a slower one
  Object.assign(context, given);
  /** @type {Map<string, { exports: unknown }>} */
  const loaded = new Map();
  const isOurs = (file) => (file.endsWith(".cjs") ? file.startsWith(__dirname + sep) : ofTslab.test(file));

  function load(file) {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = vm.runInContext("({ exports: {} })", context);
    loaded.set(file, module);
    const run = vm.compileFunction(readFileSync(file, "utf8"), ["exports", "require", "module", "__filename", "__dirname"], {
      filename: file,
      parsingContext: context,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    run.call(module.exports, module.exports, requireFrom(file), module, file, dirname(file));
    return module.exports;
  }

  function requireFrom(file) {
    const plain = createRequire(file);
    const require = (id) => {
      const found = plain.resolve(id);
      return isOurs(found) ? load(found) : plain(id);
    };
    return Object.assign(require, { resolve: plain.resolve, cache: plain.cache });
  }

  return requireFrom(__filename);
}

module.exports = { createRealm };
