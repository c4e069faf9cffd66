import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";
import { LimitError, StoreError } from "assay";
import { programFlags, programPath } from "../program.ts";
import type { DrawnFigure, Report } from "./report.ts";

/** How long one report may take, and how many are printed at once; the others wait. */
const patienceMs = 120_000;
const printingMax = 2;
let printing = 0;
const waiting: (() => void)[] = [];

/**
 * Writes a report as PDF in a process of its own: this one goes on answering, and the memory is given back. Throws LimitError for
 * one that takes more than two minutes or 1 GiB, StoreError for what went wrong there.
 */
export async function printApart(report: Report<DrawnFigure>, signal?: AbortSignal): Promise<Uint8Array> {
  if (printing >= printingMax) await new Promise<void>((resolve) => waiting.push(resolve));
  else printing++;
  try {
    return await print(report, signal);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else printing--;
  }
}

async function print(report: Report<DrawnFigure>, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const flags = ["--max-old-space-size=1024", ...programFlags()];
  const child = spawn(process.execPath, [...flags, programPath(), "print"], {
    stdio: ["pipe", "pipe", "pipe"],
    timeout: patienceMs,
    killSignal: "SIGKILL",
    ...(signal && { signal }),
  });
  child.stdin.on("error", () => {}); // it ended before it read: its exit says why
  child.stdin.end(JSON.stringify(report));
  const ended = new Promise<string | number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, ending) => resolve(code ?? ending));
  });
  const [pdf, log, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  if (code === 0) return pdf;
  if (typeof code === "string" || /heap out of memory/.test(log))
    throw new LimitError(
      `report: the PDF of “${report.title.slice(0, 100)}” takes too long or too much memory (${code}); take fewer runs, or HTML`,
    );
  throw new StoreError(`report: the PDF could not be written: ${log.trim().split("\n").at(-1) ?? code}`);
}

/** Prints a report for another process: the report on standard input, the PDF on standard output. */
export async function servePrinting(): Promise<void> {
  const { reportPdf } = await import("./report-pdf.ts");
  const pdf = await reportPdf(JSON.parse(await text(process.stdin)) as Report<DrawnFigure>);
  await new Promise<void>((resolve, reject) => process.stdout.write(pdf, (error) => (error ? reject(error) : resolve())));
}
