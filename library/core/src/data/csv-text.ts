/** How a CSV file is written. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  /** What begins a comment line; undefined for none. */
  readonly comment: string | undefined;
}

/** A record's cells and the line it begins on (the first line is 1). */
export interface RawRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * "#" where a text begins with comment lines: two of them at least, or one that is no header because the line after it has another
 * number of fields. A single `#id,name` above rows of two fields is a header.
 */
export function sniffComment(text: string, quote: string): string | undefined {
  const lines = text.replace(/^\ufeff/, "").split("\n", 1000);
  const leading = lines.findIndex((line) => !line.startsWith("#"));
  if (leading === 0) return undefined;
  if (leading < 0 || leading > 1) return "#";
  const dialect = {
    delimiter: sniffDelimiter(lines.slice(1).join("\n"), { quote, comment: undefined }),
    quote,
    comment: undefined,
  };
  const width = (line: string): number => records(line, dialect).next().value?.cells.length ?? 0;
  return width(lines[0]!) === width(lines[1]!) ? undefined : "#";
}

/** `'` where cells of the first line are quoted so and no `"` stands in it, else `"`. */
export function sniffQuote(text: string): string {
  const line = text.slice(0, endOfLine(text, 0));
  return !line.includes('"') && /(^|[,;\t|])'[^']*'(?=[,;\t|\r]|$)/.test(line) ? "'" : '"';
}

const delimiters = [",", ";", "\t", "|"];

/** The delimiter that gives the first records one width of more than one column; the comma when none does. */
export function sniffDelimiter(text: string, { quote, comment }: Omit<Dialect, "delimiter">): string {
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const widths = [...takeRecords(text, { delimiter, quote, comment }, 30)].map(({ cells }) => cells.length);
    const width = widths[0] ?? 1;
    const alike = widths.filter((each) => each === width).length / Math.max(1, widths.length);
    const score = width > 1 ? alike * alike * Math.log(width) : 0;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** The first records of a text. */
export function* takeRecords(text: string, dialect: Dialect, count: number): Generator<RawRecord> {
  for (const record of records(text, dialect)) {
    if (count-- <= 0) return;
    yield record;
  }
}

/** The records of a text, blank and comment lines left out; quoted cells may hold delimiters, doubled quotes and line ends. */
export function* records(text: string, { delimiter, quote, comment }: Dialect): Generator<RawRecord> {
  let line = 1;
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; ) {
    if (comment && text.startsWith(comment, at)) {
      at = endOfLine(text, at) + 1;
      line++;
      continue;
    }
    const begin = line;
    const cells: string[] = [];
    for (let open = true; open; ) {
      let cell = "";
      if (quote && text[at] === quote) {
        const end = closingQuote(text, at + 1, quote);
        cell = text.slice(at + 1, end).replaceAll(quote + quote, quote);
        for (let k = at; k < end; k++) if (text[k] === "\n") line++;
        at = Math.min(text.length, end + 1);
      }
      let end = at;
      while (end < text.length && text[end] !== delimiter && text[end] !== "\n") end++;
      cell += text.slice(at, end).replace(/\r$/, "");
      cells.push(cell);
      open = text[end] === delimiter;
      at = end + 1;
    }
    line++;
    if (cells.length > 1 || cells[0] !== "") yield { line: begin, cells };
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function closingQuote(text: string, at: number, quote: string): number {
  for (let end = text.indexOf(quote, at); end >= 0; end = text.indexOf(quote, end + 2)) if (text[end + 1] !== quote) return end;
  return text.length;
}
