import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import * as ml from "assay";
import { programFlags, programPath } from "../program.ts";
import { type Draft, writeDraft } from "./draft.ts";

/** A file that becomes a draft. */
interface FileReading {
  /** Where the file lies, or its address. */
  readonly path: string;
  /** Its name: the ending tells the format. */
  readonly fileName: string;
  readonly options: ml.ReadTableOptions;
  /** Where the draft goes. */
  readonly draft: string;
}

/** Reads a file of any format and writes it as a draft. Throws DataError with the place of what cannot be read. */
export async function readDraft({ path, fileName, options, draft }: FileReading): Promise<Draft> {
  return writeDraft(await ml.readTable(path, { ...options, name: fileName }), draft);
}

/**
 * Does the same in a process of its own: this one stays small however large the file is, and lives where a file is more than memory holds. Throws
 * what was thrown there, LimitError where the file was more than memory holds.
 */
export async function readDraftApart(reading: FileReading): Promise<Draft> {
  const child = spawn(process.execPath, [...programFlags(), programPath(), "ingest"], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}); // it ended before it read: its exit says why
  child.stdin.end(JSON.stringify(reading));
  const ended = new Promise<string | number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const [answer, log, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const told = answer.trim() === "" ? undefined : (JSON.parse(answer) as { draft: Draft } | { error: ToldError });
  if (!told) throw endedError(reading.fileName, code, log);
  if ("error" in told) throw errorOf(told.error);
  return told.draft;
}

/** Why a reading ended without an answer: by a signal where memory was short, else by what it wrote last. */
function endedError(fileName: string, code: string | number | null, log: string): Error {
  const last = log.trim().split("\n").at(-1);
  return typeof code === "string" || /heap out of memory|allocation failed/i.test(log)
    ? new ml.LimitError(`dataset: ${fileName} takes more memory than there is to read it (${code})`)
    : new ml.StoreError(`dataset: the reading of ${fileName} ended with ${code}: ${last || "it said nothing"}`);
}

interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly rejects?: readonly ml.Reject[];
}

/** Reads a file for another process: the request on standard input, the answer on standard output. */
export async function serveReading(): Promise<void> {
  const reading = JSON.parse(await text(process.stdin)) as FileReading;
  const answer = await readDraft(reading).then(
    (draft) => ({ draft }),
    ({ name, message, rejects }: ToldError) => ({ error: { name, message, rejects } }),
  );
  process.stdout.write(JSON.stringify(answer));
}

const classes = {
  ParamsError: ml.ParamsError,
  ShapeError: ml.ShapeError,
  DataError: ml.DataError,
  NotFoundError: ml.NotFoundError,
  LimitError: ml.LimitError,
  StoreError: ml.StoreError,
};

function errorOf({ name, message, rejects }: ToldError): Error {
  const made = new (Object.hasOwn(classes, name) ? classes[name as keyof typeof classes] : Error)(message);
  return rejects ? Object.assign(made, { rejects }) : made;
}
