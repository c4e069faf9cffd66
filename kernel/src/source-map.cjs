"use strict";
// Where a line of emitted JavaScript came from. A cell is emitted twice: TypeScript to ES module, that to CommonJS.
const { SourceMap } = require("node:module");

/**
 * @param {{ outer: string, inner: string | undefined } | undefined} maps JSON of the second emission's map, base64 of the first's
 * @param {number} linesBefore lines that tslab put before the source
 * @returns a function from a zero-based line and column of the output to those of the cell, or undefined where there is none
 */
function createPositions(maps, linesBefore) {
  if (!maps?.inner) return () => undefined;
  let outer;
  let inner;
  return (line, column) => {
    outer ??= new SourceMap(JSON.parse(maps.outer));
    inner ??= new SourceMap(JSON.parse(Buffer.from(maps.inner, "base64").toString("utf8")));
    const middle = outer.findEntry(line, column);
    if (middle.originalLine === undefined) return undefined;
    const source = inner.findEntry(middle.originalLine, middle.originalColumn);
    if (source.originalLine === undefined) return undefined;
    return { line: source.originalLine - linesBefore, column: source.originalColumn };
  };
}

module.exports = { createPositions };
