"use strict";
// What TypeScript found, in the form that tslab's executor takes: one entry for each sentence.
const { saysImplicitAny } = require("../compiler-options.cjs");
const { hintFor, isOfColumn } = require("./hints.cjs");
const { packageNames } = require("./package-names.cjs");

/** "Did you forget to use 'await'?", which TypeScript puts beside a message. */
const forgotAwait = 2773;

/** To the compiler a name of an earlier cell is an import; what may not be assigned to is told as what it is. */
const importAssigned = 2632;
const assigned = {
  const: [2588, "a constant"],
  function: [2630, "a function"],
  class: [2629, "a class"],
  enum: [2628, "an enum"],
};

function asDeclared(sentence, kindOf) {
  if (sentence.code !== importAssigned) return sentence;
  const [, name] = /'(.*)'/.exec(sentence.messageText) ?? [];
  const [code, what] = assigned[kindOf(name)] ?? [];
  return code ? { code, messageText: `Cannot assign to '${name}' because it is ${what}.` } : sentence;
}

const moduleNotFound = 2307;

/** A package that is not there is told with the remedy; a file of the user's own has none. */
function withRemedy(sentence) {
  const [, name] =
    (sentence.code === moduleNotFound && /^Cannot find module '((?:@[^/']+\/)?[^./'][^/']*)/.exec(sentence.messageText)) || [];
  if (name === undefined || name.includes(":")) return sentence;
  return { ...sentence, messageText: `${sentence.messageText} In the notebook's folder: npm install ${name}` };
}

/**
 * @param {readonly import("typescript").Diagnostic[]} found
 * @param {{ cellFile: string, source: string, nameOf: (path: string) => string, kindOf: (name: string) => string | undefined,
 *   allowsImplicitAny: boolean, isWhole?: boolean }} facts source is the cell's; what was put behind it is not the user's to mend, unless the
 *   source does not end
 */
function toDiagnostics(found, { cellFile, source, nameOf, kindOf, allowsImplicitAny, isWhole = true }) {
  const lineStarts = startsOfLines(source);
  const place = (offset) => {
    const at = Math.min(offset, source.length);
    const line = lineAt(lineStarts, at);
    return { offset: at, line, character: at - lineStarts[line] };
  };

  return found.flatMap((diagnostic) => {
    const { file, start = 0, length = 0, category, code } = diagnostic;
    const said = sentences(diagnostic.messageText, code).map((sentence) => ({
      ...sentence,
      messageText: packageNames(sentence.messageText),
    }));
    const dropped = allowsImplicitAny && saysImplicitAny(diagnostic) && !isOfColumn(said[0].messageText);
    if (!file || dropped) return [];
    const inCell = file.fileName === cellFile;
    if (inCell && isWhole && start > source.length) return [];
    const at = inCell ? place : (offset) => ({ offset, ...file.getLineAndCharacterOfPosition(offset) });
    const fixed = { start: at(start), end: at(start + length), category, ...(inCell ? {} : { fileName: nameOf(file.fileName) }) };
    return [...said, ...asides(diagnostic, said)].map((sentence) => ({ ...fixed, ...asDeclared(sentence, kindOf) }));
  });
}

/** What is said beside the sentences of a diagnostic: a forgotten await, and our own hint. */
function asides({ relatedInformation = [] }, said) {
  const related = relatedInformation.filter(({ code }) => code === forgotAwait).map(({ messageText }) => messageText);
  const hint = said.map(({ messageText }) => hintFor(messageText)).find((each) => each !== undefined);
  return [...related, ...(hint ? [hint] : [])].map((messageText) => ({ messageText, code: said[0].code }));
}

/** A message and the explanations below it, in order. */
function sentences(message, code) {
  if (typeof message === "string") return [withRemedy({ messageText: message, code })];
  return [
    { messageText: message.messageText, code: message.code },
    ...(message.next ?? []).flatMap((next) => sentences(next, next.code)),
  ];
}

function startsOfLines(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that begins at or before an offset. */
function lineAt(starts, offset) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

module.exports = { toDiagnostics };
