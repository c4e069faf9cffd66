"use strict";
// What cells share while they run: the names of the notebook, and modules that cannot be required.
const Module = require("node:module");
const { createRequire, isBuiltin } = Module;
const { dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");

/** What `__notebook__` is in cells; they cannot put another in its place. */
let shared;

/** `import()` of a place. */
function importerAt(folder) {
  const module = new Module(join(folder, "notebook.cjs"));
  module._compile("module.exports = (specifier, options) => import(specifier, options);", module.id);
  return module.exports;
}

/** `import.meta` of a file. */
function metaOf(filename) {
  const require = createRequire(filename);
  return Object.freeze({
    dirname: dirname(filename),
    filename,
    url: pathToFileURL(filename).href,
    resolve: (specifier) => (isBuiltin(specifier) ? specifier : pathToFileURL(require.resolve(specifier)).href),
  });
}

/**
 * The names of a notebook. A name is a pair of functions that reach the variable where it was declared: what a cell assigns, the functions of other
 * cells see. A cell's names are there when it has ended; of a cell that failed, those that had got a value.
 * @param {string} folder the notebook's
 */
function createBindings(folder) {
  const names = Object.create(null);
  const importers = [folder, ...new Set([__dirname, dirname(process.argv[1] ?? __dirname)])].map(importerAt);
  const loaded = new Map();
  let pending;

  // by their places: what an array's iterator is, a cell may have changed
  function bind(name, { 0: get, 1: set }) {
    Object.defineProperty(names, name, { get, set, enumerable: true, configurable: true });
  }

  /** Packages are looked for in the notebook's folder and its parents, then beside the kernel. A relative one is looked for from the file that asks. */
  async function load(specifier, options, from) {
    if (from && /^\.\.?\//.test(specifier)) return importers[0](pathToFileURL(resolve(dirname(from), specifier)).href, options);
    let missing;
    for (const importFrom of importers) {
      try {
        return await importFrom(specifier, options);
      } catch (error) {
        if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
        missing ??= error;
      }
    }
    throw missing;
  }

  /** Whether a variable has got a value; one that has not throws. */
  function hasValue({ 0: get }) {
    try {
      return get() !== undefined;
    } catch {
      return false;
    }
  }

  const known = shared !== undefined;
  shared = Object.freeze({
    names,
    meta: metaOf(join(folder, "notebook.ts")),
    metaOf,
    begin(cell, entries) {
      pending = { cell, entries };
    },
    end(cell) {
      if (pending?.cell !== cell) return;
      for (const name of Object.keys(pending.entries)) bind(name, pending.entries[name]);
      pending = undefined;
    },
    load,
    async ahead(specifiers) {
      for (const specifier of specifiers) loaded.set(specifier, await load(specifier));
    },
    loaded: (specifier) => loaded.get(specifier),
  });
  if (!known) Object.defineProperty(globalThis, "__notebook__", { get: () => shared });

  return {
    names,
    /** Forgets every name. */
    clear() {
      pending = undefined;
      for (const name of Object.keys(names)) delete names[name];
    },
    /** Takes over what a cell that failed has made; the names that it made. */
    settle() {
      if (!pending) return [];
      const { entries } = pending;
      pending = undefined;
      const made = Object.keys(entries).filter((name) => hasValue(entries[name]));
      for (const name of made) bind(name, entries[name]);
      return made;
    },
  };
}

module.exports = { createBindings };
