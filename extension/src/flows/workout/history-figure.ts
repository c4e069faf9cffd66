import type { PlotlyFigure } from "../../plotly/plotly-figure";
import type { Said } from "./held-forecast";
import type { ExerciseHistory } from "./workout-routes";

/** What the parts of the picture are called. */
type HistoryWords = Readonly<Record<"top" | "strength" | "trend" | "forecast" | "volume" | "reps" | "still", string>>;

const [blue, orange, green, grey] = ["#0072B2", "#E69F00", "#009E73", "#888888"];
const day = 86_400_000;

/**
 * Top sets, strength and its trend above, volume below, the forecast with its interval at the end; a plateau as a band from its start. Where no set
 * has load, repetitions stand in the place of loads.
 */
export function historyFigure(history: ExerciseHistory, said: Said | null, words: HistoryWords): PlotlyFigure {
  const { items, unit, trend, plateau } = history;
  const x = items.map(({ time }) => time);
  const hasLoad = items.some(({ top_weight }) => top_weight > 0);
  const main = hasLoad
    ? [
        {
          ...line(
            words.top,
            blue,
            x,
            items.map(({ top_weight }) => top_weight || null),
          ),
          mode: x.length > 120 ? "lines" : "lines+markers",
          marker: { size: 5, color: blue },
          customdata: items.map(({ reps_at_top }) => reps_at_top ?? "–"),
          hovertemplate: `%{x|%Y-%m-%d}: %{y} ${unit} × %{customdata}<extra>${words.top}</extra>`,
        },
        line(
          words.strength,
          orange,
          x,
          items.map(({ e1rm }) => e1rm),
          "dot",
        ),
      ]
    : [
        {
          ...line(
            words.reps,
            blue,
            x,
            items.map(({ reps_at_top }) => reps_at_top),
          ),
          mode: "lines+markers",
        },
      ];
  const sloped = trend ? [line(words.trend, grey, [trend.from, trend.to], [trend.first, trend.last], "dash")] : [];
  const volume = {
    type: "bar",
    name: words.volume,
    x,
    y: items.map(({ volume: lifted }) => lifted),
    yaxis: "y2",
    marker: { color: grey },
    showlegend: false,
  };
  const next = said && hasLoad ? [forecastTrace(said, x.at(-1)!, words.forecast)] : [];
  return {
    data: [...main, ...sloped, ...next, volume],
    layout: {
      xaxis: { type: "date", anchor: "y2", ...roomFor(x) },
      yaxis: { domain: [0.32, 1], title: { text: hasLoad ? unit : words.reps } },
      yaxis2: { domain: [0, 0.22], title: { text: words.volume }, rangemode: "tozero", nticks: 3 },
      bargap: 0.2,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      margin: { t: 12, r: 12, b: 32, l: 56 },
      ...(plateau.status === "plateau" && plateau.since !== null && still(plateau.since, x.at(-1)!, words.still)),
    },
  };
}

/** Sessions of few days get some weeks, else their axis counts seconds. */
function roomFor(x: readonly string[]) {
  const [first, last] = [Date.parse(x[0]!), Date.parse(x.at(-1)!)];
  return last - first > 28 * day
    ? {}
    : { range: [first - 14 * day, last + 14 * day].map((time) => new Date(time).toISOString()) };
}

function line(name: string, color: string, x: readonly string[], y: readonly (number | null)[], dash?: string) {
  return { type: "scatter", mode: "lines", name, x, y, connectgaps: true, line: { color, ...(dash && { dash }) } };
}

function forecastTrace({ weight, low, high, unit, date }: Said, last: string, name: string) {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: [date ?? new Date(Date.parse(last) + 7 * day).toISOString()],
    y: [weight],
    marker: { color: green, size: 10, symbol: "diamond" },
    error_y: { type: "data", symmetric: false, array: [high - weight], arrayminus: [weight - low], color: green, thickness: 2 },
    hovertemplate: `%{x|%Y-%m-%d}: %{y} ${unit}<extra>${name}</extra>`,
  };
}

/** The band of a plateau, with its word. */
function still(since: string, last: string, word: string) {
  return {
    shapes: [
      {
        type: "rect",
        yref: "y domain",
        x0: since,
        x1: last,
        y0: 0,
        y1: 1,
        fillcolor: "rgba(213, 94, 0, 0.12)",
        line: { width: 0 },
        layer: "below",
      },
    ],
    annotations: [
      { x: since, y: 1, yref: "y domain", text: word, showarrow: false, xanchor: "left", yanchor: "top", font: { size: 11 } },
    ],
  };
}
