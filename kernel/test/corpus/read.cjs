"use strict";
// The corpus: files of cells with their outcomes.
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** @typedef {{ title: string, cells: { code: string, expected: string[] }[] }} Notebook */

/**
 * @param {string} text of a `.cells` file: `## title` begins a notebook, lines `//= …`, `//> …`, `//! …` end a cell and say its outcome
 * @returns {Notebook[]}
 */
function parse(text) {
  const notebooks = [];
  let code = [];
  let expected = [];
  const close = () => {
    if (expected.length > 0)
      notebooks.at(-1).cells.push({ code: code.join("\n"), expected: expected.filter((line) => line !== "=") });
    if (expected.length > 0) code = [];
    expected = [];
  };
  for (const line of text.split("\n")) {
    const [, title] = /^## (.*)/.exec(line) ?? [];
    const [, outcome] = /^\/\/([=>!].*)/.exec(line) ?? [];
    if (outcome !== undefined) expected.push(outcome.trim());
    else {
      close();
      if (title) notebooks.push({ title, cells: [] });
      if (title || notebooks.length === 0) code = [];
      else if (line !== "" || code.length > 0 || expectsBlank(notebooks.at(-1))) code.push(line);
    }
  }
  close();
  return notebooks;
}

/** Blank lines between notebooks are nobody's; those before a cell are the cell's. */
const expectsBlank = ({ cells }) => cells.length > 0;

/** Every notebook of the corpus. */
function readCorpus() {
  return readdirSync(__dirname)
    .filter((name) => name.endsWith(".cells"))
    .sort()
    .flatMap((name) => parse(readFileSync(join(__dirname, name), "utf8")));
}

module.exports = { readCorpus };
