"use strict";
// What tslab's executor and display need of TypeScript on the main thread: to read the tags at a cell's head. The compiler itself is on another
// thread; loading tslab's copy of it here would make every start slower for nothing.
const Module = require("node:module");

const white = 5;
const lineComment = 2;
const blockComment = 3;
const other = 80;
const trivia = /\s+|(\/\/[^\n]*)|(\/\*[\s\S]*?\*\/)/y;

/** TypeScript's scanner as far as the first word of a text. */
function createScanner() {
  let text = "";
  let at = 0;
  let token = "";
  return {
    setLanguageVariant() {},
    setText(given) {
      text = given;
      at = 0;
    },
    scan() {
      trivia.lastIndex = at;
      const [found, line, block] = trivia.exec(text) ?? [];
      if (found === undefined) return other;
      token = found;
      at += found.length;
      if (block) return blockComment;
      return line ? lineComment : white;
    },
    getTokenText: () => token,
  };
}

/** The tags of a JSDoc comment; undefined for a comment of another kind. */
function parseIsolatedJSDocComment(text) {
  if (!/^\/\*\*(?!\/)/.test(text)) return undefined;
  const tags = [...text.matchAll(/(?:^\/\*\*|\n)[ \t]*\*?[ \t]*@(\w+)[ \t]*([^\n@]*?)[ \t]*(?=\*\/|\r?\n|@|$)/g)];
  return {
    jsDoc: { tags: tags.map(([, name, comment]) => ({ tagName: { escapedText: name }, comment: comment || undefined })) },
  };
}

/**
 * Puts this in the place of tslab's TypeScript for the modules of this thread.
 * @param {string} version what `tslab.versions` tells
 */
function installForTslab(version) {
  const file = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab/package.json")] });
  if (require.cache[file]) return;
  const module = new Module(file);
  module.loaded = true;
  module.exports = {
    version,
    sys: {},
    ScriptTarget: { Latest: 99 },
    LanguageVariant: { Standard: 0 },
    SyntaxKind: { FirstTriviaToken: lineComment, MultiLineCommentTrivia: blockComment, LastTriviaToken: 7 },
    createScanner,
    parseIsolatedJSDocComment,
  };
  require.cache[file] = module;
}

module.exports = { installForTslab, createScanner, parseIsolatedJSDocComment };
