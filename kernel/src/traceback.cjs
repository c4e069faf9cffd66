"use strict";
// Errors as Jupyter shows them: name, message, and a traceback that names the cell's own lines.
const { dirname } = require("node:path");
const { inspect } = require("node:util");

const red = (text) => `\u001b[31m${text}\u001b[39m`;
const dim = (text) => `\u001b[2m${text}\u001b[22m`;
const linesAround = 2;
const causesShown = 5;
/** So many characters of sources and their maps are kept; of the oldest cells beyond that an error names no line. */
const charactersKept = 16_000_000;
const machinery = [/\bnode:/, /[\\/]tslab[\\/]dist[\\/]/, /at (async )?<anonymous>$/, /sigintHandlersWrap/];

/** What was thrown into the cell when it was interrupted. */
class Interrupted extends Error {
  name = "Interrupted";
  constructor() {
    super("the cell was interrupted; variables and imports of earlier cells are kept");
  }
}

/**
 * Remembers the sources of cells, and describes errors with them.
 */
function createTracebacks(limit = charactersKept) {
  /** @type {Map<string, { code?: string, shift?: number, lines?: number, positions: ReturnType<import("./source-map.cjs").createPositions> }>} */
  const sources = new Map();
  let characters = 0;
  const weigh = ({ code = "", positions }) => code.length + positions.characters;

  function keep(name, source) {
    forget(name);
    sources.set(name, source);
    characters += weigh(source);
    for (const oldest of sources.keys()) {
      if (characters <= limit || oldest === name) return;
      forget(oldest);
    }
  }

  function forget(name) {
    const known = sources.get(name);
    if (!known) return;
    characters -= weigh(known);
    sources.delete(name);
  }

  /** A stack line with positions in the cell's or the local file's TypeScript. */
  function translate(line) {
    return line
      .replace(/at (async )?Proxy\./, "at $1")
      .replace(/(In\[[^\]]*\]|(?:file:\/\/)?\/[^:()]+\.js):(\d+):(\d+)/, (whole, name, row, column) => {
        const source = sources.get(name);
        if (!source) return name.startsWith("In[") ? name : whole;
        // the first line of a cell begins after the wrapper's `(function(exports, require) { `
        const found = source.positions(row - 1, column - 1 - (row === "1" && source.code !== undefined ? source.shift : 0));
        const shown = source.code === undefined ? name.replace(/\.js$/, ".ts") : name;
        return found ? `${shown}:${found.line + 1}:${found.column + 1}` : shown;
      });
  }

  /** The line that calls a whole cell, behind the cell's own last line. */
  function wraps(line) {
    const [, label, row] = /(In\[[^\]]*\]):(\d+):/.exec(line) ?? [];
    return Number(row) > sources.get(label)?.lines;
  }

  /** The lines `at …` of a stack that belong to the user: down to the last one in a cell, without the kernel's. */
  function frames(error) {
    const lines = stackOf(error)
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .filter((line) => !line.includes(dirname(__dirname)) && !machinery.some((pattern) => pattern.test(line)) && !wraps(line));
    const last = lines.findLastIndex((line) => line.includes("In["));
    return (last < 0 ? lines : lines.slice(0, last + 1)).map(translate);
  }

  /** The lines around the first frame that is in a cell. */
  function excerptOf(shownFrames) {
    for (const frame of shownFrames) {
      const [, label, row, column] = /(In\[[^\]]*\]):(\d+):(\d+)/.exec(frame) ?? [];
      const code = sources.get(label)?.code;
      if (code !== undefined) return codeFrame(code, row - 1, column - 1, Number(column));
    }
    return [];
  }

  function lines(error, depth) {
    if (!(error instanceof Error)) return [red(`thrown: ${inspect(error)}`)];
    const shown = frames(error);
    const own = [`${red(nameOf(error))}: ${messageOf(error)}`, ...shown, ...excerptOf(shown)];
    if (error instanceof AggregateError && depth < causesShown)
      for (const part of error.errors.slice(0, causesShown)) own.push("", dim("one of:"), ...lines(part, depth + 1));
    const saysMore = !(error.cause instanceof Error) || messageOf(error.cause) !== messageOf(error);
    if (error.cause !== undefined && saysMore && depth < causesShown)
      own.push("", dim("caused by:"), ...lines(error.cause, depth + 1));
    return own;
  }

  return {
    /** Keeps a cell under its label, `In[3]`: its source, the number of emitted lines and the width of what the executor puts before them. */
    addCell: keep,
    /** Keeps the origin of a local file that tslab compiled. */
    addFile: (path, positions) => keep(path, { positions }),
    /** The content of an `error` message. */
    describe(thrown) {
      if (thrown instanceof Interrupted)
        return { ename: thrown.name, evalue: thrown.message, traceback: [`${red(thrown.name)}: ${thrown.message}`] };
      const ename = thrown instanceof Error ? nameOf(thrown) : "Thrown";
      const evalue = thrown instanceof Error ? messageOf(thrown) : inspect(thrown);
      return { ename, evalue, traceback: lines(thrown, 0) };
    },
    /** The content of an `error` message for what the type checker found. */
    describeDiagnostics(label, code, diagnostics) {
      const found = merge(diagnostics);
      const where = (d) => `${d.fileName ?? label}:${d.start.line + 1}:${d.start.character + 1}`;
      const [first] = found;
      return {
        ename: first.code < 2000 ? "SyntaxError" : "TypeScriptError",
        evalue: `${where(first)} TS${first.code}: ${first.messageText}`,
        traceback: found.flatMap((d) => [
          `${where(d)} - ${red("error")} ${dim(`TS${d.code}:`)} ${d.messageText}`,
          ...(d.fileName ? [] : codeFrame(code, d.start.line, d.start.character, endOnLine(d))),
        ]),
      };
    },
  };
}

/** Diagnostics of one place are one error with indented explanations. */
function merge(diagnostics) {
  const merged = [];
  for (const diagnostic of diagnostics) {
    const before = merged.at(-1);
    const same = before && before.start.offset === diagnostic.start.offset && before.end.offset === diagnostic.end.offset;
    if (same && diagnostic.fileName === undefined) before.messageText += `\n    ${diagnostic.messageText}`;
    else merged.push({ ...diagnostic });
  }
  return merged;
}

function endOnLine({ start, end }) {
  return end.line === start.line ? end.character : Number.POSITIVE_INFINITY;
}

/** The line with a caret under columns [from, to), and its neighbours. */
function codeFrame(code, line, from, to) {
  const all = code.split("\n");
  const first = Math.max(0, line - linesAround);
  const width = String(line + linesAround + 1).length;
  const out = [];
  for (let row = first; row < Math.min(all.length, line + linesAround + 1); row++) {
    const text = all[row];
    out.push(`${row === line ? ">" : " "} ${String(row + 1).padStart(width)} | ${text}`);
    if (row !== line) continue;
    const length = Math.max(1, Math.min(to, text.length) - from);
    const indent = text.slice(0, from).replace(/[^\t]/g, " ");
    out.push(`  ${" ".repeat(width)} | ${indent}${red("^".repeat(length))}`);
  }
  return out;
}

// what a program throws may be a proxy or have getters that throw
function read(error, key, otherwise) {
  try {
    return typeof error[key] === "string" ? error[key] : otherwise;
  } catch {
    return otherwise;
  }
}
const stackOf = (error) => read(error, "stack", "");
const messageOf = (error) => read(error, "message", "");
const nameOf = (error) => read(error, "name", "") || "Error";

module.exports = { createTracebacks, Interrupted };
