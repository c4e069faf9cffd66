import { DataError } from "../base/errors.ts";

/** A value of an ARFF line; a quoted `?` is a value, a bare one is missing. */
export interface ArffToken {
  readonly text: string;
  readonly quoted: boolean;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Values of one ARFF line from a place on: words and quoted strings (single or double, backslash escapes), between commas, tabs and blanks;
 * `{` and `}` stand alone. Two commas without a value between, and a comma at either end, are errors. Ends at a `%` that begins a word.
 */
export function arffTokens(line: string, begin: number, where: () => string): ArffToken[] {
  const tokens: ArffToken[] = [];
  let expected = false; // a comma stands before
  for (let at = begin; at < line.length; ) {
    const letter = line[at]!;
    if (letter === " " || letter === "\t") at++;
    else if (letter === "%") break;
    else if (letter === ",") {
      if (expected || tokens.length === 0 || isBrace(tokens.at(-1)!, "{"))
        throw new DataError(`${where()} has a comma without a value before it`);
      expected = true;
      at++;
    } else if (letter === "{" || letter === "}") {
      if (letter === "}" && expected) throw new DataError(`${where()} has a comma without a value after it`);
      tokens.push({ text: letter, quoted: false });
      expected = false;
      at++;
    } else {
      const end = letter === "'" || letter === '"' ? quotedEnd(line, at, where) : wordEnd(line, at);
      tokens.push(end === at ? { text: letter, quoted: false } : tokenOf(line, at, end));
      expected = false;
      at = Math.max(at + 1, end);
    }
  }
  if (expected) throw new DataError(`${where()} has a comma without a value after it`);
  return tokens;
}

/** Whether a token is this brace, and not a quoted one. */
export function isBrace(token: ArffToken | undefined, brace: "{" | "}"): boolean {
  return token !== undefined && !token.quoted && token.text === brace;
}

function tokenOf(line: string, at: number, end: number): ArffToken {
  const quoted = line[at] === "'" || line[at] === '"';
  if (!quoted) return { text: line.slice(at, end), quoted };
  const inner = line.slice(at + 1, end - 1);
  return {
    text: inner.includes("\\") ? inner.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter) : inner,
    quoted,
  };
}

function quotedEnd(line: string, at: number, where: () => string): number {
  for (let k = at + 1; k < line.length; k++) {
    if (line[k] === "\\") k++;
    else if (line[k] === line[at]) return k + 1;
  }
  throw new DataError(`${where()} has an open quote, ${JSON.stringify(line.slice(at, at + 40))}`);
}

function wordEnd(line: string, at: number): number {
  let end = at;
  while (end < line.length && !" \t,{}".includes(line[end]!)) end++;
  return end;
}
