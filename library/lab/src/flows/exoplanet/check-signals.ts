import { type Cell, DataError, suggest, Table } from "assay";
import type { SignalProblem, SignalReport } from "../../contract/exoplanet.ts";
import { brokenRule, type Disposition, type Quantity, quantities, type TableFormat, tableFormats } from "./columns.ts";
import { impactOf } from "./impact.ts";
import type { ReadSignals } from "./read-signals.ts";
import { refuseTooFew, reportOf } from "./signal-report.ts";

/** A table that passed: its rows in the flow's columns, and what became of the others. */
export interface CheckedSignals {
  /** `tableColumns`; impact and snr are missing where the publisher has none and they cannot be derived. */
  readonly table: Table;
  readonly report: SignalReport;
}

/**
 * Checks every row of a file: what is wrong, in which line and column, and how many rows remain. The table may be the flow's own, NASA's
 * KOI or TESS's TOI; columns that tell the verdict are named and left behind. Throws DataError for a missing column, and where too few
 * rows remain to train on.
 */
export function checkSignals(read: ReadSignals): CheckedSignals {
  const format = formatOf(read);
  const source = cellsOf(read, format);
  const kept: number[] = [];
  const problems: SignalProblem[] = [];
  const numbers = Object.fromEntries(quantities.map((name) => [name, new Float64Array(read.table.rows)])) as Numbers;
  const labels: Disposition[] = [];
  for (let i = 0; i < read.table.rows; i++) {
    const before = problems.length;
    for (const name of quantities) numbers[name][i] = numberAt(source, name, i, problems);
    const label = labelAt(source, format, i, problems);
    if (problems.length === before) checkOrbit(source, numbers, i, problems);
    if (problems.length > before || !label) continue;
    kept.push(i);
    labels.push(label);
  }
  if (format.columns.impact === undefined) for (const i of kept) numbers.impact[i] = derivedImpact(numbers, i);
  const table = tableOf(source, numbers, labels, kept);
  const report = reportOf(read, format, table, labels, problems);
  refuseTooFew(report, read.fileName);
  return { table, report };
}

type Numbers = Record<Quantity, Float64Array>;

interface SourceCells {
  readonly lines: Int32Array;
  readonly names: Readonly<Record<Quantity, string | undefined>>;
  readonly values: Readonly<Partial<Record<Quantity, readonly Cell[]>>>;
  /** Not 0 where a value is a limit. */
  readonly limits: Readonly<Partial<Record<Quantity, readonly Cell[]>>>;
  readonly labelName: string;
  readonly labels: readonly Cell[];
  readonly stars: readonly Cell[] | undefined;
}

/** The format that most of the header's names belong to. Throws DataError naming the columns that are missing. */
function formatOf({ table, fileName, headerLine }: ReadSignals): TableFormat {
  const wanted = (format: TableFormat): string[] => [
    ...Object.values(format.columns).filter((name) => name !== undefined),
    format.label,
  ];
  const share = (format: TableFormat): number => {
    const names = wanted(format);
    return names.filter((name) => table.names.includes(name)).length / names.length;
  };
  const format = [...tableFormats].sort((a, b) => share(b) - share(a))[0]!;
  if (table.names.includes("TFOPWG Disposition"))
    throw new DataError(
      `exoplanets: line ${headerLine} is the header of ExoFOP's list; the NASA Exoplanet Archive's TOI table has the same signals under the names that are read (${fileName})`,
    );
  if (share(format) === 0)
    throw new DataError(
      `exoplanets: line ${headerLine} names no column of a transit table; it needs ${wanted(tableFormats.at(-1)!).join(", ")}, or the columns of a KOI or TOI table, got ${table.names.slice(0, 8).join(", ")} (${fileName})`,
    );
  const missing = wanted(format).filter((name) => !table.names.includes(name));
  if (missing.length > 0)
    throw Object.assign(
      new DataError(
        `exoplanets: line ${headerLine} lacks ${missing.length === 1 ? "the column" : "the columns"} ${missing.map((name) => `"${name}"${suggest(name, table.names)}`).join(", ")} of ${format.title} (${fileName})`,
      ),
      { field: missing[0] },
    );
  return format;
}

