"use strict";
// The last step of a cell: from an ES module to the script that the executor runs, whose names later cells share.

/** Module names that stand for the names of earlier cells. */
const earlierName = "./__earlier__";
/** The object with the notebook's names and its ways to load modules; cells cannot replace it. */
const notebook = "__notebook__";
/** The parameter of a name's setter. */
const given = "__given__";
const isEarlier = (specifier) => specifier === earlierName || /^\.\/__cell_\d+$/.test(specifier);
const moduleMark = 'Object.defineProperty(exports, "__esModule", { value: true });';
const mapComment = /\n\/\/# sourceMappingURL=data:[^,\n]*,([\w+/=]+)\s*$/;

/** @typedef {{ how: "require" | "import" | "loaded", name: string }} Loading how a module comes into a script, and by which name */

/**
 * @param {typeof import("typescript")} ts
 * @param {{ target: number, loading: (specifier: string) => Loading }} parts
 */
function createScripts(ts, { target, loading }) {
  const { factory } = ts;

  const member = (...path) =>
    path.slice(1).reduce((from, name) => factory.createPropertyAccessExpression(from, name), factory.createIdentifier(path[0]));
  const call = (name, ...given) => factory.createCallExpression(member(notebook, name), undefined, given);
  /** Whether a statement calls a function of the notebook object. */
  const calls = ({ expression }, name) => {
    const callee = (expression && ts.isAwaitExpression(expression) ? expression.expression : expression)?.expression;
    return callee && ts.isPropertyAccessExpression(callee) && callee.expression.text === notebook && callee.name.text === name;
  };

  /** `import()` and `import.meta`, which a script does not have; those of a file know where it is. */
  const dynamic = (inFile) => (context) => (node) => {
    const visit = (child) => {
      if (ts.isCallExpression(child) && child.expression.kind === ts.SyntaxKind.ImportKeyword) {
        const [first] = child.arguments;
        const local = first && ts.isStringLiteralLike(first) ? loading(first.text) : undefined;
        if (local?.how === "require" && local.name.startsWith(".")) return child; // what we compile is ours to load
        const [specifier, options = factory.createVoidZero()] = child.arguments.map((argument) => ts.visitNode(argument, visit));
        return call("load", specifier, options, ...(inFile ? [factory.createIdentifier("__filename")] : []));
      }
      if (ts.isMetaProperty(child) && child.keywordToken === ts.SyntaxKind.ImportKeyword) {
        return inFile ? call("metaOf", factory.createIdentifier("__filename")) : member(notebook, "meta");
      }
      return ts.visitEachChild(child, visit, context);
    };
    return ts.visitNode(node, visit);
  };

  /** Imports first, as a module has them; then the cell's names are made known. */
  const ordered = () => (file) => {
    const rank = (statement) => {
      if (calls(statement, "ahead")) return 0;
      if (ts.isImportDeclaration(statement)) return 1;
      return calls(statement, "begin") ? 2 : 3;
    };
    const kept = file.statements.filter((statement) => !ts.isExportDeclaration(statement));
    return factory.updateSourceFile(
      file,
      [0, 1, 2, 3].flatMap((wanted) => kept.filter((statement) => rank(statement) === wanted)),
    );
  };

  /** The `require` calls that imports became: some are awaited imports, some our own names. */
  const loaded = (context) => (file) => {
    const visit = (node) => {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return ts.visitEachChild(node, visit, context);
      const callee = node.expression.text;
      const [first] = node.arguments;
      if (callee === "__importStar" || callee === "__importDefault") {
        const inner = visit(first);
        return inner === first || (ts.isCallExpression(inner) && ts.isIdentifier(inner.expression))
          ? factory.updateCallExpression(node, node.expression, undefined, [inner])
          : inner;
      }
      if (callee !== "require" || !first || !ts.isStringLiteral(first)) return ts.visitEachChild(node, visit, context);
      if (isEarlier(first.text)) return member(notebook, "names");
      const { how, name } = loading(first.text);
      if (how === "import") return factory.createAwaitExpression(call("load", factory.createStringLiteral(name)));
      if (how === "loaded") return call("loaded", factory.createStringLiteral(name));
      return name === first.text
        ? node
        : factory.updateCallExpression(node, node.expression, undefined, [factory.createStringLiteral(name)]);
    };
    const isImport = (statement) => ts.getOriginalNode(statement).kind === ts.SyntaxKind.ImportDeclaration;
    return factory.updateSourceFile(
      file,
      file.statements.map((statement) => (isImport(statement) ? visit(statement) : statement)),
    );
  };

  function transpile(text, inner, before) {
    const answer = ts.transpileModule(text, {
      fileName: "cell.js",
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target,
        esModuleInterop: true,
        sourceMap: true,
        newLine: ts.NewLineKind.LineFeed,
      },
      transformers: { before, after: [loaded] },
    });
    return {
      output: answer.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
      maps: { outer: answer.sourceMapText, inner },
    };
  }

  return {
    /**
     * A cell's script.
     * @param {string} emitted ES module with its source map inline
     * @param {{ cell: number, assignable: Map<string, boolean>, imported: string[], before: string[] }} facts names to share with whether they may be
     *   assigned to; names that stand for variables of earlier cells; packages to load before anything else
     */
    ofCell(emitted, { cell, assignable, imported, before }) {
      const [comment, inner] = mapComment.exec(emitted) ?? ["", undefined];
      const text = emitted.slice(0, emitted.length - comment.length);
      const entries = [...assignable].map(
        ([name, set]) => `["${name}"]: [() => ${name}${set ? `, (${given}) => { ${name} = ${given}; }` : ""}]`,
      );
      const whole = [
        text,
        ...(imported.length > 0 ? [`import { ${imported.join(", ")} } from "${earlierName}";`] : []),
        ...(before.length > 0 ? [`await ${notebook}.ahead(${JSON.stringify(before)});`] : []),
        `${notebook}.begin(${cell}, { ${entries.join(", ")} });`,
        `${notebook}.end(${cell});`,
        "export {};",
      ].join("\n");
      const { output, maps } = transpile(whole, inner, [dynamic(false), ordered]);
      // a script is no module, and cells may have taken `Object` away; its line stays
      const script = output.replace(moduleMark, "");
      return { output: script, maps, hasToplevelAwait: awaits(ts, script) };
    },
    /** A CommonJS module of a file beside the notebook. */
    ofFile(emitted) {
      const [comment, inner] = mapComment.exec(emitted) ?? ["", undefined];
      return transpile(emitted.slice(0, emitted.length - comment.length), inner, [dynamic(true)]);
    },
  };
}

