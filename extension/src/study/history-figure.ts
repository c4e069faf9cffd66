import type { TrialInfo } from "assay-lab/contract";
import type { PlotlyFigure } from "../plotly/plotly-figure";
import { everyValued, type Valued } from "./trial-figures";

/** How a history is drawn. */
export interface HistoryOptions {
  /** By the trials' numbers, or by when they ended. */
  axis: "number" | "time";
  logarithmic: boolean;
}

interface HistoryWords {
  metric: string;
  trial: string;
  value: string;
  best: string;
}

/** Dots drawn at most, evenly spread over the trials. */
const dotsMost = 2000;

/** Whether values can stand by their logarithm: each is above 0. */
export function canBeLogarithmic(trials: readonly TrialInfo[]): boolean {
  return everyValued(trials).every(({ value }) => value > 0);
}

/** The value of completed trials, a dot each, and the best until then, of all of them. */
export function historyFigure(
  trials: readonly TrialInfo[],
  minimized: boolean,
  { axis, logarithmic }: HistoryOptions,
  words: HistoryWords,
): PlotlyFigure {
  const all = everyValued(trials).filter(({ trial }) => axis === "number" || trial.ended_at !== null);
  if (axis === "time") all.sort((a, b) => Date.parse(a.trial.ended_at!) - Date.parse(b.trial.ended_at!));
  const placeOf = ({ trial }: Valued) => (axis === "time" ? trial.ended_at : trial.number);
  const every = Math.ceil(all.length / dotsMost);
  const dots = all.filter((_, k) => k % every === 0);
  const steps = bestUntil(all, minimized);
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        name: words.value,
        x: dots.map(placeOf),
        y: dots.map(({ value }) => value),
        text: dots.map(({ trial }) => `#${trial.number}`),
        hoverinfo: "y+text",
        marker: { size: 6, color: "#0072B2" },
      },
      {
        type: "scatter",
        mode: "lines",
        name: words.best,
        x: steps.map(({ at }) => placeOf(at)),
        y: steps.map(({ best }) => best),
        line: { shape: "hv", color: "#D55E00" },
      },
    ],
    layout: {
      xaxis: axis === "time" ? { type: "date" } : { title: { text: words.trial } },
      yaxis: { title: { text: words.metric }, ...(logarithmic && canBeLogarithmic(trials) && { type: "log" }) },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      margin: { t: 24, r: 16, b: 48, l: 72 },
      uirevision: axis,
    },
  };
}

/** Where a better value came, and the end. */
export function bestUntil(all: readonly Valued[], minimized: boolean): { at: Valued; best: number }[] {
  const steps: { at: Valued; best: number }[] = [];
  for (const each of all) {
    const best = steps.at(-1)?.best;
    if (best === undefined || (minimized ? each.value < best : each.value > best)) steps.push({ at: each, best: each.value });
  }
  const last = all.at(-1);
  return last ? [...steps, { at: last, best: steps.at(-1)!.best }] : steps;
}
