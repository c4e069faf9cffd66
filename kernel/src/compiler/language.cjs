"use strict";
// TypeScript's language service over the notebook's folder, the packages it imports, and texts that are only in memory.
const { compilerOptions } = require("../compiler-options.cjs");
const { createTypeResolution } = require("../resolve.cjs");

/** So long may a change in a package or in tsconfig.json stay unseen. */
const sweepMs = 2_000;
const isPackage = (path) => path.includes("/node_modules/");

/**
 * @param {{ ts: typeof import("typescript"), folder: string, cancelled: () => boolean, registry?: import("typescript").DocumentRegistry }} parts
 */
function createLanguage({ ts, folder, cancelled, registry = ts.createDocumentRegistry(true, folder) }) {
  /** @type {Map<string, { text: string, version: string, snapshot: import("typescript").IScriptSnapshot }>} */
  const texts = new Map();
  /** Versions of files on disk. */
  const versions = new Map();
  /** Their texts, each with the version that it is of. */
  const snapshots = new Map();
  let sweptAt = Number.NEGATIVE_INFINITY;
  let edition = 0;
  let chosen;
  let chosenFrom;
  let roots = [];
  /** Files of the notebook with an import that led nowhere. */
  const unresolved = new Set();

  const system = {
    ...ts.sys,
    getCurrentDirectory: () => folder,
    fileExists: (path) => texts.has(path) || ts.sys.fileExists(path),
    readFile: (path, encoding) => texts.get(path)?.text ?? ts.sys.readFile(path, encoding),
    directoryExists: (path) => path === folder || ts.sys.directoryExists(path),
  };
  const resolve = createTypeResolution(ts, system);

  /** Declarations of cells are where they were written; all else is looked for. */
  function resolveModules(literals, file, redirected, options) {
    const cells = literals.map(({ text }) => (text.startsWith("./__cell_") ? inMemory(`${folder}/${text.slice(2)}`) : undefined));
    const others = resolve(
      literals.filter((_, k) => !cells[k]),
      file,
      redirected,
      options,
    );
    return cells.map((cell) => cell ?? others.shift());
  }

  function inMemory(path) {
    const extension = [".d.ts", ".ts", ".tsx"].find((each) => texts.has(path + each));
    return extension && { resolvedModule: { resolvedFileName: path + extension, extension, isExternalLibraryImport: false } };
  }

  function versionOnDisk(path) {
    const time = ts.sys.getModifiedTime(path);
    return time ? String(time.getTime()) : "gone";
  }

  /** Looks at the files on disk again: at the notebook's own each time, at packages and the project's settings now and then. */
  function refresh() {
    const all = performance.now() - sweptAt > sweepMs;
    if (all) {
      sweptAt = performance.now();
      const file = ts.findConfigFile(folder, ts.sys.fileExists);
      const from = file ? `${file} ${versionOnDisk(file)}` : "none";
      if (from !== chosenFrom) chosen = compilerOptions(ts, folder);
      chosenFrom = from;
    }
    for (const [path, before] of versions) {
      if (!all && isPackage(path)) continue;
      const version = versionOnDisk(path);
      if (version === before) continue;
      versions.set(path, version);
      if (isPackage(path)) resolve.forget();
    }
  }

  /** @type {import("typescript").LanguageServiceHost} */
  const host = {
    ...system,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getNewLine: () => "\n",
    getCompilationSettings: () => chosen.options,
    getScriptFileNames: () => roots,
    getScriptVersion(path) {
      const text = texts.get(path);
      if (text) return text.version;
      if (!versions.has(path)) versions.set(path, versionOnDisk(path));
      return versions.get(path);
    },
    getScriptSnapshot(path) {
      const known = texts.get(path);
      if (known) return known.snapshot;
      const version = host.getScriptVersion(path);
      const before = snapshots.get(path);
      if (before?.version === version) return before.snapshot;
      const text = ts.sys.readFile(path);
      const snapshot = text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      snapshots.set(path, { version, snapshot });
      return snapshot;
    },
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    getCancellationToken: () => ({ isCancellationRequested: cancelled }),
    getModuleResolutionCache: () => resolve.cache,
    hasInvalidatedResolutions: (path) => unresolved.has(path),
    resolveModuleNameLiterals(literals, file, redirected, options) {
      const answers = resolveModules(literals, file, redirected, options);
      if (!isPackage(file)) {
        if (answers.every(({ resolvedModule }) => resolvedModule)) unresolved.delete(file);
        else unresolved.add(file);
      }
      return answers;
    },
    writeFile: undefined,
    setTimeout: undefined,
    clearTimeout: undefined,
    watchFile: undefined,
    watchDirectory: undefined,
  };
  refresh();
  const service = ts.createLanguageService(host, registry);

  return {
    service,
    registry,
    get options() {
      return chosen.options;
    },
    /** Whether the project's cells may hold JSX. */
    get hasMarkup() {
      return chosen.hasMarkup;
    },
    /** Whether parameters and variables may be `any` without saying so. */
    get allowsImplicitAny() {
      return chosen.allowImplicitAny;
    },
    refresh,
    /** Puts a text into memory under a path; it hides the file of that name. */
    write(path, text) {
      if (texts.get(path)?.text === text) return;
      texts.set(path, { text, version: `memory ${++edition}`, snapshot: ts.ScriptSnapshot.fromString(text) });
    },
    remove: (path) => texts.delete(path),
    /** Whether a path is only in memory. */
    has: (path) => texts.has(path),
    /** The program of these files and all that they import. */
    program(files) {
      roots = files;
      return service.getProgram();
    },
    /** The program's files that are the notebook's: not declarations, not of packages. */
    own: (program) =>
      program
        .getSourceFiles()
        .filter((file) => !file.isDeclarationFile && !isPackage(file.fileName) && !program.isSourceFileFromExternalLibrary(file)),
  };
}

module.exports = { createLanguage };
