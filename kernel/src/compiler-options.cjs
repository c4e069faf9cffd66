"use strict";
// How strictly cells are checked: TypeScript's strict mode without the demand to annotate everything, or what the project's tsconfig says.
const { dirname, join } = require("node:path");
const { nodeTypesRoot } = require("./resolve.cjs");

const ofCells = { strict: true, noImplicitAny: false, strictPropertyInitialization: false, useUnknownInCatchVariables: false };

/** Options of a project's tsconfig that make sense for a cell; module format, target and output belong to the kernel. */
const taken = [
  "strict",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictPropertyInitialization",
  "noImplicitAny",
  "noImplicitThis",
  "useUnknownInCatchVariables",
  "noUncheckedIndexedAccess",
  "exactOptionalPropertyTypes",
  "baseUrl",
  "paths",
  "pathsBasePath",
  "jsxFactory",
  "jsxFragmentFactory",
  "experimentalDecorators",
  "emitDecoratorMetadata",
];

/**
 * The compiler's options for cells, and whether parameters and variables may be `any` without saying so.
 * @param {typeof import("typescript")} ts
 * @param {string} folder the notebook's folder; the nearest tsconfig.json from here upwards is honoured
 * @param {object} base what tslab needs
 */
function compilerOptions(ts, folder, base) {
  const own = projectOptions(ts, folder);
  const options = {
    ...base,
    ...ofCells,
    ...own,
    inlineSourceMap: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    typeRoots: [nodeTypesRoot(), join(__dirname, "../types")],
    types: ["node", "cell"],
  };
  const implicitAny = own.noImplicitAny ?? own.strict;
  // without noImplicitAny `const rows = []` would be never[]: it is on, and its complaints are dropped unless the project wants them
  return { options: { ...options, noImplicitAny: true }, allowImplicitAny: implicitAny !== true };
}

function projectOptions(ts, folder) {
  const file = ts.findConfigFile(folder, ts.sys.fileExists);
  if (!file) return {};
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(file, ts.sys.readFile).config ?? {}, host, dirname(file));
  return Object.fromEntries(taken.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

module.exports = { compilerOptions };
