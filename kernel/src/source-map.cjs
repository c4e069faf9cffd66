"use strict";
// Where a line of emitted JavaScript came from. A cell is emitted twice: TypeScript to ES module, that to CommonJS.
const { SourceMap } = require("node:module");

/**
 * @param {{ outer: string, inner: string | undefined, linesBefore?: number } | undefined} maps JSON of the second emission's map, base64 of the
 *   first's; lines that tslab put before the source
 * @returns a function from a zero-based line and column of the output to those of the cell, or undefined where there is none; its `characters` are
 *   those of the maps
 */
function createPositions(maps) {
  if (!maps?.inner) return Object.assign(() => undefined, { characters: 0 });
  let outer;
  let inner;
  const positions = (line, column) => {
    outer ??= new SourceMap(JSON.parse(maps.outer));
    inner ??= new SourceMap(JSON.parse(Buffer.from(maps.inner, "base64").toString("utf8")));
    const middle = outer.findEntry(line, column);
    if (middle.originalLine === undefined) return undefined;
    const source = inner.findEntry(middle.originalLine, middle.originalColumn);
    if (source.originalLine === undefined) return undefined;
    return { line: source.originalLine - (maps.linesBefore ?? 0), column: source.originalColumn };
  };
  return Object.assign(positions, { characters: maps.outer.length + maps.inner.length });
}

module.exports = { createPositions };
