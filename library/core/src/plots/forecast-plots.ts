import { ShapeError } from "../base/errors.ts";
import { axis, colour, type Figure, faint, figure, quiet, type Trace } from "./figure.ts";

/** Values at times. */
export interface TimedValues {
  readonly name: string;
  /** ISO 8601, in any order of size (n). */
  readonly times: readonly string[];
  /** null where there is none (n). */
  readonly values: readonly (number | null)[];
}

/** A value that is forecast, with its interval. */
export interface ForecastPoint {
  readonly time: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What is drawn of a forecast. */
export interface PlottedForecast {
  readonly title: string;
  /** What the values are: "top weight, kg". */
  readonly unit: string;
  readonly observed: TimedValues;
  /** Series beside it, as thin lines. */
  readonly others?: readonly TimedValues[] | undefined;
  /** The next one, or the earlier ones and the next: a point with a bar each. */
  readonly forecasts?: readonly ForecastPoint[] | undefined;
}

/** What was observed over time, and what is forecast with its interval. Throws ShapeError for times and values of different length. */
export function plotForecast({ title, unit, observed, others = [], forecasts = [] }: PlottedForecast): Figure {
  const lines = [observed, ...others].map((series, k) => lineOf(series, k));
  return figure(title, [...lines, ...(forecasts.length > 0 ? forecastTraces(forecasts) : [])], {
    xaxis: axis("", { type: "date" }),
    yaxis: axis(unit),
  });
}

function lineOf({ name, times, values }: TimedValues, k: number): Trace {
  if (times.length !== values.length)
    throw new ShapeError(`plotForecast: "${name}" has ${times.length} times but ${values.length} values`);
  return {
    type: "scatter",
    mode: k === 0 ? "lines+markers" : "lines",
    name,
    x: [...times],
    y: [...values],
    line: { color: colour(k === 0 ? 0 : k + 1), width: k === 0 ? 2 : 1.2 },
    ...(k === 0 && { marker: { size: 5 } }),
  };
}

function forecastTraces(forecasts: readonly ForecastPoint[]): Trace[] {
  const intervals = {
    type: "scatter",
    mode: "lines",
    name: "interval",
    x: forecasts.flatMap(({ time }) => [time, time, null]),
    y: forecasts.flatMap(({ low, high }) => [low, high, null]),
    line: { color: colour(1), width: forecasts.length > 1 ? 1.2 : 3 },
  };
  const points = {
    type: "scatter",
    mode: "markers",
    name: "forecast",
    x: forecasts.map(({ time }) => time),
    y: forecasts.map(({ value }) => value),
    marker: { color: colour(1), size: forecasts.length > 1 ? 6 : 11, symbol: "diamond" },
  };
  return [intervals, points];
}

/** A straight line through values over time. */
export interface PlottedTrend {
  readonly title: string;
  readonly unit: string;
  readonly observed: TimedValues;
  /** Its ends; undefined where there are too few values for one. */
  readonly line?: { readonly from: string; readonly to: string; readonly first: number; readonly last: number } | undefined;
  /** What the line is: "no trend, p = 0.61". */
  readonly verdict: string;
}

/** Values over time with the line that was found through the last of them. */
export function plotTrend({ title, unit, observed, line, verdict }: PlottedTrend): Figure {
  const points: Trace = {
    type: "scatter",
    mode: "lines+markers",
    name: observed.name,
    x: [...observed.times],
    y: [...observed.values],
    line: { color: faint(quiet, 0.6), width: 1 },
    marker: { color: colour(0), size: 5 },
  };
  const found: readonly Trace[] = line
    ? [
        {
          type: "scatter",
          mode: "lines",
          name: verdict,
          x: [line.from, line.to],
          y: [line.first, line.last],
          line: { color: colour(3), width: 3 },
        },
      ]
    : [];
  return figure(title, [points, ...found], { xaxis: axis("", { type: "date" }), yaxis: axis(unit) });
}

/** Counts by name in their order: days of a week, months of a year. */
export function plotCounts(title: string, names: readonly string[], counts: readonly number[], unit: string): Figure {
  if (names.length !== counts.length) throw new ShapeError(`plotCounts: got ${names.length} names but ${counts.length} counts`);
  const bars = { type: "bar", x: [...names], y: [...counts], marker: { color: colour(0) }, showlegend: false };
  return figure(title, [bars], {
    xaxis: axis("", { type: "category" }),
    yaxis: axis(unit, { rangemode: "tozero" }),
    height: 260,
  });
}

/** An error and whose it is. */
export interface NamedError {
  readonly name: string;
  readonly error: number;
  /** Drawn in another colour: what the others are compared with. */
  readonly isOwn?: boolean | undefined;
}

/** Errors side by side, the least on top. */
export function plotErrors(title: string, errors: readonly NamedError[], unit: string): Figure {
  const shown = errors.toSorted((a, b) => b.error - a.error);
  const bars = {
    type: "bar",
    orientation: "h",
    x: shown.map(({ error }) => error),
    y: shown.map(({ name }) => name),
    marker: { color: shown.map(({ isOwn }) => (isOwn ? colour(3) : colour(0))) },
    text: shown.map(({ error }) => String(Number(error.toPrecision(3)))),
  };
  return figure(title, [bars], {
    xaxis: axis(unit, { rangemode: "tozero" }),
    yaxis: axis("", { type: "category" }),
    showlegend: false,
    height: Math.max(220, 110 + 24 * shown.length),
  });
}