/** Whether a script waits outside its functions, in any form. */
function awaits(ts, text) {
  if (!text.includes("await")) return false;
  // inside an async function every `await` is read as one
  const file = ts.createSourceFile("cell.js", `async () => {\n${text}\n};`, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const visit = (node) => {
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) return node.name ? visit(node.name) : false;
    if (ts.isClassStaticBlockDeclaration(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return ts.forEachChild(file.statements[0].expression.body, visit) ?? false;
}

/**
 * Takes the exports out of a module: every name of a cell is shared anyway. A transformer of the module's JavaScript.
 * @param {typeof import("typescript")} ts
 */
const withoutExports = (ts) => (context) => (file) => {
  const { factory } = context;
  const unmarked = (modifiers) =>
    modifiers?.filter(({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword);
  const plain = (statement) => {
    if (ts.isExportAssignment(statement)) return factory.createExpressionStatement(statement.expression);
    if (ts.isExportDeclaration(statement))
      return statement.moduleSpecifier
        ? factory.createImportDeclaration(undefined, undefined, statement.moduleSpecifier, undefined)
        : [];
    if (ts.isVariableStatement(statement))
      return factory.updateVariableStatement(statement, unmarked(statement.modifiers), statement.declarationList);
    if (ts.isFunctionDeclaration(statement)) {
      const { modifiers, asteriskToken, name = factory.createUniqueName("default"), parameters, body } = statement;
      return factory.updateFunctionDeclaration(
        statement,
        unmarked(modifiers),
        asteriskToken,
        name,
        undefined,
        parameters,
        undefined,
        body,
      );
    }
    if (!ts.isClassDeclaration(statement)) return statement;
    const { modifiers, name = factory.createUniqueName("default"), heritageClauses, members } = statement;
    return factory.updateClassDeclaration(statement, unmarked(modifiers), name, undefined, heritageClauses, members);
  };
  return factory.updateSourceFile(file, file.statements.flatMap(plain));
};

module.exports = { createScripts, awaits, withoutExports };
