import type { Features } from "../model-routes";

/** A table as it was pasted. */
interface Pasted {
  names: string[];
  rows: Features[];
}

/** Rows that one request takes. */
const rowsMost = 10_000;

/**
 * Reads a pasted table whose first line names the columns: cells between tabs, semicolons or commas, in double quotes where they hold one. An empty cell is
 * missing. Throws an Error that names the line.
 */
export function readPasted(text: string): Pasted {
  const [head, ...body] = recordsOf(text);
  if (!head || body.length === 0) throw new Error("needs a line with the columns' names and a line for each row");
  if (body.length > rowsMost)
    throw new Error(`takes ${rowsMost.toLocaleString()} rows, got ${body.length.toLocaleString()}: predict a file`);
  const names = head.cells;
  const twice = names.find((name, j) => names.indexOf(name) < j);
  if (twice !== undefined) throw new Error(`has the column "${twice}" twice`);
  const rows = body.map(({ line, cells }) => {
    if (cells.length !== names.length) throw new Error(`line ${line} has ${cells.length} cells, the first ${names.length}`);
    return Object.fromEntries(names.map((name, j) => [name, cells[j] === "" ? null : cells[j]!]));
  });
  return { names, rows };
}

interface PastedRecord {
  /** Where it begins, the first being 1. */
  line: number;
  cells: string[];
}

function recordsOf(text: string): PastedRecord[] {
  const [first = ""] = text.split("\n", 1);
  const separator = ["\t", ";", ","].find((each) => first.includes(each)) ?? ",";
  const records: PastedRecord[] = [];
  let [line, begin, cell, quoted] = [1, 1, "", false];
  let cells: string[] = [];
  const endCell = () => {
    cells.push(cell.trim());
    cell = "";
  };
  const endRecord = () => {
    endCell();
    if (cells.length > 1 || cells[0] !== "") records.push({ line: begin, cells });
    cells = [];
    begin = line;
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === "\n") line++;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (letter === '"' && cell.trim() === "") quoted = true;
    else if (letter === separator) endCell();
    else if (letter === "\n") endRecord();
    else if (letter !== "\r") cell += letter;
  }
  if (quoted) throw new Error("has a quote that is not closed");
  if (cell !== "" || cells.length > 0) endRecord();
  return records;
}
