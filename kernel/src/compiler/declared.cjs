"use strict";
// The names that a cell declares at its top level, read from its syntax.

/** What a name can stand for; a namespace counts as both. */
const value = 1;
const type = 2;

/**
 * @typedef {object} Declared
 * @property {string} kind as completion shows it: const, let, var, function, class, enum, module, interface, type, alias
 * @property {number} meaning value, type, or both
 * @property {boolean} assignable whether later cells may assign to it
 * @property {boolean} ambient whether only its type is declared: what it stands for is elsewhere
 * @property {boolean} exported whether the cell itself exports it under this name
 */

/**
 * @param {typeof import("typescript")} ts
 * @param {import("typescript").SourceFile} file
 * @returns {Map<string, Declared>}
 */
function declaredNames(ts, file) {
  /** @type {Map<string, Declared>} */
  const names = new Map();
  const exported = new Set();

  let ambient = false;

  function add(identifier, kind, meaning, assignable, isExported) {
    if (!identifier || !ts.isIdentifier(identifier) || identifier.text === "") return;
    const before = names.get(identifier.text);
    names.set(identifier.text, {
      kind: before && meaning === type ? before.kind : kind,
      meaning: meaning | (before?.meaning ?? 0),
      assignable: assignable || (before?.assignable ?? false),
      exported: isExported || (before?.exported ?? false),
      ambient: ambient && (meaning & value) !== 0,
    });
  }

  function addBinding(name, kind, assignable, isExported) {
    if (ts.isIdentifier(name)) add(name, kind, value, assignable, isExported);
    else
      for (const element of name.elements)
        if (ts.isBindingElement(element)) addBinding(element.name, kind, assignable, isExported);
  }

  function addVariables(list, isExported) {
    const block = list.flags & ts.NodeFlags.BlockScoped;
    const kind = block === 0 ? "var" : block === ts.NodeFlags.Let ? "let" : "const";
    for (const { name } of list.declarations) addBinding(name, kind, kind !== "const", isExported);
  }

  function addImport({ importClause: clause }) {
    const meaning = value | type;
    add(clause?.name, "alias", meaning, false, false);
    const bindings = clause?.namedBindings;
    if (!bindings) return;
    if (ts.isNamespaceImport(bindings)) add(bindings.name, "alias", meaning, false, false);
    else for (const { name } of bindings.elements) add(name, "alias", meaning, false, false);
  }

  /** `var` in blocks belongs to the whole cell. */
  function addNested(node) {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) addVariables(node, false);
    ts.forEachChild(node, addNested);
  }

  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind) => modifiers.some((modifier) => modifier.kind === kind);
    ambient = has(ts.SyntaxKind.DeclareKeyword);
    const isExported = has(ts.SyntaxKind.ExportKeyword) && !has(ts.SyntaxKind.DefaultKeyword);
    if (ts.isVariableStatement(statement)) addVariables(statement.declarationList, isExported);
    else if (ts.isFunctionDeclaration(statement)) add(statement.name, "function", value, false, isExported);
    else if (ts.isClassDeclaration(statement)) add(statement.name, "class", value | type, false, isExported);
    else if (ts.isEnumDeclaration(statement)) add(statement.name, "enum", value | type, false, isExported);
    else if (ts.isInterfaceDeclaration(statement)) add(statement.name, "interface", type, false, isExported);
    else if (ts.isTypeAliasDeclaration(statement)) add(statement.name, "type", type, false, isExported);
    else if (ts.isImportDeclaration(statement)) addImport(statement);
    else if (ts.isImportEqualsDeclaration(statement)) add(statement.name, "alias", value | type, false, isExported);
    else if (ts.isModuleDeclaration(statement)) {
      if (ts.isIdentifier(statement.name) && statement.name.text !== "global")
        add(statement.name, "module", value | type, false, isExported);
    } else if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      if (clause && ts.isNamedExports(clause)) for (const { name } of clause.elements) exported.add(name.text);
    } else addNested(statement);
  }
  for (const name of exported) if (names.has(name)) names.get(name).exported = true;
  return names;
}

module.exports = { declaredNames, value, type };
