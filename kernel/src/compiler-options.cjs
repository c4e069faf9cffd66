"use strict";
// How strictly cells are checked: TypeScript's strict mode without the demand to annotate everything, or what the project's tsconfig says.
const { dirname, join, parse } = require("node:path");
const { nodeTypesRoot } = require("./resolve.cjs");

const ofCells = { strict: true, noImplicitAny: false, strictPropertyInitialization: false, useUnknownInCatchVariables: false };

/** TypeScript's messages 7005 to 7057 say where something "implicitly has an 'any' type", but for these. */
const otherCodes = new Set([7027, 7028, 7029, 7030]);
/** Whether a diagnostic says that something is `any` without having been called so. */
const saysImplicitAny = ({ code }) => code >= 7005 && code <= 7057 && !otherCodes.has(code);

/** From this Node on the library of ES2025 is there. */
const nodeOfLibrary = 24;

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
  "noImplicitReturns",
  "noPropertyAccessFromIndexSignature",
  "noFallthroughCasesInSwitch",
  "customConditions",
  "jsx",
  "jsxImportSource",
  "jsxFactory",
  "jsxFragmentFactory",
  "experimentalDecorators",
  "emitDecoratorMetadata",
];

/**
 * The compiler's options for cells, whether parameters and variables may be `any` without saying so, and whether the project speaks of JSX.
 * @param {typeof import("typescript")} ts
 * @param {string} folder the notebook's folder; the nearest tsconfig.json from here upwards is honoured
 * @param {object} [base] what tslab needs, else what our converter does
 */
function compilerOptions(ts, folder, base = ofConverter(ts, folder)) {
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
  return {
    options: { ...options, noImplicitAny: true },
    allowImplicitAny: implicitAny !== true,
    hasMarkup: own.jsx !== undefined,
  };
}

/** Modules as a bundler reads them; the files that come out are taken before anybody writes them. */
function ofConverter(ts, folder) {
  const { root } = parse(folder);
  const isNew = Number(process.versions.node.split(".")[0]) >= nodeOfLibrary;
  const library = isNew ? ["es2025"] : ["es2024", "es2025.collection", "es2025.iterator"];
  return {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2024,
    lib: [...library, "esnext.array", "esnext.disposable", "esnext.decorators"].map((name) => `lib.${name}.d.ts`),
    jsx: ts.JsxEmit.React,
    declaration: true,
    newLine: ts.NewLineKind.LineFeed,
    rootDir: root,
    outDir: join(root, "__out__"),
    allowJs: true,
    checkJs: false,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    skipLibCheck: true,
  };
}

function projectOptions(ts, folder) {
  const file = ts.findConfigFile(folder, ts.sys.fileExists);
  if (!file) return {};
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(file, ts.sys.readFile).config ?? {}, host, dirname(file));
  return Object.fromEntries(taken.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

module.exports = { compilerOptions, saysImplicitAny };
