import { type Matrix, sharedFloat64 } from "assay";
import { featureMatrix } from "./features.ts";
import type { History } from "./history.ts";
import { type Moment, momentsOf } from "./moment.ts";

/** The sessions of a history as rows to learn from, in order of time. */
export interface TrainingRows {
  /** Features of what was known before each session (n × d). */
  readonly x: Matrix;
  /** ln(top load / top load of the session before), within ± 0.4 (n). */
  readonly y: Float64Array;
  /** Top load of the session before (n): what an error of y costs in load. */
  readonly last: Float64Array;
  /** Top load (n). */
  readonly top: Float64Array;
  readonly moments: readonly Moment[];
  /** Place of each row in the sessions with load of its exercise, from 1 (n). */
  readonly place: readonly number[];
}

/** Changes beyond this share are other things than training: a new machine, a slip of the pen. */
const targetMost = 0.4;

/** Makes the rows of a history: every session with load, later than `after`, that has one before it. O(n · d · sessions looked back on). */
export function trainingRows(history: History, after = Number.NEGATIVE_INFINITY): TrainingRows {
  const moments = momentsOf(history);
  const found = [...history.exercises].flatMap(([exercise, own]) =>
    own
      .filter(({ top }) => top > 0)
      .slice(1)
      .flatMap((session, k) =>
        session.time > after ? { session, place: k + 1, moment: moments.of(exercise, session.time)! } : [],
      ),
  );
  found.sort((a, b) => a.session.time - b.session.time || (a.session.exercise < b.session.exercise ? -1 : 1));
  const last = Float64Array.from(found, ({ moment }) => moment.tops[0]!);
  const top = Float64Array.from(found, ({ session }) => session.top);
  return {
    x: featureMatrix(found.map(({ moment }) => moment)),
    y: top.map((load, i) => Math.max(-targetMost, Math.min(targetMost, Math.log(load / last[i]!)))),
    last,
    top,
    moments: found.map(({ moment }) => moment),
    place: found.map(({ place }) => place),
  };
}

/** Rows from `from` to before `to`. */
export function rowsBetween(rows: TrainingRows, from: number, to: number): TrainingRows {
  const { x, y, last, top, moments, place } = rows;
  const data = sharedFloat64((to - from) * x.columns);
  data.set(x.data.subarray(from * x.columns, to * x.columns));
  return {
    x: { ...x, rows: to - from, data },
    y: y.slice(from, to),
    last: last.slice(from, to),
    top: top.slice(from, to),
    moments: moments.slice(from, to),
    place: place.slice(from, to),
  };
}
