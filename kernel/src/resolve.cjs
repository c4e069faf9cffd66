"use strict";
// Where an import in a cell leads: the notebook's own node_modules first, then the packages beside the kernel.
const { existsSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { workerData } = require("node:worker_threads");

/** The kernel's program, in whichever thread this is. */
const program = workerData?.kernelFile ?? process.argv[1];
/** Folders in which the kernel itself finds packages; `npm link` puts a second place beside the real one. */
const besideKernel = [...new Set([__dirname, dirname(program ?? __dirname)].flatMap(Module._nodeModulePaths))];

/** Makes `require` look beside the kernel for packages that the working folder and its parents lack. */
function installRunTimeResolution() {
  const lookupPaths = Module._resolveLookupPaths;
  Module._resolveLookupPaths = function resolveLookupPaths(request, parent) {
    const found = lookupPaths.call(this, request, parent);
    if (!found || request.startsWith(".")) return found;
    return [...found, ...besideKernel.filter((folder) => !found.includes(folder))];
  };
}

/**
 * The type checker's resolution: as a bundler does it (exports maps, "types" conditions), then as TypeScript did before exports maps,
 * then both again from beside the kernel. It has the `cache` of what packages say of themselves, and `forget` for when they change.
 * @param {typeof import("typescript")} ts
 * @param {import("typescript").System} sys
 */
function createTypeResolution(ts, sys) {
  const kinds = [ts.ModuleResolutionKind.Bundler, ts.ModuleResolutionKind.Node10];
  const tslabTypes = join(__dirname, "../types/tslab/index.d.ts");
  const origins = besideKernel.filter((folder) => existsSync(folder)).map((folder) => join(dirname(folder), "__kernel__.ts"));
  const caches = kinds.map(() => ts.createModuleResolutionCache(sys.getCurrentDirectory(), (name) => name));
  const failed = { resolvedModule: undefined };

  function from(name, file, options) {
    for (const [k, moduleResolution] of kinds.entries()) {
      const answer = ts.resolveModuleName(name, file, { ...options, moduleResolution }, sys, caches[k]);
      if (answer.resolvedModule) return answer;
    }
    return undefined;
  }

  function resolve(name, file, options) {
    if (name === "tslab")
      return { resolvedModule: { resolvedFileName: tslabTypes, extension: ".d.ts", isExternalLibraryImport: true } };
    const places = name.startsWith(".") ? [file] : [file, ...origins];
    for (const place of places) {
      const answer = from(name, place, options);
      if (answer) return answer;
    }
    return failed;
  }

  const forget = () => {
    for (const cache of caches) cache.clear();
  };

  function resolveAll(literals, file, _redirected, options) {
    const answers = literals.map((literal) => resolve(literal.text, file, options));
    // a package that was missing may be installed, or a file written, before the cell is run again
    if (answers.includes(failed)) forget();
    return answers;
  }
  return Object.assign(resolveAll, { cache: caches[0], forget });
}

/** The folder that holds @types/node for cells: always the one that the kernel was tested with. */
function nodeTypesRoot() {
  return dirname(dirname(require.resolve("@types/node/package.json")));
}

module.exports = { installRunTimeResolution, createTypeResolution, nodeTypesRoot };
