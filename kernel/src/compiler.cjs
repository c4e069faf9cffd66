"use strict";
// tslab's converter (TypeScript cell in, JavaScript and declarations out) with our resolution, options and source maps.
const { compilerOptions } = require("./compiler-options.cjs");
const { log } = require("./log.cjs");
const { createTypeResolution } = require("./resolve.cjs");
const { createPositions } = require("./source-map.cjs");

const typescriptFile = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab/package.json")] });
const ts = require(typescriptFile);

/** TypeScript's messages 7005 to 7057 say where something "implicitly has an 'any' type", but for these. */
const otherCodes = new Set([7027, 7028, 7029, 7030]);
const saysImplicitAny = ({ code }) => code >= 7005 && code <= 7057 && !otherCodes.has(code);
/** tslab puts the line `export {};` before a cell. */
const linesBeforeCell = 1;
const unwatched = { close() {} };

/**
 * What is emitted by one conversion: JavaScript text → its two source maps.
 * @type {Map<string, { outer: string, inner: string | undefined }>}
 */
const emitted = new Map();
let allowImplicitAny = true;

/** TypeScript as tslab is to see it. */
const facade = {
  ...ts,
  createWatchCompilerHost(rootFiles, base, sys, createProgram, _report, reportWatchStatus) {
    const chosen = compilerOptions(ts, sys.getCurrentDirectory(), base);
    allowImplicitAny = chosen.allowImplicitAny;
    const report = (diagnostic) => log(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
    const host = ts.createWatchCompilerHost(rootFiles, chosen.options, quiet(sys), createProgram, report, reportWatchStatus);
    host.resolveModuleNameLiterals = createTypeResolution(ts, sys);
    host.hasInvalidatedResolutions = () => false;
    return host;
  },
  getPreEmitDiagnosticsOfFiles(...given) {
    const found = ts.getPreEmitDiagnosticsOfFiles(...given);
    return allowImplicitAny ? found.filter((diagnostic) => !saysImplicitAny(diagnostic)) : found;
  },
  transpileModule(text, options) {
    const [comment, inner] = /\n\/\/# sourceMappingURL=data:[^,\n]*,([\w+/=]+)\s*$/.exec(text) ?? ["", undefined];
    const answer = ts.transpileModule(text.slice(0, text.length - comment.length), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
    });
    const outputText = answer.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    emitted.set(outputText, { outer: answer.sourceMapText, inner });
    return { ...answer, outputText };
  },
};

/** Watches only the project's own files: watching node_modules is slow, and a change there broke tslab for good. */
function quiet(sys) {
  const watchFile = sys.watchFile;
  sys.watchFile = (path, ...rest) => {
    const own =
      path.startsWith(`${sys.getCurrentDirectory()}/`) && !path.includes("/node_modules/") && !path.endsWith("/package.json");
    return own ? watchFile(path, ...rest) : unwatched;
  };
  sys.watchDirectory = () => unwatched;
  return sys;
}

require.cache[typescriptFile].exports = facade;
const tslab = require("tslab/dist/converter.js");

/**
 * A converter of cells: tslab's, which also says where its output came from and knows every top-level await.
 * @returns convert(previous, source), inspect, complete, addModule, close as tslab's Converter
 */
function createConverter() {
  const converter = tslab.createConverter({ isJS: false, isBrowser: false });
  return {
    ...converter,
    convert(previous, source) {
      emitted.clear();
      const result = converter.convert(previous, source);
      if (!result.output) return result;
      return {
        ...result,
        hasToplevelAwait: result.hasToplevelAwait || awaitsAtTop(result.output),
        positions: createPositions(emitted.get(result.output), linesBeforeCell),
        sidePositions: (result.sideOutputs ?? []).map(({ path, data }) => [path, createPositions(emitted.get(data), 0)]),
      };
    },
  };
}

/** tslab misses `await (x)` and `for await`: they are looked for in the JavaScript that came out. */
function awaitsAtTop(text) {
  if (!text.includes("await")) return false;
  // inside an async function every `await` is read as one
  const file = ts.createSourceFile("cell.js", `async () => {\n${text}\n};`, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const visit = (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return ts.forEachChild(file.statements[0].expression.body, visit) ?? false;
}

module.exports = { createConverter, ts, isCompleteCode: tslab.isCompleteCode };
