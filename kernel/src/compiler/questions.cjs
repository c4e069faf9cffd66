"use strict";
// What the language service says of a cell that is being written.

const preferences = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: false,
  includeSymbol: true,
};
/** What a symbol is called by its flag, as the language service does; of two that fit the first. */
const kinds = [
  ["Class", "class"],
  ["Function", "function"],
  ["Variable", "const"],
  ["Enum", "enum"],
  ["Interface", "interface"],
  ["TypeAlias", "type"],
  ["Module", "module"],
];
const signatureTriggers = { triggerReason: { kind: "invoked" } };

/**
 * @param {{ ts: typeof import("typescript"), language: ReturnType<import("./language.cjs").createLanguage>,
 *   earlier: ReturnType<import("./earlier.cjs").createEarlier>, cellFile: string, files: () => string[] }} parts
 *   files are those that are always part of the program
 */
function createQuestions({ ts, language, earlier, cellFile, files }) {
  /** Asks about a source at an offset; names of earlier cells stand before it, so that an unfinished text does not hide them. */
  function ask(source, position, question) {
    const names = earlier.all();
    const header = `${earlier.line(names)}\n`;
    language.refresh();
    language.write(cellFile, `${header}${source}\nexport {};`);
    language.program(files());
    return question(header.length + position, header.length, names);
  }

  /** Names that fit at an offset, best first, and the span that they replace; as tslab's. */
  function complete(source, position) {
    return ask(source, position, (at, shift, names) => {
      const info = language.service.getCompletionsAtPosition(cellFile, at, preferences);
      const entries = (info?.entries ?? []).map(({ name, kind, sortText, symbol }) => ({
        name,
        kind: kind === "alias" ? (names.get(name)?.kind ?? kindBehind(symbol) ?? kind) : kind,
        sortText,
      }));
      entries.sort((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name));
      const span = info?.optionalReplacementSpan ?? info?.entries[0]?.replacementSpan;
      const { start, end } = span
        ? { start: span.start - shift, end: span.start + span.length - shift }
        : wordAt(source, position);
      return { start, end, candidates: entries.map(({ name }) => name), original: { entries } };
    });
  }

  /** What a name that is exported on from elsewhere is there; undefined where nothing is known of it. */
  function kindBehind(symbol) {
    if (!symbol) return undefined;
    const { flags } = language.service.getProgram().getTypeChecker().getAliasedSymbol(symbol);
    return kinds.find(([flag]) => flags & ts.SymbolFlags[flag])?.[1];
  }

  /** What is known of the name at an offset, or of the function whose arguments are being written; undefined where nothing is. */
  function inspect(source, position) {
    return ask(source, position, (at, shift) => {
      const { service } = language;
      const found =
        service.getQuickInfoAtPosition(cellFile, at) ??
        (position > 0 ? service.getQuickInfoAtPosition(cellFile, at - 1) : undefined);
      if (!found) return signature(service.getSignatureHelpItems(cellFile, at, signatureTriggers));
      const { kind, kindModifiers, textSpan, documentation, tags } = found;
      return {
        kind,
        kindModifiers,
        textSpan: { start: textSpan.start - shift, length: textSpan.length },
        displayParts: [{ kind: "text", text: withoutAlias((found.displayParts ?? []).map(({ text }) => text).join("")) }],
        documentation: documentation ?? [],
        tags: tags ?? [],
      };
    });
  }

  return { complete, inspect };
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function wordAt(source, position) {
  const before = /[\p{ID_Continue}$]*$/u.exec(source.slice(0, position))[0].length;
  const after = /^[\p{ID_Continue}$]*/u.exec(source.slice(position))[0].length;
  return { start: position - before, end: position + after };
}

/** A name of an earlier cell is an import to the compiler, but not to the user. */
const withoutAlias = (text) => text.replace(/^\(alias\) (?=[\s\S]*\nimport \S+$)([\s\S]*)\nimport \S+$/, "$1");

/** A call's signature as the inspection of a name. */
function signature(help) {
  const item = help?.items[help.selectedItemIndex];
  if (!item) return undefined;
  const text = (parts) => parts.map((part) => part.text).join("");
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts)).join(text(item.separatorDisplayParts));
  const told = item.parameters[help.argumentIndex]?.documentation ?? [];
  return {
    kind: "function",
    kindModifiers: "",
    textSpan: help.applicableSpan,
    displayParts: [{ kind: "text", text: `${text(item.prefixDisplayParts)}${parameters}${text(item.suffixDisplayParts)}` }],
    documentation: item.documentation.length > 0 ? item.documentation : told,
    tags: item.tags,
  };
}

module.exports = { createQuestions };
