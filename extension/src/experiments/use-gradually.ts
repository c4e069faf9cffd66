import { useEffect, useReducer, useRef } from "react";

/** Rows that are taken in a frame at least, however slow the frames are. */
const least = 2;
/** Milliseconds from frame to frame above which fewer rows are taken, and below which more. */
const [slow, quick] = [34, 20];

/**
 * Of the rows `wanted`, those that are drawn by now, each with the value that it is drawn with. What is drawn stays; of the others, and of those
 * drawn with an older value, `atOnce` are taken in a frame at most, and fewer while frames are slow, the middle ones first: a long leap then takes
 * some frames, and none of them long. The first are drawn together. Rows that are wanted no more stay while others wait, as many as wait: their
 * elements are there to be taken over.
 */
export function useGradually<T>(wanted: readonly number[], value: T, atOnce: number): ReadonlyMap<number, T> {
  const [, drawMore] = useReducer((count: number) => count + 1, 0);
  const drawn = useRef<ReadonlyMap<number, T>>(new Map());
  const pace = useRef({ rows: atOnce, frameAt: Number.NaN });
  const middle = ((wanted[0] ?? 0) + (wanted.at(-1) ?? 0)) / 2;
  const waiting = wanted
    .filter((row) => drawn.current.get(row) !== value)
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  // the first rows come together: nobody waits for a table by halves
  const most = drawn.current.size === 0 ? waiting.length : pace.current.rows;
  const now = new Set(waiting.slice(0, most));
  const next = new Map<number, T>();
  for (const row of wanted) {
    if (now.has(row)) next.set(row, value);
    else if (drawn.current.has(row)) next.set(row, drawn.current.get(row)!);
  }
  const isWanted = new Set(wanted);
  for (const [row, held] of drawn.current) {
    if (next.size >= wanted.length) break;
    if (!isWanted.has(row)) next.set(row, held);
  }
  useEffect(() => {
    drawn.current = next;
    if (waiting.length <= most) {
      pace.current.frameAt = Number.NaN;
      return;
    }
    const frame = requestAnimationFrame((at) => {
      const { rows, frameAt } = pace.current;
      const took = at - frameAt; // not a number in the first frame of several
      const paced = took > slow ? Math.max(least, rows - 2) : took < quick ? Math.min(atOnce, rows + 1) : rows;
      pace.current = { rows: paced, frameAt: at };
      drawMore();
    });
    return () => cancelAnimationFrame(frame);
  });
  return next;
}
