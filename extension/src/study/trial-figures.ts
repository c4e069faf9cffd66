import type { TrialInfo } from "assay-lab/contract";
import { contourTrace, groundOf } from "../plotly/ground";
import type { PlotlyFigure } from "../plotly/plotly-figure";

/** Trials drawn at most: the newest. */
const drawnMost = 2000;
const margin = { t: 16, r: 16, b: 48, l: 72 };

/** Names of the parameters that any trial was given, in order of their first use. */
export function paramsOf(trials: readonly TrialInfo[]): string[] {
  return [...new Set(trials.flatMap(({ params }) => Object.keys(params)))];
}

/** The parameters that are numbers in every trial that has them, then the others: between numbers there is something to see. */
export function numbersFirst(trials: readonly TrialInfo[], names: readonly string[]): string[] {
  const isNumber = (name: string) => trials.every(({ params }) => params[name] === undefined || typeof params[name] === "number");
  return [...names.filter(isNumber), ...names.filter((name) => !isNumber(name))];
}

/** Two parameters against each other, and what colours the trials. */
interface Pair {
  x: string;
  y: string;
  metric: string;
  minimized: boolean;
  /** Whether contours of the value lie below the trials. */
  withContour: boolean;
}

/** Completed trials by two parameters, a dot each, coloured by its value: where the good ones lie; with the contours of the value between them. */
export function pairFigure(trials: readonly TrialInfo[], { x, y, metric, minimized, withContour }: Pair): PlotlyFigure {
  const shown = valued(trials).filter(({ trial: { params } }) => params[x] !== undefined && params[y] !== undefined);
  const values = shown.map(({ value }) => value);
  const scale = { colorscale: "Viridis", reversescale: minimized };
  const ground = withContour ? pairGround(shown, x, y) : null;
  return {
    data: [
      ...(ground ? [contourTrace(ground, values, scale)] : []),
      {
        type: "scatter",
        mode: "markers",
        x: shown.map(({ trial }) => placed(trial.params[x])),
        y: shown.map(({ trial }) => placed(trial.params[y])),
        text: shown.map(({ trial, value }) => `#${trial.number}: ${value}`),
        hoverinfo: "x+y+text",
        marker: {
          size: 8,
          color: values,
          ...scale,
          showscale: true,
          ...(ground && { line: { color: "#ffffff", width: 1 } }),
          colorbar: { title: { text: metric }, thickness: 12 },
        },
      },
    ],
    layout: {
      xaxis: { title: { text: x }, ...scaleOf(shown.map(({ trial }) => trial.params[x])) },
      yaxis: { title: { text: y }, ...scaleOf(shown.map(({ trial }) => trial.params[y])) },
      showlegend: false,
      margin,
    },
  };
}

/** Whether contours can be drawn over two parameters: both are numbers, and five trials and more have them. */
export function hasContour(trials: readonly TrialInfo[], x: string, y: string): boolean {
  return x !== y && pairGround(valued(trials), x, y) !== null;
}

function pairGround(shown: readonly Valued[], x: string, y: string): ReturnType<typeof groundOf> {
  const both = shown.filter(({ trial: { params } }) => params[x] !== undefined && params[y] !== undefined);
  const [xs, ys] = [x, y].map((name) => both.map(({ trial }) => trial.params[name])) as [unknown[], unknown[]];
  if (![...xs, ...ys].every((value) => typeof value === "number")) return null;
  return groundOf({
    x: xs as number[],
    y: ys as number[],
    z: both.map(({ value }) => value),
    isLogX: scaleOf(xs).type === "log",
    isLogY: scaleOf(ys).type === "log",
  });
}

/** The share of completed trials whose value is at most so much: how hard good values are to find. */
export function shareFigure(trials: readonly TrialInfo[], words: { metric: string; share: string }): PlotlyFigure {
  const values = valued(trials)
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  return {
    data: [
      { type: "scatter", mode: "lines", x: values, y: values.map((_, k) => (k + 1) / values.length), line: { shape: "hv" } },
    ],
    layout: {
      xaxis: { title: { text: words.metric } },
      yaxis: { title: { text: words.share }, range: [0, 1.02] },
      showlegend: false,
      margin,
    },
  };
}

/** When each trial ran, a bar each, coloured by how it ended: whether workers waited, and which trials took long. */
export function timelineFigure(
  trials: readonly TrialInfo[],
  words: Readonly<Record<string, string>>,
  trialWord: string,
): PlotlyFigure {
  const ran = trials.filter(({ started_at }) => started_at !== null).slice(-drawnMost);
  const states = ["completed", "pruned", "failed", "running"].filter((state) => ran.some((trial) => trial.state === state));
  const colours: Record<string, string> = { completed: "#0072B2", pruned: "#999999", failed: "#D55E00", running: "#009E73" };
  return {
    data: states.map((state) => {
      const own = ran.filter((trial) => trial.state === state);
      return {
        type: "bar",
        orientation: "h",
        name: words[state] ?? state,
        base: own.map(({ started_at }) => started_at),
        x: own.map((trial) => Math.max(1, lasted(trial))),
        y: own.map(({ number }) => number),
        width: 0.8,
        marker: { color: colours[state] },
        hoverinfo: "y+name",
      };
    }),
    layout: {
      barmode: "overlay",
      xaxis: { type: "date" },
      yaxis: { title: { text: trialWord }, autorange: "reversed" },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      margin: { ...margin, t: 32 },
    },
  };
}

function lasted({ duration_ms, started_at, ended_at }: TrialInfo): number {
  if (duration_ms !== null) return duration_ms;
  return (ended_at === null ? Date.now() : Date.parse(ended_at)) - Date.parse(started_at!);
}

/** The newest completed trials with a finite first value. */
function valued(trials: readonly TrialInfo[]): Valued[] {
  return everyValued(trials).slice(-drawnMost);
}

/** A trial and what came of it. */
export interface Valued {
  trial: TrialInfo;
  value: number;
}

/** Every completed trial with a finite first value. */
export function everyValued(trials: readonly TrialInfo[]): Valued[] {
  return trials.flatMap((trial) => {
    const value = trial.state === "completed" ? trial.values?.[0] : undefined;
    return typeof value === "number" ? [{ trial, value }] : [];
  });
}

/** A parameter's value as an axis takes it: lists and nothing as their text. */
function placed(value: unknown): number | string {
  return typeof value === "number" ? value : typeof value === "string" ? value : JSON.stringify(value);
}

/** Positive numbers over more than two powers of ten stand by their logarithm. */
function scaleOf(values: readonly unknown[]): { type?: "log" | "category" } {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < values.length) return { type: "category" };
  const least = Math.min(...numbers);
  return least > 0 && Math.max(...numbers) / least > 100 ? { type: "log" } : {};
}
