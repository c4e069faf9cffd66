import { ParamsError, suggest } from "assay";
import { type Logger, pino } from "pino";
import { type LogDestination, logFile, standardError } from "./log-file.ts";
import { redact } from "./tracking/redact.ts";

const levels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];
const hidden = "[redacted]";
/** Shorter ones are words that occur. */
const secretMin = 6;
const loggers = new Map<string, Logger>();

/**
 * The log of a room, one for a process: JSON lines (`time`, `level`, `room`, `msg`, `requestId`, `runId`), or text at a terminal; to LOG_FILE
 * where it is set, else to the process's own standard error, which is no cell's. Secrets are taken out of every line: text under a name
 * that says secret, addresses' passwords, bearer tokens, and the values of this process's own secret settings wherever they stand.
 * Throws ParamsError for a LOG_LEVEL or LOG_FORMAT that there is not.
 */
export function logger(room: string): Logger {
  const { LOG_LEVEL: level = "info", LOG_FILE: path = "", LOG_FORMAT: format } = process.env;
  const key = [room, level, path, format].join("\n");
  const known = loggers.get(key);
  if (known) return known;
  const made = makeLogger(room, destination(path));
  loggers.set(key, made);
  return made;
}

/** The same, to a destination of its own. */
export function makeLogger(room: string, to: LogDestination): Logger {
  const level = oneOf("LOG_LEVEL", process.env["LOG_LEVEL"] || "info", levels);
  const usual = process.stderr.isTTY && !process.env["LOG_FILE"] ? "text" : "json";
  const isText = oneOf("LOG_FORMAT", process.env["LOG_FORMAT"] || usual, ["text", "json"]) === "text";
  const secrets = ownSecrets();
  return pino(
    {
      level,
      base: { room },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: plainError },
    },
    {
      write(line) {
        const entry = redact(JSON.parse(line, (name, value) => (name === "headers" ? hidden : withoutSecrets(value, secrets))));
        to.write(`${isText ? readable(entry) : JSON.stringify(entry)}\n`);
      },
    },
  );
}

const ownError = standardError();
const files = new Map<string, LogDestination>();

function destination(path: string): LogDestination {
  if (path === "") return ownError;
  let file = files.get(path);
  if (!file) files.set(path, (file = logFile(path, { complain: (message) => ownError.write(`assay: ${message}\n`) })));
  return file;
}

/** Values that this process was given as secrets: they are found wherever they stand. */
function ownSecrets(): string[] {
  const found = new Set<string>();
  for (const [name, value = ""] of Object.entries(process.env)) {
    if (/(TOKEN|PASSWORD|SECRET|_KEY|CREDENTIALS)$/.test(name)) found.add(value);
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/i.exec(value)?.[1];
    if (password) found.add(password).add(decoded(password));
  }
  return [...found].filter((secret) => secret.length >= secretMin).sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  return typeof value === "string" ? secrets.reduce((text, secret) => text.replaceAll(secret, hidden), value) : value;
}

/** An error without its own fields: PostgreSQL's hold the row that it refused. */
function plainError(error: Error & { code?: unknown }): object {
  const { name, message, stack, code, cause } = error;
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code: String(code) }),
    ...(cause instanceof Error && { cause: cause.message }),
  };
}

function readable({
  time,
  level,
  room,
  msg = "",
  err,
}: Record<string, string> & { readonly err?: { readonly stack?: string } }): string {
  return `${time!.slice(11, 19)} ${level!.padEnd(5)} ${room}: ${msg}${err?.stack ? `\n${err.stack}` : ""}`;
}

function oneOf(setting: string, given: string, known: readonly string[]): string {
  if (known.includes(given)) return given;
  throw new ParamsError(`${setting}: must be one of ${known.join(", ")}, got "${given}"${suggest(given, known)}`);
}
