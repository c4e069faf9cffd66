import { axis, colour, type Figure, faint, figure, heightOf, type Trace } from "./figure.ts";

/** Scores of a model on training and test rows over a size or a parameter, each with a value a fold. */
export interface ScoreCurve {
  /** Numbers of training rows, or values of the parameter (g). */
  readonly x: readonly (number | string | boolean | null)[];
  /** Scores by fold (g × folds). */
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
  readonly metric: string;
}

/** Score by number of training rows: whether more rows would help. Mean over the folds, the band is one standard deviation. */
export function plotLearningCurve({ x, train, test, metric }: ScoreCurve): Figure {
  const lines = [...band("training rows", x, train, 1), ...band("test rows", x, test, 0)];
  return figure("Learning curve", lines, { xaxis: axis("training rows"), yaxis: axis(metric) });
}

/** Score by the value of a parameter: where it fits too little or too much. Mean over the folds, the band is one standard deviation. */
export function plotValidationCurve({
  x,
  train,
  test,
  metric,
  param,
  log = false,
}: ScoreCurve & {
  readonly param: string;
  /** Whether the parameter's axis is logarithmic. */
  readonly log?: boolean | undefined;
}): Figure {
  const isNumeric = x.every((value) => typeof value === "number");
  const values = isNumeric ? x : x.map(String);
  const lines = [...band("training rows", values, train, 1), ...band("test rows", values, test, 0)];
  const type = isNumeric ? (log ? { type: "log" } : {}) : { type: "category" };
  return figure("Validation curve", lines, { xaxis: axis(param, type), yaxis: axis(metric) });
}

/** Fold scores of models, the best first. */
export interface BoardScores {
  readonly metric: string;
  readonly rows: readonly { readonly name: string; readonly scores: readonly number[] }[];
}

/** Fold scores of each model as a box, the best on top; at most 30 models. A model without scores is left out. */
export function plotLeaderboard({ metric, rows }: BoardScores): Figure {
  const shown = rows
    .filter(({ scores }) => scores.some(Number.isFinite))
    .slice(0, 30)
    .toReversed();
  const boxes = shown.map(({ name, scores }, k) => ({
    type: "box",
    orientation: "h",
    name,
    x: scores.filter(Number.isFinite),
    y: scores.filter(Number.isFinite).map(() => name),
    boxpoints: "all",
    jitter: 0,
    pointpos: 0,
    marker: { color: k === shown.length - 1 ? colour(3) : colour(0), size: 4 },
    line: { width: 1.2 },
  }));
  return figure(`${metric} by model, a point a fold`, boxes, {
    xaxis: axis(metric),
    yaxis: axis("", { type: "category" }),
    showlegend: false,
    height: heightOf(shown.length, 28),
  });
}

/** A mean line and its band of one standard deviation. */
function band(name: string, x: readonly unknown[], scores: readonly (readonly number[])[], k: number): Trace[] {
  const middles = scores.map(meanOf);
  const spreads = scores.map((values, g) =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - middles[g]!) * (value - middles[g]!), 0) / values.length),
  );
  const edge = (sign: 1 | -1) => middles.map((middle, g) => middle + sign * spreads[g]!);
  const area = {
    type: "scatter",
    mode: "lines",
    x: [...x, ...x.toReversed()],
    y: [...edge(1), ...edge(-1).reverse()],
    fill: "toself",
    fillcolor: faint(colour(k), 0.2),
    line: { width: 0, color: faint(colour(k), 0) },
    hoverinfo: "skip",
    showlegend: false,
  };
  const line = {
    type: "scatter",
    mode: "lines+markers",
    name,
    x: [...x],
    y: middles,
    line: { color: colour(k) },
    marker: { color: colour(k), size: 5 },
  };
  return [area, line];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
