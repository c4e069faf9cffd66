import { pino } from "pino";

/** The log of a room: JSON lines, or text at a terminal; to LOG_FILE where it is set, else to stderr. */
export function logger(room: string) {
  const text = (process.env["LOG_FORMAT"] ?? (process.stderr.isTTY ? "text" : "json")) === "text";
  const destination = pino.destination(process.env["LOG_FILE"] ?? 2);
  const stream = text ? { write: (line: string) => destination.write(`${readable(JSON.parse(line))}\n`) } : destination;
  return pino(
    {
      level: process.env["LOG_LEVEL"] ?? "info",
      base: { room },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ["req.headers", "headers"],
    },
    stream,
  );
}

function readable({ time, level, room, msg }: { time: string; level: string; room: string; msg: string }): string {
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${room}: ${msg}`;
}
