import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { firstOfInstant } from "./instants.ts";
import { checkWhole, dayMs, type SeriesTimes, type SeriesValues, seriesNumbers, seriesTimes } from "./values.ts";
import { type WindowStatistic, type WindowStatisticName, windowStatistics } from "./window-statistics.ts";

/** How far back a window reaches, and what it makes of the values there. */
export interface RollingOptions {
  /** Rows before the row: the last 5, missing ones among them. */
  readonly rows?: number | undefined;
  /** Days before the row's instant; needs `times`. Neither rows nor days: all that came before. */
  readonly days?: number | undefined;
  /** Instants of the values (n), rising or equal. With them rows of the same instant do not see each other. */
  readonly times?: SeriesTimes | undefined;
  /** A name, or a function of the values that are there and their times (days where there are times, else rows). */
  readonly statistic: WindowStatisticName | WindowStatistic;
  /** Values that must be there, else NaN; default 1, or 0 for `count` and `sum`. */
  readonly least?: number | undefined;
}

/**
 * A statistic of the values just before each row, never of the row itself or later ones (n): a feature that knew the answer cannot be
 * written. For the step after the last value put a missing one at the end. NaN where fewer than `least` values are there; `std` divides by
 * n − 1, slopes are a day where there are times, else a row. O(n · values in a window).
 * Throws ParamsError for a window or statistic that is none, DataError for times that fall. Oracle: pandas' rolling(closed="left").
 * @example
 * ml.rolling(weights, { rows: 5, statistic: "mean" });
 * ml.rolling(log.column("weight"), { days: 28, times: log.column("date"), statistic: "max" });
 */
export function rolling(values: SeriesValues, options: RollingOptions): Float64Array {
  const numbers = seriesNumbers("rolling", values);
  const n = numbers.length;
  const { compute, least } = statisticOf(options);
  const instants = options.times === undefined ? undefined : seriesTimes("rolling", options.times, n);
  const begins = windowBegins(n, options, instants);
  const ends = instants ? firstOfInstant(instants) : Int32Array.from(numbers.keys());
  const out = new Float64Array(n).fill(Number.NaN);
  const there = new Float64Array(n);
  const places = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let count = 0;
    for (let row = begins(i, ends[i]!); row < ends[i]!; row++) {
      if (Number.isNaN(numbers[row])) continue;
      there[count] = numbers[row]!;
      // times count from the row itself, so that large instants lose no digits
      places[count++] = instants ? (instants[row]! - instants[i]!) / dayMs : row - i;
    }
    if (count >= least) out[i] = compute(there.subarray(0, count), places.subarray(0, count));
  }
  return out;
}

function statisticOf({ statistic, least }: RollingOptions): { compute: WindowStatistic; least: number } {
  const isKnown = typeof statistic === "function" || Object.hasOwn(windowStatistics, statistic);
  const names = Object.keys(windowStatistics);
  if (!isKnown)
    throw new ParamsError(
      `rolling: no statistic "${String(statistic)}"${suggest(String(statistic), names)}; there are ${names.join(", ")}`,
    );
  const needed = least ?? (statistic === "count" || statistic === "sum" ? 0 : 1);
  checkWhole("rolling", "least", needed, 0);
  if (typeof statistic !== "function") return { compute: windowStatistics[statistic], least: needed };
  return { compute: (values, times) => statistic(values.slice(), times.slice()), least: needed };
}

/** Gives the first row of each row's window. */
function windowBegins(
  n: number,
  { rows, days }: RollingOptions,
  instants: Float64Array | undefined,
): (row: number, end: number) => number {
  if (rows !== undefined && days !== undefined) throw new ParamsError("rolling: takes rows or days, got both");
  if (rows !== undefined) {
    checkWhole("rolling", "rows", rows, 1);
    return (_, end) => Math.max(0, end - rows);
  }
  if (days === undefined) return () => 0;
  if (!(days > 0 && days < Infinity)) throw new ParamsError(`rolling: days must be above 0, got ${String(days)}`);
  if (!instants) throw new ParamsError("rolling: days needs times, one instant for each value");
  const begins = new Int32Array(n);
  for (let i = 0, begin = 0; i < n; i++) {
    while (instants[begin]! < instants[i]! - days * dayMs) begin++;
    begins[i] = begin;
  }
  return (row) => begins[row]!;
}
