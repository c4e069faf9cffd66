"use strict";
// What was run in this session, as history_request asks for it.

const sessionNumber = 0;

/** Inputs with their outputs, in order. */
function createHistory() {
  /** @type {{ line: number, input: string, output: string | null }[]} */
  const entries = [];
  return {
    /** Adds an input; its output is set when it is known. */
    add(line, input) {
      const entry = { line, input, output: null };
      entries.push(entry);
      return entry;
    },
    /** The content of history_reply for the content of history_request. */
    answer(request) {
      const found = select(entries, request);
      return {
        status: "ok",
        history: found.map(({ line, input, output }) => [sessionNumber, line, request.output ? [input, output] : input]),
      };
    },
  };
}

function select(entries, { hist_access_type: access, start = 0, stop, n, pattern = "*", unique = false }) {
  if (access === "range") {
    // a negative start counts from the end, as in IPython
    const from = start < 0 ? Math.max(0, entries.length + start) : Math.max(0, start - 1);
    return entries.slice(from, stop == null ? undefined : Math.max(0, stop - 1));
  }
  if (access === "tail") return last(entries, n);
  if (access !== "search") return [];
  const expression = glob(pattern);
  const found = entries.filter(({ input }) => expression.test(input));
  return last(unique ? [...new Map(found.map((entry) => [entry.input, entry])).values()] : found, n);
}

function last(entries, n) {
  return n == null ? entries : n <= 0 ? [] : entries.slice(-n);
}

/** `*` is any text, `?` one character. */
function glob(pattern) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`);
}

module.exports = { createHistory };
