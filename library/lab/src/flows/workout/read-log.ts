import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { DataError, LimitError } from "assay";
import { say, wordsOf } from "../../contract/sentences.ts";
import { type AliasTable, aliasesOf } from "./aliases.ts";
import { type CheckedRow, checkRow } from "./check-rows.ts";
import { csvRows, jsonRows, type LogRows, namedUnit } from "./log-rows.ts";
import type { ExerciseAlias, LoadUnit, LogProblem, LogReport, WorkoutLog, WorkoutSet } from "./sets.ts";

/** How a log is read. */
interface ReadLogOptions {
  /** The unit of rows that name none; default kg, and the report says so. Never guessed from the size of the numbers. */
  readonly unit?: LoadUnit | undefined;
  /** Names to bring together, beside differences of spelling. */
  readonly aliases?: AliasTable | undefined;
  /** Now, in milliseconds since 1970: later sessions are refused. Default the clock's. */
  readonly now?: number | undefined;
  readonly fileName?: string | undefined;
}

const fileMost = 64 * 1024 ** 2;

/** Reads the file of a training log, as `parseLog` does its text. Throws DataError for what cannot be read, LimitError beyond 64 MiB. */
export async function readLog(path: string, options: ReadLogOptions = {}): Promise<WorkoutLog> {
  const fileName = options.fileName ?? basename(path);
  const { size } = await stat(path).catch((cause) => {
    throw new DataError(`workouts: cannot read ${fileName}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  });
  if (size > fileMost) throw new LimitError(`workouts: a log has at most 64 MiB, got ${size} bytes (${fileName})`);
  return parseLog(await readFile(path), { ...options, fileName });
}

/**
 * Reads the text of a training log: an export of Strong (new, or of 2016), Hevy (CSV, JSON), FitNotes, or JSON `[{ date, exercise, sets }]`. Every
 * row becomes a set or a line of the report; sets that stand there twice count once. Throws DataError where no row can be used, LimitError
 * beyond a million rows. O(characters).
 */
export function parseLog(source: string | Uint8Array, options: ReadLogOptions = {}): WorkoutLog {
  const fileName = options.fileName ?? "log";
  const text = typeof source === "string" ? source : textOf(source, fileName);
  return checkLog(/^\s*[{[]/.test(text) ? jsonRows(parsed(text, fileName), fileName) : csvRows(text, fileName), options);
}

/** Checks JSON that is already parsed, as a request's body is. */
export function logOfEntries(entries: unknown, options: ReadLogOptions = {}): WorkoutLog {
  return checkLog(jsonRows(entries, options.fileName ?? "request"), options);
}

function textOf(bytes: Uint8Array, fileName: string): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!isWide && bytes.subarray(0, 4000).includes(0))
    throw new DataError(`workouts: must be a CSV or JSON export, got binary data (${fileName})`);
  try {
    return new TextDecoder(isWide ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

function parsed(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new DataError(`workouts: ${(cause as Error).message} (${fileName})`, { cause });
  }
}

function checkLog(log: LogRows, { unit, aliases, now = Date.now() }: ReadLogOptions): WorkoutLog {
  const problems: LogProblem[] = [...log.problems];
  const standIn = unit ?? log.unit ?? namedUnit(log.rows) ?? "kg";
  const checked = log.rows.flatMap((row) => checkRow(row, log, { unit: log.unit ?? standIn, now }, problems) ?? []);
  const once = withoutDuplicates(checked, log, problems);
  const names = aliasesOf(
    once.map(({ written }) => written),
    aliases,
  );
  const sets = once.map((set) => ({ ...set, exercise: names.get(set.written)!.exercise }));
  sets.sort((a, b) => a.time - b.time || a.line - b.line);
  const efforts = new Map(checked.flatMap((row) => ("effort" in row ? [[row.time, row.effort] as const] : [])));
  const bare = new Set(log.unit ? [] : log.rows.filter(({ cells }) => !cells.unit).map(({ line }) => line));
  const assumed = sets.filter(({ line, load }) => load > 0 && bare.has(line)).length;
  const report = reportOf(log, sets, [...names.values()], problems, assumed, standIn, unit !== undefined);
  const tried = log.rows.length + log.problems.filter(({ dropped }) => dropped).length;
  if (sets.length === 0 && tried > 0)
    throw new DataError(
      `workouts: none of ${tried} rows can be used; line ${problems[0]?.line}: ${problems[0]?.message} (${log.fileName})`,
    );
  return { sets, efforts, report };
}

/**
 * Sets without those that stand there twice: a session's rows that come again, in the same order with the same content, further down. Equal sets in
 * one run of rows are work, not a second copy.
 */
function withoutDuplicates(
  checked: readonly CheckedRow[],
  { rows }: LogRows,
  problems: LogProblem[],
): Omit<WorkoutSet, "exercise">[] {
  const orders = new Map(rows.map(({ line, cells }) => [line, cells.order ?? ""]));
  const seen = new Set<string>();
  let [former, again] = ["", 0];
  return checked.flatMap((row) => {
    if (!("set" in row)) return [];
    const { set } = row;
    const order = orders.get(set.line)!;
    const content = [set.time, set.written, order, set.load, set.unit, set.reps, set.seconds, set.distance].join("\u0000");
    again = content === former && !/^\d+$/.test(order) ? again + 1 : 0; // two warm-up sets, both "W"
    former = content;
    const key = `${content}\u0000${again}`;
    if (order !== "" && seen.has(key)) {
      const message = "the same set of the same session stands there before";
      problems.push({ line: set.line, column: null, value: null, rule: "duplicate", message, dropped: true });
      return [];
    }
    seen.add(key);
    return [set];
  });
}

function reportOf(
  { format, fileName, rows }: LogRows,
  sets: readonly WorkoutSet[],
  aliases: readonly ExerciseAlias[],
  problems: LogProblem[],
  assumedRows: number,
  unit: LoadUnit,
  isTold: boolean,
): LogReport {
  problems.sort((a, b) => a.line - b.line);
  const rules = new Map<string, { -readonly [K in keyof LogReport["rules"][number]]: LogReport["rules"][number][K] }>();
  for (const { rule, column, message, line, dropped } of problems) {
    const key = `${rule} ${column}`;
    const found = rules.get(key) ?? { rule, column, rows: 0, dropped: 0, message, firstLine: line };
    found.rows++;
    if (dropped) found.dropped++;
    rules.set(key, found);
  }
  const ofUnit = (wanted: LoadUnit): number => sets.filter((set) => set.unit === wanted).length;
  const assumedCodes = assumedRows > 0 && !isTold ? [say("unit_assumed", assumedRows, unit)] : [];
  return {
    format,
    fileName,
    rowsRead: rows.length,
    setsKept: sets.length,
    sessions: new Set(sets.map(({ time }) => time)).size,
    exercises: new Set(sets.map(({ exercise }) => exercise)).size,
    units: { kg: ofUnit("kg"), lb: ofUnit("lb"), assumed: assumedRows },
    rules: [...rules.values()].sort((a, b) => b.rows - a.rows),
    problems: problems.slice(0, 1000),
    aliases: [...aliases].sort((a, b) => (a.exercise < b.exercise ? -1 : a.exercise > b.exercise ? 1 : b.sets - a.sets)),
    assumed: assumedCodes.map((each) => wordsOf([each])),
    assumedCodes,
  };
}
