"use strict";
// tslab's own converter, on its TypeScript 5.0, with our resolution and options: what ASSAY_KERNEL_CONVERTER=tslab chooses.
const { compilerOptions, saysImplicitAny } = require("../compiler-options.cjs");
const { log } = require("../log.cjs");
const { createTypeResolution } = require("../resolve.cjs");
const { awaits } = require("./script.cjs");

const typescriptFile = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab/package.json")] });
const ts = require(typescriptFile);

/** tslab puts the line `export {};` before a cell. */
const linesBefore = 1;
const unwatched = { close() {} };

/**
 * What is emitted by one conversion: JavaScript text → its two source maps.
 * @type {Map<string, { outer: string, inner: string | undefined }>}
 */
const emitted = new Map();
let allowImplicitAny = true;
/** The program of the conversion under way. */
let builder;
/** tslab's name of the file that declares what earlier cells made. */
const isEarlier = (file) => file.fileName.endsWith("/__prev__.d.ts");

/** TypeScript as tslab is to see it. */
const facade = {
  ...ts,
  createWatchCompilerHost(rootFiles, base, sys, createProgram, _report, reportWatchStatus) {
    const chosen = compilerOptions(ts, sys.getCurrentDirectory(), base);
    allowImplicitAny = chosen.allowImplicitAny;
    const report = (diagnostic) => log(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
    const create = (...given) => {
      builder = (createProgram ?? ts.createEmitAndSemanticDiagnosticsBuilderProgram)(...given);
      return builder;
    };
    const host = ts.createWatchCompilerHost(rootFiles, chosen.options, quiet(sys), create, report, reportWatchStatus);
    host.resolveModuleNameLiterals = createTypeResolution(ts, sys);
    host.hasInvalidatedResolutions = () => false;
    return host;
  },
  getPreEmitDiagnosticsOfFiles(...given) {
    const found = ts.getPreEmitDiagnosticsOfFiles(...given);
    return allowImplicitAny ? found.filter((diagnostic) => !saysImplicitAny(diagnostic)) : found;
  },
  visitEachChild(node, visit, ...rest) {
    return ts.visitEachChild(node, (child) => longhand(child, visit) ?? visit(child), ...rest);
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

/**
 * tslab takes the name of an earlier cell's value as it stands in `{ value }`, where nothing of that name is: written out, `{ value: exports.value }`.
 * Undefined for any other node.
 */
function longhand(node, visit) {
  if (!ts.isShorthandPropertyAssignment(node)) return undefined;
  const symbol = builder.getProgram().getTypeChecker().getShorthandAssignmentValueSymbol(ts.getParseTreeNode(node));
  if (!symbol?.declarations?.some((declaration) => isEarlier(declaration.getSourceFile()))) return undefined;
  const { factory } = ts;
  const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
  const fallback = node.objectAssignmentInitializer;
  return factory.createPropertyAssignment(
    node.name.text,
    fallback ? factory.createAssignment(value, ts.visitNode(fallback, visit)) : value,
  );
}

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
  let latest = "";
  return {
    ...converter,
    convert(previous, source) {
      emitted.clear();
      latest = previous;
      const result = converter.convert(previous, source);
      if (!result.output) return result;
      latest = result.declOutput;
      return {
        ...result,
        hasToplevelAwait: result.hasToplevelAwait || awaits(ts, result.output),
        maps: { ...emitted.get(result.output), linesBefore },
        sideMaps: (result.sideOutputs ?? []).map(({ path, data }) => [path, emitted.get(data)]),
      };
    },
    complete: (_previous, source, position) => converter.complete(latest, source, position),
    inspect: (_previous, source, position) => converter.inspect(latest, source, position),
    restore(names) {
      latest = names.map((name) => `declare let ${name}: any;\n`).join("");
    },
  };
}

module.exports = { createConverter, ts };
