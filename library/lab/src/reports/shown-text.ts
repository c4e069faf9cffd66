import type { ReportCell } from "./report.ts";

/** Characters of one cell, and of one line of code or log, at most. */
const cellMost = 300;
/** Characters of a block of text at most. */
export const textMost = 20_000;

/** Text of people's for a page: its signs made visible, and what is too long ends with its length. */
export function shownText(text: string, most = cellMost): string {
  return text.length > most ? `${visible(text.slice(0, most))}… (${text.length} characters)` : visible(text);
}

/**
 * The same text with control and direction characters, which could hide or turn what stands beside them, written as `\u{202e}`.
 * Joiners stay: scripts need them. Source: CVE-2021-42574 (Boucher & Anderson, Trojan Source).
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, (sign) =>
    "\n\t\u200c\u200d".includes(sign) ? sign : `\\u{${sign.codePointAt(0)!.toString(16)}}`,
  );
}

/** A cell as text: numbers to four digits, what is missing as a dash. */
export function shownCell(cell: ReportCell): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return shownText(cell);
  if (Number.isInteger(cell) && Math.abs(cell) < 1e15) return String(cell);
  return Number.isFinite(cell) ? String(Number(cell.toPrecision(4))) : String(cell);
}

/** Whether a cell stands to the right: a number, also with a spread or a mark behind it. */
export function isFigure(cell: ReportCell): boolean {
  return typeof cell === "number" || (cell !== null && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?( ± [\d.e+-]+)?( \(best\))?$/.test(cell));
}

/** Any value of a parameter as a cell. */
export function asCell(value: unknown): ReportCell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A time span as people say it. */
export function shownSpan(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
