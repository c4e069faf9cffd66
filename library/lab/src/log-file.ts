import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ParamsError } from "assay";
import { pino } from "pino";

/** Where finished lines go. */
export interface LogDestination {
  write(line: string): void;
}

/** A file is looked at no more often than this. */
const lookMs = 1000;
/** Bytes that wait for a destination that takes nothing, as a full disk; what is said beyond them is lost. */
const waitingMost = 2 ** 20;

/** The process's own standard error. Nobody may read it any more: the process goes on. */
export function standardError(): LogDestination {
  return pino.destination({ dest: 2, sync: true, maxLength: waitingMost }).on("error", () => {});
}

/** How a log file is kept. */
interface LogFileOptions {
  /** Default 50 MB. */
  readonly maxBytes?: number;
  /** Files that were full, kept beside it; default 5. */
  readonly kept?: number;
  /** Hears that lines cannot be written, once until they can be again. */
  readonly complain?: (message: string) => void;
}

/**
 * Appends lines to a file. Beyond `maxBytes` it is moved to `file.1`, which moves to `file.2` and so on, `kept` of them. Processes may share
 * it: each notices that the file was moved, by itself or by logrotate, and opens the new one. One that cannot be written any more ends nothing: its lines
 * wait, up to a bound, and are written when it can be. Throws ParamsError for a file that cannot be opened.
 */
export function logFile(
  path: string,
  { maxBytes = 50 * 2 ** 20, kept = 5, complain = () => {} }: LogFileOptions = {},
): LogDestination {
  let file: number;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
    file = open(path);
  } catch (cause) {
    throw new ParamsError(`LOG_FILE: must be a file that can be written, got ${path} (${(cause as Error).message})`, { cause });
  }
  let lookedAt = 0;
  let written = 0;
  let waiting = Buffer.alloc(0);
  let fails = false;
  const drain = (): void => {
    while (waiting.length > 0) waiting = waiting.subarray(writeSync(file, waiting));
    fails = false;
  };
  const look = (): void => {
    lookedAt = Date.now();
    written = 0;
    if (moveOn(path, maxBytes, kept) || isElsewhere(path, file)) {
      const old = file;
      file = open(path);
      closeSync(old);
    }
    drain();
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!fails) complain(`LOG_FILE: ${path} cannot be written, and lines wait: ${(error as Error).message}`);
      fails = true;
    }
  };
  return {
    write(line) {
      written += line.length;
      if (Date.now() - lookedAt >= lookMs || written > maxBytes / 10) attempt(look);
      if (waiting.length < waitingMost) waiting = Buffer.concat([waiting, Buffer.from(line)]);
      if (!fails) attempt(drain);
    },
  };
}

function open(path: string): number {
  return openSync(path, "a", 0o640);
}

/** Moves a file that is full out of the way, and the older ones on. */
function moveOn(path: string, maxBytes: number, kept: number): boolean {
  try {
    if (statSync(path).size < maxBytes) return false;
    rmSync(`${path}.${kept}`, { force: true });
    for (let k = kept - 1; k > 0; k--) if (existsSync(`${path}.${k}`)) renameSync(`${path}.${k}`, `${path}.${k + 1}`);
    renameSync(path, `${path}.1`);
    return true;
  } catch {
    return false; // another process is doing it
  }
}

function isElsewhere(path: string, file: number): boolean {
  try {
    return statSync(path).ino !== fstatSync(file).ino;
  } catch {
    return true;
  }
}
