"use strict";
// Cells on TypeScript's language service, behind tslab's Converter interface: a cell is a module that imports what earlier cells declared.
const { basename, dirname, relative, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const { declaredNames, value } = require("./declared.cjs");
const { toDiagnostics } = require("./diagnostics.cjs");
const { createEarlier } = require("./earlier.cjs");
const { createLanguage } = require("./language.cjs");
const { howLoaded } = require("./loading.cjs");
const { createQuestions } = require("./questions.cjs");
const { createScripts, withoutExports } = require("./script.cjs");

const lastExpressionVar = "tsLastExpr";
/** What every cell is given under these names, TypeScript reserves in modules too. */
const reservedNames = ["exports", "require"];
const nowhere = { offset: 0, line: 0, character: 0 };
const isReserved = (name) => ({
  start: nowhere,
  end: nowhere,
  category: 1,
  code: 2441,
  messageText: `Duplicate identifier '${name}'. Compiler reserves name '${name}' in top level scope of a module.`,
});

/**
 * @param {{ ts: typeof import("typescript"), folder: string, cancelled?: () => boolean }} parts folder is the notebook's
 */
function createConverter({ ts, folder, cancelled = () => false }) {
  const language = createLanguage({ ts, folder, cancelled });
  const earlier = createEarlier(language, folder);
  const cellFile = `${folder}/__cell__.${language.hasMarkup ? "tsx" : "ts"}`;
  /** The notebook's own files that have been compiled: path → what it was compiled from. */
  const compiled = new Map();
  /** What the last cell was converted to, and the files that were compiled for it. */
  let latest = { token: "", files: [] };
  /** Files that a cell made with `@module`. */
  const modules = [];
  let cells = 0;
  const files = () => [cellFile, ...earlier.ambient(), ...modules];
  const questions = createQuestions({ ts, language, earlier, cellFile, files });

  const nameOf = (path) => relative(folder, path);
  const kindOf = (name) => earlier.all().get(name)?.kind;
  const facts = (source) => ({ cellFile, source, nameOf, kindOf, allowsImplicitAny: language.allowsImplicitAny });

  /** What is wrong with a cell's syntax alone; what is put behind a cell must not be swallowed by a text that does not end. */
  function parse(source) {
    const kind = cellFile.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    return ts.createSourceFile(cellFile, `${source}\nexport {};`, ts.ScriptTarget.Latest, true, kind);
  }

  /** The names that JSX stands for without saying them. */
  function markupNames() {
    const { jsxFactory = "React.createElement", jsxFragmentFactory = "" } = language.options;
    return language.hasMarkup ? `${jsxFactory} ${jsxFragmentFactory}` : "";
  }

  function convert(previous, source, alive) {
    earlier.settle(previous, alive);
    // a cell that did not end well may not have taken its files over
    if (previous !== latest.token) for (const path of latest.files) compiled.delete(path);
    latest = { token: previous, files: [] };
    const parsed = parse(source);
    if (parsed.parseDiagnostics.length > 0)
      return { diagnostics: toDiagnostics(parsed.parseDiagnostics, { ...facts(source), isWhole: false }) };
    language.refresh();

    const declared = declaredNames(ts, parsed);
    const reserved = reservedNames.find((name) => declared.has(name));
    if (reserved) return { diagnostics: [isReserved(reserved)] };
    const used = earlier.used(`${source} ${markupNames()}`, declared);
    const shared = [...declared].filter(([, { exported }]) => !exported).map(([name]) => name);
    const text = `${source}\nexport { ${shared.join(", ")} }; ${earlier.line(used)}`;
    language.write(cellFile, text);
    const program = language.program(files());
    const file = program.getSourceFile(cellFile);

    const others = dependencies(program, file);
    const changed = others.filter((other) => compiled.get(other.fileName) !== other.version);
    const diagnostics = toDiagnostics(
      [file, ...changed].flatMap((each) => findings(program, each)),
      facts(source),
    );
    if (diagnostics.length > 0) return { diagnostics };

    const cell = ++cells;
    const { script, declarations } = emitCell(program, file, { cell, declared, used, source, text, others });
    const sides = changed.map((other) => emitFile(program, other));
    for (const other of changed) compiled.set(other.fileName, other.version);
    const declOutput = earlier.add(cell, declared, declarations);
    latest = { token: declOutput, files: changed.map(({ fileName }) => fileName) };
    return {
      diagnostics,
      output: script.output,
      maps: script.maps,
      hasToplevelAwait: script.hasToplevelAwait,
      declOutput,
      lastExpressionVar: script.output.includes(`exports.${lastExpressionVar} =`) ? lastExpressionVar : undefined,
      sideOutputs: sides.map(({ path, output }) => ({ path, data: output })),
      sideMaps: sides.map(({ path, maps }) => [path, maps]),
    };
  }

  const token = {
    isCancellationRequested: cancelled,
    throwIfCancellationRequested() {
      if (cancelled()) throw new ts.OperationCanceledException();
    },
  };
  const findings = (program, file) => [
    ...program.getSyntacticDiagnostics(file, token),
    ...program.getSemanticDiagnostics(file, token),
  ];

  /** The notebook's own files that a file leads to, itself not among them. */
  function dependencies(program, file) {
    const own = new Map(language.own(program).map((each) => [each.fileName, each]));
    const found = new Set();
    const visit = (from) => {
      for (const literal of from.imports ?? []) {
        const to = own.get(targetOf(program, from, literal));
        if (!to || to === file || found.has(to) || earlier.isCellFile(to.fileName)) continue;
        found.add(to);
        visit(to);
      }
    };
    visit(file);
    return [...found];
  }

  const targetOf = (program, from, literal) =>
    program.getResolvedModuleFromModuleSpecifier(literal, from)?.resolvedModule?.resolvedFileName;

  /** JavaScript and declarations of the checked cell. */
  function emitCell(program, file, { cell, declared, used, source, text, others }) {
    let emitted = "";
    let types;
    const write = (path, data) => {
      if (path.endsWith(".d.ts")) types = data;
      else emitted = data;
    };
    program.emit(file, write, token, false, { before: [keepLastExpression(source.length)], after: [withoutExports(ts)] });

    // what cannot be declared is known by its source
    const ambient = /\bdeclare\s+(global|module)\b/.test(source);
    const declarations =
      types === undefined
        ? { text, extension: cellFile.endsWith("x") ? ".tsx" : ".ts", ambient }
        : { text: types.replaceAll("./__cell__", `./__cell_${cell}`), extension: ".d.ts", ambient };

    const present = declaredNames(ts, ts.createSourceFile("cell.js", emitted, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS));
    const assignable = new Map();
    for (const [name, { meaning, ambient: elsewhere, assignable: set }] of declared)
      if (meaning & value && (present.has(name) || elsewhere)) assignable.set(name, set);
    const imported = [...used].filter(([, { assignable: set }]) => set).map(([name]) => name);
    const loading = loadingFrom(program, file);
    const script = scriptsWith(loading).ofCell(emitted, { cell, assignable, imported, before: importedBy(program, others) });
    return { script, declarations };
  }

  /** Keeps the value of a cell's last expression where the executor looks for it. */
  const keepLastExpression = (length) => (context) => (file) => {
    const { factory } = context;
    const at = file.statements.findLastIndex((statement) => statement.getStart(file) < length && !ts.isEmptyStatement(statement));
    const last = file.statements[at];
    if (!last || !ts.isExpressionStatement(last)) return file;
    const place = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), lastExpressionVar);
    const kept = factory.updateExpressionStatement(last, factory.createAssignment(place, last.expression));
    return factory.updateSourceFile(file, [...file.statements.slice(0, at), kept, ...file.statements.slice(at + 1)]);
  };

  /** Packages that files of the notebook import and cannot wait for: a cell loads them before. */
  function importedBy(program, files) {
    const names = new Set();
    for (const file of files)
      for (const literal of file.imports ?? []) {
        if (ts.isCallExpression(literal.parent)) continue; // import() waits for itself
        const { how, name } = loadingFrom(program, file)(literal.text);
        if (how === "import") names.add(name);
      }
    return [...names];
  }

  /** How a file's imports are loaded: the notebook's own files by their place, packages as Node does. */
  function loadingFrom(program, file) {
    const literals = new Map((file.imports ?? []).map((literal) => [literal.text, literal]));
    return (specifier) => {
      const literal = literals.get(specifier);
      const target = literal && targetOf(program, file, literal);
      if (target && program.getSourceFile(target) && isOwn(program, target))
        return { how: "require", name: placeOf(target, file.fileName) };
      const how = howLoaded(specifier, file.fileName);
      const isFile = how === "import" && /^\.\.?\//.test(specifier);
      return { how, name: isFile ? pathToFileURL(resolve(dirname(file.fileName), specifier)).href : specifier };
    };
  }

  function isOwn(program, path) {
    const file = program.getSourceFile(path);
    return !file.isDeclarationFile && !path.includes("/node_modules/") && !program.isSourceFileFromExternalLibrary(file);
  }

  const outputPath = (path) => path.replace(/\.([cm]?)[jt]sx?$/, ".js");

  function placeOf(path, from) {
    const place = relative(dirname(from), outputPath(path));
    return place.startsWith(".") ? place : `./${place}`;
  }

  function scriptsWith(loading) {
    return createScripts(ts, { target: ts.ScriptTarget.ES2024, loading });
  }

  /** The JavaScript of a file of the notebook, as the executor's `require` finds it. */
  function emitFile(program, file) {
    const path = outputPath(file.fileName);
    if (file.fileName.endsWith(".json"))
      return { path, output: `module.exports = ${file.text.trim() || "undefined"};\n`, maps: {} };
    let emitted = "";
    program.emit(file, (name, data) => {
      if (/\.[cm]?jsx?$/.test(name)) emitted = data;
    });
    const loading = loadingFrom(program, file);
    const waiting = (specifier) => {
      const found = loading(specifier);
      return found.how === "import" ? { ...found, how: "loaded" } : found;
    };
    return { path, ...scriptsWith(waiting).ofFile(emitted) };
  }

  /** Makes a cell's source a file to import; what the checker says of it is returned. */
  function addModule(name, content, meta) {
    const path = `${folder}/${basename(name)}.${meta?.jsx ? "tsx" : "ts"}`;
    if (!modules.includes(path)) modules.push(path);
    language.refresh();
    language.write(path, `${content}\nexport {};`);
    const program = language.program(files());
    const file = program.getSourceFile(path);
    return toDiagnostics(findings(program, file), { ...facts(content), cellFile: path });
  }

  language.write(cellFile, "export {};");
  return {
    convert,
    addModule,
    complete: (_previous, source, position) => questions.complete(source, position),
    inspect: (_previous, source, position) => questions.inspect(source, position),
    /** Reads the language's library and runs through everything once. */
    warm() {
      convert("", "const warm: number[] = await Promise.resolve([1]); warm.map(String)", []);
      earlier.settle("none");
      questions.complete("[1].ma", 6);
      questions.inspect("[1].map", 5);
    },
    /** The names that cells have declared. */
    names: () => [...earlier.all()].filter(([, { meaning }]) => meaning & value).map(([name]) => name),
    /** Begins anew with names of which nothing but their being there is known. */
    restore(names) {
      compiled.clear();
      modules.length = 0;
      earlier.restore(names);
    },
    close: () => language.service.dispose(),
  };
}

module.exports = { createConverter };
