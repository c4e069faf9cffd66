import type { Cell } from "./table.ts";

/**
 * A cell for a spreadsheet program: a string that begins like a formula (= + - @, tab, carriage return, also in full width or behind spaces) gets
 * an apostrophe before it; numbers stay as they are. Source: OWASP, CSV injection (CWE-1236).
 */
export function guardedCell(cell: Cell): Cell {
  return typeof cell === "string" && /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}
