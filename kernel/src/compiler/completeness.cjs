"use strict";
// Whether a source can be run as it stands, as consoles ask after each line.

const indentWidth = 2;

/**
 * @param {typeof import("typescript")} ts
 * @returns a function from the content of is_complete_request to that of its reply
 */
function createCompleteness(ts) {
  const errorsOf = (code) =>
    ts.createSourceFile("cell.ts", `${code}\n;export {};`, ts.ScriptTarget.Latest, true).parseDiagnostics;

  /** Whether more text could mend all that is wrong: the parser missed something where the text ends, or a text or comment does not end. */
  function isOpen(code) {
    const { parseDiagnostics } = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
    const end = code.trimEnd().length;
    const open = new Set([
      ts.Diagnostics.Unterminated_template_literal.code,
      ts.Diagnostics.Asterisk_Slash_expected.code,
      ts.Diagnostics.Expression_expected.code,
    ]);
    return parseDiagnostics.some(({ start, length, messageText, code: number }) => {
      if (open.has(number)) return start + length >= end || number === ts.Diagnostics.Unterminated_template_literal.code;
      return start >= end && typeof messageText === "string" && messageText.endsWith(" expected.");
    });
  }

  return ({ code }) => {
    if (/\n[ \t]*\n[ \t]*$/.test(code.slice(-200))) return { status: errorsOf(code).length > 0 ? "invalid" : "complete" };
    if (isOpen(code)) return { status: "incomplete", indent: indentAfter(code) };
    return { status: errorsOf(code).length > 0 ? "invalid" : "complete" };
  };
}

/** The white space with which the next line begins: that of the last, deeper behind an opening bracket. */
function indentAfter(code) {
  const last = code.slice(code.lastIndexOf("\n") + 1);
  const own = /^[ \t]*/.exec(last)[0];
  return /[[({]\s*(\/\/.*)?$/.test(last) ? `${own}${" ".repeat(indentWidth)}` : own;
}

module.exports = { createCompleteness };
