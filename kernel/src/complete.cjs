"use strict";
// Completion and inspection of a cell that is being written, as Jupyter's messages have them.
const { printQuickInfo } = require("tslab/dist/inspect.js");

const typedShown = 200;
/** A signature of more lines, as of an estimator with all its parameters, stands below what is written of it. */
const shortSignature = 8;

/** Jupyter counts code points, JavaScript UTF-16 units. */
const toUnits = (text, points) => Array.from(text).slice(0, points).join("").length;
const toPoints = (text, units) => Array.from(text.slice(0, units)).length;

/** The content of complete_reply: names that begin with what is before the cursor. */
function complete(converter, { code, cursor_pos: cursor }) {
  const at = toUnits(code, cursor);
  const { start, end, candidates, original } = converter.complete("", code, at);
  const prefix = code.slice(start, at);
  const matches = candidates.filter((name) => name.startsWith(prefix));
  const span = { start: toPoints(code, start), end: toPoints(code, Math.max(end, at)) };
  const kinds = new Map((original?.entries ?? []).map(({ name, kind }) => [name, kind]));
  const typed = matches.slice(0, typedShown).map((text) => ({ text, type: kinds.get(text) ?? "", ...span }));
  return {
    status: "ok",
    matches,
    cursor_start: span.start,
    cursor_end: span.end,
    metadata: { _jupyter_types_experimental: typed },
  };
}

/** The content of inspect_reply: signature and documentation of the name at the cursor. */
function inspect(converter, { code, cursor_pos: cursor }) {
  const found = converter.inspect("", code, toUnits(code, cursor));
  if (!found) return { status: "ok", found: false, data: {}, metadata: {} };
  const text = (parts = []) => parts.map((part) => part.text).join("");
  const tags = (found.tags ?? []).map(({ name, text: parts }) => `*@${name}* ${text(parts)}`.trim());
  const signature = text(found.displayParts);
  const parts = [`\`\`\`typescript\n${signature}\n\`\`\``, [text(found.documentation), ...tags].filter(Boolean).join("\n\n")];
  const markdown = signature.split("\n").length > shortSignature ? parts.reverse() : parts;
  return {
    status: "ok",
    found: true,
    data: { "text/plain": printQuickInfo(found), "text/markdown": markdown.filter(Boolean).join("\n\n") },
    metadata: {},
  };
}

module.exports = { complete, inspect };
