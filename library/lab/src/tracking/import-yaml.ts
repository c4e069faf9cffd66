import { DataError } from "assay";

/** A value of a flat file: text, a number, a boolean or nothing. */
export type FlatValue = string | number | boolean | null;

/**
 * Reads the one form of YAML that MLflow writes its `meta.yaml` in: a map of plain, quoted or folded values without anchors, tags
 * or nested maps; empty lists and maps, and blocks below a key, are null. Throws DataError with file and line. Source: YAML
 * 1.2.2, sections 7.3 and 9.
 */
export function readFlatYaml(text: string, file: string): Map<string, FlatValue> {
  const found = new Map<string, FlatValue>();
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (/^(#|---|\.\.\.|\s*$)/.test(line)) continue;
    const [, key, rest] = /^([A-Za-z_][\w.-]*):(?:\s+(.*))?$/.exec(line) ?? [];
    const place = `line ${at + 1}`;
    if (key === undefined) {
      if (/^(\s|- )/.test(line) && found.size > 0) continue; // a block of the key before
      throw new DataError(`import: ${place} must be "key: value", got ${JSON.stringify(line.slice(0, 80))} (${file})`);
    }
    let value = rest ?? "";
    while (at + 1 < lines.length && goesOn(value, lines[at + 1]!)) value = folded(value, lines[++at]!);
    found.set(
      key,
      scalar(
        value.trim(),
        () =>
          new DataError(
            `import: ${place}: ${key} has a value that cannot be read, ${JSON.stringify(value.slice(0, 80))} (${file})`,
          ),
      ),
    );
  }
  return found;
}

/** Whether a value is carried on by the line below: an open quote, or an indented line behind a plain value. */
function goesOn(value: string, next: string): boolean {
  const quote = value.trimStart()[0];
  if (quote === "'" || quote === '"') return !isClosed(value.trim(), quote);
  return value.trim() !== "" && /^\s+\S/.test(next);
}

function isClosed(value: string, quote: string): boolean {
  return quote === "'" ? /^'(?:[^']|'')*'$/.test(value) : /^"(?:[^"\\]|\\[\s\S])*"$/.test(value);
}

/** Lines of one value are joined by a space, an empty one is a line end; a backslash at the end joins without. */
function folded(value: string, next: string): string {
  if (next.trim() === "") return `${value}\n`;
  if (/(^|[^\\])(\\\\)*\\$/.test(value) && value.trimStart().startsWith('"')) return value.slice(0, -1) + next.trimStart();
  return value.endsWith("\n") ? value + next.trim() : `${value.trimEnd()} ${next.trim()}`;
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "/": "/",
  "0": "\0",
  e: "\x1b",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  " ": " ",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

function scalar(text: string, wrong: () => DataError): FlatValue {
  if (text.startsWith("'")) {
    if (!isClosed(text, "'")) throw wrong();
    return text.slice(1, -1).replaceAll("''", "'");
  }
  if (text.startsWith('"')) {
    if (!isClosed(text, '"')) throw wrong();
    return text.slice(1, -1).replaceAll(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[\s\S])/gi, (_, sign: string) => {
      if (sign.length === 1) return escapes[sign] ?? sign;
      const code = Number.parseInt(sign.slice(1), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    });
  }
  if (/^(|~|null|Null|NULL|\[\]|\{\})$/.test(text)) return null;
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === "true";
  if (/^[&*!|>%@`]/.test(text)) throw wrong();
  if (/^[-+]?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  return /^[-+]?(\d+\.\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}
