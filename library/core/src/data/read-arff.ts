import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { nearName } from "../base/near-name.ts";
import { type ArffAttribute, readArffHeader } from "./arff-header.ts";
import { type ArffToken, arffTokens, isBrace } from "./arff-line.ts";
import { settleRejects } from "./bad-rows.ts";
import { emptyColumn, type OpenColumn } from "./duckdb-columns.ts";
import { checkChoice, checkOptionNames } from "./read-options.ts";
import { openSource, type Source, type SourceOptions } from "./source.ts";
import { type Reject, Table } from "./table.ts";
import { checkEncoding, decodeText, type Encoding } from "./text-encoding.ts";

/** How an ARFF file is read. */
export interface ArffOptions extends SourceOptions {
  readonly encoding?: Encoding;
  /** What a bad line does: ends the reading with a DataError (default), or is left out and listed in `table.rejects`. */
  readonly onBadRow?: "error" | "skip";
}

type Cell = number | string | null;
interface ArffRow {
  readonly cells: Cell[];
  readonly weight: number | undefined;
}

const numberForm = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads Weka's ARFF: numeric (also real, integer), nominal, string and date attributes; dense and sparse rows; comments, quoted names, keywords
 * in any case. Nominal attributes become categories with the declared levels in their order, strings text, dates instants in UTC. In a
 * sparse row what is left out is 0, the first level, or missing for a string. Weights of rows become a last column `weight`
 * (`instance_weight` where that is taken), 1 where none is given.
 * Throws DataError naming the line; a relational attribute is refused. Cost O(characters). Source: Witten & Frank (2005), Data Mining, §2.4.
 */
export async function readArff(source: Source, options: ArffOptions = {}): Promise<Table> {
  checkOptionNames("readArff", options, ["encoding", "onBadRow"]);
  checkEncoding("readArff", options.encoding);
  checkChoice("readArff", "onBadRow", options.onBadRow, ["error", "skip"]);
  const open = await openSource("readArff", source, options);
  const { text } = decodeText("readArff", await open.bytes(), open.name, options.encoding);
  const lines = text.split(/\r\n|\n|\r/);
  const { attributes, dataLine } = readArffHeader(lines, open.name);
  const rows: ArffRow[] = [];
  const rejects: Reject[] = [];
  for (let k = dataLine; k < lines.length; k++) {
    const line = lines[k]!;
    if (/^\s*(%|$)/.test(line)) continue;
    try {
      rows.push(readRow(line, attributes));
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause;
      rejects.push({ line: k + 1, reason: cause.message.trim(), text: line.slice(0, 200) });
    }
  }
  settleRejects("readArff", rejects, options.onBadRow, open.name);
  return new Table(columnsOf(attributes, rows), rejects);
}

/** The cells of one line; a DataError's message goes on from "line 12 …". */
function readRow(line: string, attributes: readonly ArffAttribute[]): ArffRow {
  const tokens = arffTokens(line, 0, () => "");
  const sparse = isBrace(tokens[0], "{");
  const values = sparse ? tokens.findIndex((token) => isBrace(token, "}")) : tokens.findIndex((token) => isBrace(token, "{"));
  if (sparse && values < 0) throw new DataError("begins with { and has no }");
  const end = values < 0 ? tokens.length : sparse ? values + 1 : values;
  const weight = readWeight(tokens.slice(end));
  const cells = sparse ? readSparse(tokens.slice(1, values), attributes) : readDense(tokens.slice(0, end), attributes);
  return { cells, weight };
}

function readDense(tokens: readonly ArffToken[], attributes: readonly ArffAttribute[]): Cell[] {
  if (tokens.length !== attributes.length)
    throw new DataError(
      `has ${tokens.length} ${tokens.length === 1 ? "value" : "values"}, the header ${attributes.length} attributes`,
    );
  return attributes.map((attribute, j) => readCell(attribute, tokens[j]!));
}

function readSparse(tokens: readonly ArffToken[], attributes: readonly ArffAttribute[]): Cell[] {
  const cells = attributes.map(({ type }): Cell => (type === "string" ? null : 0));
  if (tokens.length % 2 !== 0) throw new DataError("must hold pairs of place and value");
  let last = -1;
  for (let k = 0; k < tokens.length; k += 2) {
    const place = /^\d{1,9}$/.test(tokens[k]!.text) ? Number(tokens[k]!.text) : -1;
    if (place <= last || place >= attributes.length)
      throw new DataError(
        `must name places that rise from 0 to ${attributes.length - 1}, got ${JSON.stringify(tokens[k]!.text.slice(0, 40))}`,
      );
    cells[place] = readCell(attributes[place]!, tokens[k + 1]!);
    last = place;
  }
  return cells;
}

function readCell(attribute: ArffAttribute, { text, quoted }: ArffToken): Cell {
  if (text === "?" && !quoted) return null;
  switch (attribute.type) {
    case "string":
      return text;
    case "nominal": {
      const code = attribute.places.get(text);
      if (code !== undefined) return code;
      const near = attribute.levels.length <= 1000 ? nearName(text.slice(0, 100), attribute.levels) : undefined;
      throw new DataError(
        `has ${shown(text)} for "${attribute.name}", which is no level of it${near ? `, did you mean ${near}` : ""}`,
      );
    }
    case "date": {
      const instant = attribute.read(text);
      if (Number.isNaN(instant))
        throw new DataError(`has ${shown(text)} for "${attribute.name}", which is no date of its format`);
      return instant;
    }
    case "numeric":
      if (numberForm.test(text)) return Number(text);
      if (/^nan$/i.test(text)) return null;
      if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
      throw new DataError(`has ${shown(text)} for "${attribute.name}", which must hold numbers`);
  }
}

function readWeight(tokens: readonly ArffToken[]): number | undefined {
  if (tokens.length === 0) return undefined;
  const [open, weight, close] = tokens;
  const value = tokens.length === 3 && isBrace(open, "{") && isBrace(close, "}") ? Number(weight!.text) : Number.NaN;
  if (!(value >= 0 && value < Infinity)) throw new DataError("must end with a weight like {0.5}");
  return value;
}

function columnsOf(attributes: readonly ArffAttribute[], rows: readonly ArffRow[]): [string, Column][] {
  const columns = attributes.map((attribute, j): [string, Column] => {
    const made = openColumn(attribute, rows.length);
    const none = attribute.type === "nominal" ? -1 : Number.NaN;
    for (const [i, { cells }] of rows.entries())
      made.target[i] = (attribute.type === "string" ? cells[j] : (cells[j] ?? none)) as never;
    return [attribute.name, made.column];
  });
  if (rows.every(({ weight }) => weight === undefined)) return columns;
  const weights = emptyColumn("number", rows.length);
  for (const [i, { weight }] of rows.entries()) weights.target[i] = weight ?? 1;
  const taken = new Set(attributes.map(({ name }) => name));
  const name = ["weight", "instance_weight", "arff_weight"].find((each) => !taken.has(each))!;
  return [...columns, [name, weights.column]];
}

function openColumn(attribute: ArffAttribute, rows: number): OpenColumn {
  switch (attribute.type) {
    case "numeric":
      return emptyColumn("number", rows);
    case "date":
      return emptyColumn("datetime", rows);
    case "string":
      return emptyColumn("text", rows);
    case "nominal":
      return emptyColumn("category", rows, attribute.levels);
  }
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
