"use strict";
// What was run in this session, as history_request asks for it.

const sessionNumber = 0;
/** So many characters of inputs and outputs are kept; beyond that the oldest cells are forgotten. */
const charactersKept = 16_000_000;

/** Inputs with their outputs, in order. */
function createHistory(limit = charactersKept) {
  /** @type {{ line: number, input: string, output: string | null }[]} */
  const entries = [];
  let characters = 0;

  function grow(by) {
    characters += by;
    while (characters > limit && entries.length > 1) {
      const { input, output } = entries.shift();
      characters -= input.length + (output?.length ?? 0);
    }
  }

  return {
    /** Adds an input; answers with a function that takes its output when it is known. */
    add(line, input) {
      const entry = { line, input, output: null };
      entries.push(entry);
      grow(input.length);
      return (output) => {
        entry.output = output;
        if (entries.includes(entry)) grow(output.length);
      };
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

function select(
  entries,
  { hist_access_type: access, session = sessionNumber, start = 0, stop, n, pattern = "*", unique = false },
) {
  if (access === "range") {
    if (session !== sessionNumber) return []; // earlier sessions are not kept
    const end = (entries.at(-1)?.line ?? 0) + 1;
    const fromEnd = (line) => (line < 0 ? end + line : line); // as in IPython
    return entries.filter(({ line }) => line >= fromEnd(start) && line < fromEnd(stop ?? end));
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
