import { copyFile, open, rm, stat } from "node:fs/promises";
import { type Cell, DataError, NotFoundError, ParamsError, ShapeError } from "assay";
import type { PredictFileResult } from "../contract/models.ts";
import type { Session } from "../projects/session.ts";
import { csvCell, csvRecords } from "./csv-records.ts";
import { answerRows, logAnswer, type SourcedAnswer } from "./predict.ts";
import { addedColumns, fresh, missing, toParquet } from "./predict-file-columns.ts";
import { personNumber, recordFile } from "./prediction-files.ts";
import { checkUpload, folderOf } from "./prediction-store.ts";
import type { InputRow } from "./read-rows.ts";
import { type Served, served } from "./serving.ts";

/** A file to predict, in the store. */
interface FileToPredict {
  /** As `keepUpload` named it. */
  readonly file: string;
  readonly fileName: string;
  readonly output: "csv" | "parquet";
  readonly onBadRow: "error" | "skip";
  readonly userColumn?: string | undefined;
}

/** How a file's prediction is followed. */
interface FileProgress {
  readonly jobId: string;
  readonly signal: AbortSignal;
  progress(step: number, steps: number): void;
}

const batchRows = 2000;
const errorsListed = 100;

/**
 * Predicts the rows of a CSV file with a version, in their order: its cells, then `prediction`, the probability of each class, and `source`.
 * A row that cannot be read ends it with its line, or with `skip` is left without a prediction and told. Memory does not grow with the file.
 */
export async function predictFile(
  session: Session,
  ref: string,
  { file, fileName, output, onBadRow, userColumn }: FileToPredict,
  { jobId, signal, progress }: FileProgress,
): Promise<PredictFileResult> {
  checkUpload(session, file);
  const target = await served(session, ref);
  const { version } = target.primary;
  const path = await session.store.fetch(file);
  const { size } = await stat(path).catch(() => {
    throw new NotFoundError(`predict: the file ${fileName} is gone`);
  });
  const told = { rows: 0, bad_rows: 0, errors: [] as PredictFileResult["errors"], sources: {} as Record<string, number> };
  const people = new Set<bigint>();
  const begun = new Date();
  const csv = await session.store.temporary();
  const name = `${folderOf(session)}${jobId}.${output}`;
  try {
    const draft = await open(csv, "wx", 0o600);
    let header: readonly string[];
    try {
      header = await writeAnswers(
        { session, target, path, fileName, onBadRow, userColumn, jobId, signal, people },
        draft,
        told,
        (share) => progress(Math.round(share * size), size),
      );
    } finally {
      await draft.close();
    }
    const made = await session.store.make(name, (place) =>
      output === "csv" ? copyFile(csv, place) : toParquet(csv, place, header, target),
    );
    const stem = fileName.replace(/\.[^.]*$/, "");
    const cited = { model_id: version.model_id, model: `${version.name}@${version.version}` };
    const result = { ...cited, ...told, file: name, file_name: `${stem} predicted.${output}`, size_bytes: made.sizeBytes };
    signal.throwIfAborted();
    await recordFile(session, { ...result, jobId, output, userColumn, people, begun });
    await session.store.remove(file);
    return result;
  } catch (error) {
    if (await isOver(session, jobId, error as Error)) {
      await session.store.remove(file);
      await session.store.remove(name);
    }
    throw error;
  } finally {
    await rm(csv, { force: true });
  }
}

/** Whether a job will not read its file again: it was cancelled, or failed by what the file holds. */
async function isOver({ db }: Session, jobId: string, error: Error): Promise<boolean> {
  if (isBadInput(error) || ["ConflictError", "LimitError", "NotFoundError", "TimeoutError"].includes(error.name)) return true;
  const job = await db
    .selectFrom("jobs")
    .select("status")
    .where("id", "=", jobId)
    .executeTakeFirst()
    .catch(() => undefined);
  return job?.status === "cancelled";
}

interface Reading extends Pick<FileToPredict, "fileName" | "onBadRow" | "userColumn"> {
  readonly session: Session;
  readonly target: Served;
  readonly path: string;
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** Whom the rows are about, as far as they were read. */
  readonly people: Set<bigint>;
}

interface FileRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly row: InputRow;
}

type Told = Pick<PredictFileResult, "rows" | "bad_rows" | "errors" | "sources">;

/** Writes the answers batch by batch; gives the header. */
async function writeAnswers(
  reading: Reading,
  draft: Awaited<ReturnType<typeof open>>,
  told: Told,
  progress: (share: number) => void,
): Promise<readonly string[]> {
  const { path, fileName, signal, target, userColumn } = reading;
  const { size } = await stat(path);
  const added = addedColumns(target);
  let header: readonly string[] | undefined;
  let batch: FileRow[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    signal.throwIfAborted();
    await draft.write(await answerBatch(reading, batch, told, added.length));
    batch = [];
    progress(Math.min(1, bytes / Math.max(1, size)));
  };
  for await (const { line, cells } of csvRecords(path, fileName)) {
    bytes += cells.reduce((sum, cell) => sum + cell.length + 1, 0);
    if (!header) {
      header = checkHeader(cells, reading);
      await draft.write(`${[...header, ...fresh(added, header)].map(csvCell).join(",")}\n`);
      continue;
    }
    if (cells.length !== header.length)
      refuse(reading, told, line, `line ${line} has ${cells.length} fields, the header ${header.length}`);
    if (userColumn !== undefined) notePerson(reading, cells[header.indexOf(userColumn)] ?? "");
    batch.push({ line, cells, row: cells.length === header.length ? rowOf(header, cells) : {} });
    if (batch.length === batchRows) await write();
  }
  if (!header) throw new DataError(`predict: the file is empty, it needs a header (${fileName})`);
  await write();
  return [...header, ...fresh(added, header)];
}

