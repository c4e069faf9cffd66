import { DataError } from "../base/errors.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const token = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;

/** The format of ARFF dates where none is named: ISO 8601 without a zone. */
export const defaultDateFormat = "yyyy-MM-dd'T'HH:mm:ss";

/**
 * A reader of dates in a format of Java's SimpleDateFormat: y M d H h k K m s S a E z Z X and quoted text; months by number or English name.
 * It gives milliseconds since 1970, UTC where the text names no zone, NaN for text that is no such date. Throws DataError for any other letter.
 */
export function arffDateReader(format: string, where: () => string): (text: string) => number {
  const fields: string[] = [];
  let pattern = "";
  for (const [piece, literal, letter] of format.matchAll(token)) {
    if (literal !== undefined) pattern += escaped(literal.replaceAll("''", "'") || "'");
    else if (letter === undefined) pattern += escaped(piece);
    else {
      const form = fieldForm(letter, piece.length);
      if (form === undefined)
        throw new DataError(
          `${where()}: a date format has the letters y M d H h k K m s S a E z Z X, got ${JSON.stringify(piece)} in ${JSON.stringify(format)}`,
        );
      fields.push(letter);
      pattern += `(${form})`;
    }
  }
  const expression = new RegExp(`^${pattern}$`, "i");
  return (text) => {
    const found = expression.exec(text.trim());
    return found ? instantOf(fields, found.slice(1)) : Number.NaN;
  };
}

function fieldForm(letter: string, length: number): string | undefined {
  switch (letter) {
    case "y":
    case "u":
      return length === 2 ? String.raw`\d{2}` : String.raw`\d{4}`;
    case "M":
    case "L":
      return length >= 3 ? "[a-z]{3,9}" : String.raw`\d{1,2}`;
    case "d":
    case "H":
    case "h":
    case "k":
    case "K":
    case "m":
    case "s":
      return String.raw`\d{1,2}`;
    case "S":
      return String.raw`\d{1,9}`;
    case "a":
      return "am|pm";
    case "E":
      return "[a-z]{2,9}";
    case "z":
    case "Z":
    case "X":
      return String.raw`Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?`;
    default:
      return undefined;
  }
}

function instantOf(fields: readonly string[], texts: readonly string[]): number {
  const of = (letters: string): string | undefined => texts[fields.findIndex((field) => letters.includes(field))];
  const year = of("yu") ?? "1970";
  const month = of("ML") ?? "1";
  const monthIndex = /^\d/.test(month) ? Number(month) - 1 : months.indexOf(month.slice(0, 3).toLowerCase());
  const day = Number(of("d") ?? 1);
  const half = of("a")?.toLowerCase();
  const twelve = of("hK");
  const hour = twelve === undefined ? Number(of("Hk") ?? 0) % 24 : (Number(twelve) % 12) + (half === "pm" ? 12 : 0);
  const minute = Number(of("m") ?? 0);
  const second = Number(of("s") ?? 0);
  const fullYear = year.length === 2 ? (Number(year) < 70 ? 2000 : 1900) + Number(year) : Number(year);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, monthIndex, day);
  const isDay = monthIndex >= 0 && date.getUTCMonth() === monthIndex && date.getUTCDate() === day;
  if (!isDay || minute > 59 || second > 59 || Number(of("Hk") ?? 0) > 24 || Number(twelve ?? 0) > 12) return Number.NaN;
  date.setUTCHours(hour, minute, second, Number((of("S") ?? "0").padEnd(3, "0").slice(0, 3)));
  return date.getTime() - offsetMs(of("zZX"));
}

function offsetMs(zone: string | undefined): number {
  const found = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? "");
  if (!found) return 0;
  return (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0)) * 60_000;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
