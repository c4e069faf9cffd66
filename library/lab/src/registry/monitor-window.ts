import { ParamsError } from "assay";
import type { WindowQuery } from "../contract/monitoring.ts";

/** A window of time and the instants that part it: each part begins at one and ends before the next, or at `to`. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
  readonly step: "hour" | "day" | "week";
  readonly begins: readonly Date[];
}

const hourMs = 3_600_000;
const stepMs = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs };
const partsMost = 400;
/** 1970 began on a Thursday. */
const mondayMs = 4 * 24 * hourMs;

/** The window that is asked for. Throws ParamsError for one that is empty or of too many parts. */
export function windowOf({ from, to, step = "day" }: WindowQuery, now = new Date()): Window {
  const end = to === undefined ? now : new Date(to);
  const begin = from === undefined ? new Date(end.getTime() - 7 * stepMs.day) : new Date(from);
  if (!(begin < end))
    throw Object.assign(new ParamsError(`window: from must be before to, got ${begin.toISOString()} and ${end.toISOString()}`), {
      field: "from",
    });
  const size = stepMs[step];
  const shift = step === "week" ? mondayMs : 0;
  const first = Math.floor((begin.getTime() - shift) / size) * size + shift;
  const parts = Math.ceil((end.getTime() - first) / size);
  if (parts > partsMost)
    throw Object.assign(
      new ParamsError(`window: must have at most ${partsMost} parts, ${parts} ${step}s lie in it: take a larger step`),
      {
        field: "step",
      },
    );
  return { from: begin, to: end, step, begins: Array.from({ length: parts }, (_, k) => new Date(first + k * size)) };
}

/** The number of the part that an instant lies in. */
export function partOf({ begins, step }: Window, at: Date): number {
  return Math.min(begins.length - 1, Math.max(0, Math.floor((at.getTime() - begins[0]!.getTime()) / stepMs[step])));
}