function cellsOf({ table, lines }: ReadSignals, format: TableFormat): SourceCells {
  const { columns, limit } = format;
  const star = format.stars.find((name) => table.names.includes(name));
  const cells = (columnOf: (name: Quantity) => string | undefined): Partial<Record<Quantity, readonly Cell[]>> =>
    Object.fromEntries(
      quantities.flatMap((name) => {
        const column = columnOf(name);
        return column !== undefined && table.names.includes(column) ? [[name, table.values(column)]] : [];
      }),
    );
  return {
    lines,
    names: columns,
    values: cells((name) => columns[name]),
    limits: cells((name) => limit && `${columns[name]}${limit}`),
    labelName: format.label,
    labels: table.values(format.label),
    stars: star === undefined ? undefined : table.values(star),
  };
}

/** The number of a cell, NaN with a problem where it is none; of a column that the format does not have NaN alone. */
function numberAt({ values, limits, names, lines }: SourceCells, name: Quantity, i: number, problems: SignalProblem[]): number {
  const cell = values[name]?.[i];
  if (cell === undefined) return Number.NaN;
  const column = names[name]!;
  const line = lines[i]!;
  const wrong = (rule: SignalProblem["rule"], message: string): number => {
    problems.push({ line, column, value: shown(cell), rule, message });
    return Number.NaN;
  };
  if (cell === null) return wrong("missing", `${column} is missing`);
  const value = typeof cell === "number" ? cell : Number(typeof cell === "string" && cell.trim() !== "" ? cell : Number.NaN);
  if (!Number.isFinite(value)) return wrong("number", `${column} must be a number`);
  const limit = Number(limits[name]?.[i] ?? 0);
  if (limit > 0 || limit < 0) return wrong("limit", `${column} must be a value, not ${limit > 0 ? "an upper" : "a lower"} limit`);
  const broken = brokenRule(name, value);
  return broken ? wrong("range", `${column} ${broken}`) : value;
}

function labelAt(
  { labels, labelName: column, lines }: SourceCells,
  { words }: TableFormat,
  i: number,
  problems: SignalProblem[],
): Disposition | undefined {
  const cell = labels[i]!;
  const line = lines[i]!;
  const word = cell === null ? "" : String(cell).trim().toUpperCase();
  if (Object.hasOwn(words, word)) return words[word];
  const known = Object.keys(words).join(", ");
  if (word === "") problems.push({ line, column, value: null, rule: "missing", message: `${column} is missing` });
  else problems.push({ line, column, value: shown(cell), rule: "label", message: `${column} must be one of ${known}` });
  return undefined;
}

/** A transit that takes half of its period or more belongs to no orbit around a star. */
function checkOrbit({ names, lines }: SourceCells, { duration, period }: Numbers, i: number, problems: SignalProblem[]): void {
  if (duration[i]! / 24 < period[i]! / 2) return;
  const message = `${names.duration} must be less than half of ${names.period} (${period[i]} days)`;
  problems.push({ line: lines[i]!, column: names.duration!, value: duration[i]!, rule: "orbit", message });
}

function derivedImpact({ period, duration, depth, srad, slogg }: Numbers, i: number): number {
  return impactOf(period[i]!, duration[i]!, depth[i]!, srad[i]!, slogg[i]!);
}

function shown(cell: Cell): SignalProblem["value"] {
  return typeof cell === "number" || cell === null ? cell : String(cell).slice(0, 80);
}

/** The rows that remain. Without a column that names the star, rows whose four stellar values are equal are of one star. */
function tableOf(source: SourceCells, numbers: Numbers, labels: readonly Disposition[], kept: readonly number[]): Table {
  const starOf = (i: number): string =>
    source.stars?.[i] == null
      ? [numbers.steff, numbers.srad, numbers.slogg, numbers.tmag].map((values) => values[i]).join(" ")
      : String(source.stars[i]);
  return new Table([
    ...quantities.map((name) => [name, { kind: "number", values: Float64Array.from(kept, (i) => numbers[name][i]!) }] as const),
    ["label", categoryOf(labels)],
    ["star", categoryOf(kept.map(starOf))],
  ]);
}

function categoryOf(values: readonly string[]) {
  const levels = [...new Set(values)].sort();
  const codes = new Map(levels.map((level, code) => [level, code]));
  return { kind: "category", codes: Int32Array.from(values, (value) => codes.get(value)!), levels } as const;
}