/** Also of rows that get no prediction: they stand in the file. */
function notePerson({ session, people }: Reading, cell: string): void {
  const key = cell.trim();
  if (!missing.has(key)) people.add(personNumber(session.projectId, key));
}

function checkHeader(cells: readonly string[], { target, userColumn, fileName }: Reading): readonly string[] {
  const header = cells.map((cell) => cell.trim());
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (twice !== undefined) throw new DataError(`predict: the header has "${twice}" twice (${fileName})`);
  target.primary.reader.read([Object.fromEntries(header.map((name) => [name, null]))]); // a missing column is told before any row
  if (userColumn !== undefined && !header.includes(userColumn))
    throw new ParamsError(`predict: no column "${userColumn}" in the header (${fileName})`);
  return header;
}

function rowOf(header: readonly string[], cells: readonly string[]): InputRow {
  const row: Record<string, Cell> = Object.create(null);
  for (const [j, name] of header.entries()) {
    const text = cells[j]!.trim();
    row[name] = missing.has(text) ? null : text;
  }
  return row;
}

function refuse({ onBadRow, fileName }: Reading, told: Told, line: number, detail: string): void {
  if (onBadRow === "error") throw new DataError(`${detail.startsWith("predict: ") ? "" : "predict: "}${detail} (${fileName})`);
  told.bad_rows++;
  if (told.errors.length < errorsListed) told.errors.push({ line, detail: detail.replace(/^predict: /, "") });
}

/** The batch's lines with their answers; rows without one end in empty cells. */
async function answerBatch(reading: Reading, batch: readonly FileRow[], told: Told, added: number): Promise<string> {
  const answers = await answersOf(reading, batch, told);
  let text = "";
  for (const [i, { cells }] of batch.entries()) {
    const answer = answers[i];
    if (answer) told.sources[answer.source] = (told.sources[answer.source] ?? 0) + 1;
    const said = answer ? [answer.prediction, ...answer.proba, answer.source] : Array.from({ length: added }, () => null);
    while (said.length < added) said.splice(-1, 0, null); // no probabilities
    text += `${[...cells, ...said].map(csvCell).join(",")}\n`;
  }
  told.rows += batch.length;
  return text;
}

interface RowAnswer {
  readonly prediction: string | number | boolean | null;
  readonly proba: readonly number[];
  readonly source: string;
}

async function answersOf(reading: Reading, batch: readonly FileRow[], told: Told): Promise<(RowAnswer | undefined)[]> {
  const whole = batch.filter(({ row }) => Object.keys(row).length > 0);
  const answers = new Map<FileRow, RowAnswer>();
  const ask = async (rows: readonly FileRow[]): Promise<void> => {
    if (rows.length === 0) return;
    const inputs = rows.map(({ row }) => row);
    const begin = performance.now();
    const answer = await answerRows(reading.session, reading.target, inputs);
    logRows(reading, inputs, answer, performance.now() - begin);
    for (const [i, row] of rows.entries())
      answers.set(row, { prediction: answer.prediction[i]!, proba: answer.prediction_proba?.[i] ?? [], source: answer.source });
  };
  try {
    await ask(whole);
  } catch (error) {
    if (!isBadInput(error)) throw error;
    for (const row of whole)
      try {
        await ask([row]);
      } catch (cause) {
        if (!isBadInput(cause)) throw cause;
        refuse(reading, told, row.line, (cause as Error).message.replace(/ in row 0\b/, ` in line ${row.line}`));
      }
  }
  return batch.map((row) => answers.get(row));
}

function isBadInput(error: unknown): boolean {
  return error instanceof DataError || error instanceof ParamsError || error instanceof ShapeError;
}

/** One entry a batch; with a user column one a row, so that a person's can be erased. */
function logRows(
  { session, target, userColumn, jobId }: Reading,
  rows: readonly InputRow[],
  answer: SourcedAnswer,
  ms: number,
): void {
  if (userColumn === undefined) {
    logAnswer(session, target, rows, answer, ms, { jobId });
    return;
  }
  for (const [i, row] of rows.entries()) {
    const proba = answer.prediction_proba && [answer.prediction_proba[i]!];
    const one = { ...answer, prediction: [answer.prediction[i]!], prediction_proba: proba };
    const userId = row[userColumn] === null ? undefined : String(row[userColumn]);
    logAnswer(session, target, [row], one, ms / rows.length, { jobId, userId });
  }
}
