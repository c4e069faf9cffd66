import { DataError, suggest } from "assay";
import type { Outcome, OutcomeFileReport } from "../contract/ab-tests.ts";
import { type Cell, id } from "../contract/values.ts";
import { authorize, type Session } from "../projects/session.ts";
import { reportOutcomes } from "./ab-outcomes.ts";
import { csvRecords } from "./csv-records.ts";
import { findLogged, type Logged } from "./logged-predictions.ts";

const batchRows = 2000;
const errorsListed = 100;
/** No outcome is older; PostgreSQL knows no year 0. */
const earliest = Date.UTC(1900);
/** Clocks of reporters may be ahead by so much. */
const aheadMs = 300_000;
const instant = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

interface OutcomeLine {
  readonly line: number;
  readonly predictionId: string;
  readonly outcome: string;
  readonly at: string;
}

/**
 * Stores the true values of a CSV file with the columns `prediction_id`, `outcome` and, where it is known, `at` (an instant, UTC without a zone);
 * others are ignored. A line that cannot be stored is told with its number and stops no other; the same file again changes nothing. Memory does
 * not grow with the file. Throws DataError for a file that is no such table.
 */
export async function reportOutcomeFile(session: Session, path: string, fileName = path): Promise<OutcomeFileReport> {
  await authorize(session, "write");
  const report = { rows: 0, stored: 0, changed: 0, repeated: 0, failed: 0, errors: [] as OutcomeFileReport["errors"] };
  const refuse = (line: number, detail: string): void => {
    report.failed++;
    if (report.errors.length < errorsListed) report.errors.push({ line, detail });
  };
  let columns: Columns | undefined;
  let batch: OutcomeLine[] = [];
  const store = async (): Promise<void> => {
    const { stored, changed, repeated } = await storeLines(session, batch, refuse);
    report.stored += stored;
    report.changed += changed;
    report.repeated += repeated;
    batch = [];
  };
  for await (const { line, cells } of csvRecords(path, fileName, "outcomes")) {
    if (!columns) {
      columns = columnsOf(cells, fileName);
      continue;
    }
    report.rows++;
    if (cells.length !== columns.count) {
      refuse(line, `has ${cells.length} fields, the header ${columns.count}`);
      continue;
    }
    const cell = (place: number): string => (place < 0 ? "" : cells[place]!.trim());
    batch.push({ line, predictionId: cell(columns.predictionId), outcome: cell(columns.outcome), at: cell(columns.at) });
    if (batch.length === batchRows) await store();
  }
  if (!columns) throw new DataError(`outcomes: the file is empty, it needs a header (${fileName})`);
  await store();
  report.errors.sort((a, b) => a.line - b.line);
  return report;
}

interface Columns {
  readonly count: number;
  readonly predictionId: number;
  readonly outcome: number;
  /** −1 where there is none. */
  readonly at: number;
}

function columnsOf(cells: readonly string[], fileName: string): Columns {
  const header = cells.map((cell, k) => (k === 0 ? cell.replace(/^\uFEFF/, "") : cell).trim());
  const place = (name: string): number => {
    if (header.includes(name)) return header.indexOf(name);
    throw new DataError(`outcomes: the header needs "${name}"${suggest(name, header)} (${fileName})`);
  };
  return { count: header.length, predictionId: place("prediction_id"), outcome: place("outcome"), at: header.indexOf("at") };
}

type Refuse = (line: number, detail: string) => void;

/** Stores the lines that can be; the last of several of one prediction counts, the others are repeated. */
async function storeLines(session: Session, lines: readonly OutcomeLine[], refuse: Refuse) {
  const known = await findLogged(
    session,
    lines.flatMap(({ predictionId }) => (id.safeParse(predictionId).success ? predictionId.toLowerCase() : [])),
  );
  const outcomes = new Map<string, Outcome>();
  let twice = 0;
  for (const line of lines) {
    const outcome = outcomeOf(line, known.get(line.predictionId.toLowerCase()));
    if (typeof outcome === "string") refuse(line.line, outcome);
    else {
      if (outcomes.has(outcome.prediction_id!)) twice++;
      outcomes.set(outcome.prediction_id!, outcome);
    }
  }
  if (outcomes.size === 0) return { stored: 0, changed: 0, repeated: twice };
  const { stored, changed, repeated } = await reportOutcomes(session, [...outcomes.values()]);
  return { stored, changed, repeated: repeated + twice };
}

/** What a line reports, or why it cannot be stored. */
function outcomeOf({ predictionId, outcome, at }: OutcomeLine, of: Logged | undefined): Outcome | string {
  if (!of) {
    const isId = id.safeParse(predictionId).success;
    return isId ? `prediction ${predictionId} is not in the log` : `prediction_id must be an id, got ${shown(predictionId)}`;
  }
  if (of.row_count !== 1) return `prediction ${of.id} has ${of.row_count} rows, a line tells one`;
  if (outcome === "") return "outcome is empty";
  if (outcome.includes("\0")) return "outcome must hold no NUL character";
  const truth = of.task === "regression" ? Number(outcome) : labelOf(outcome, of.classes ?? []);
  if (typeof truth === "number" && !Number.isFinite(truth)) return `outcome must be a number, got ${shown(outcome)}`;
  if (at === "") return { prediction_id: of.id, truth };
  const hasZone = at.length === 10 || /(Z|[+-]\d\d:?\d\d)$/.test(at.slice(10));
  const time = instant.test(at) ? Date.parse(hasZone ? at : `${at}Z`) : Number.NaN;
  if (Number.isNaN(time) || time < earliest) return `at must be an instant, got ${shown(at)}`;
  if (time > Date.now() + aheadMs) return `at must not lie in the future, got ${at}`;
  return { prediction_id: of.id, truth, at: new Date(time).toISOString() };
}

/** A label as the model knows it; one that it has never seen is of its labels' kind. */
function labelOf(text: string, classes: readonly Cell[]): Cell {
  const known = classes.find((label) => String(label) === text);
  if (known !== undefined && known !== null) return known;
  const isNumeric = classes.length > 0 && classes.every((label) => typeof label === "number");
  return isNumeric && Number.isFinite(Number(text)) ? Number(text) : text;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
