import type { CalibrationCurve } from "../metrics/calibration.ts";
import type { GainCurve } from "../metrics/gain-curves.ts";
import { axis, colour, type Figure, faint, figure, quiet, reference, shareAxis, thin } from "./figure.ts";

/** A class's or model's calibration curve, named. */
export interface NamedCalibration {
  readonly name: string;
  readonly curve: CalibrationCurve;
}

/**
 * Reliability: the share of positive rows against the mean predicted probability of each bin, the diagonal being perfect; below, how many
 * rows each bin holds. At most eight curves are drawn.
 */
export function plotCalibration(curves: readonly NamedCalibration[]): Figure {
  const shown = curves.slice(0, 8);
  const lines = shown.map(({ name, curve }, k) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x: [...curve.predicted],
    y: [...curve.observed],
    line: { color: colour(k) },
    marker: { color: colour(k), size: 6 },
  }));
  const bars = shown.map(({ curve }, k) => ({
    type: "bar",
    x: curve.lower.map((lower, b) => (lower + curve.upper[b]!) / 2),
    y: [...curve.counts],
    width: curve.lower.map((lower, b) => Math.max(0.004, 0.94 * (curve.upper[b]! - lower))),
    marker: { color: faint(colour(k), shown.length > 1 ? 0.5 : 0.8) },
    xaxis: "x2",
    yaxis: "y2",
    showlegend: false,
  }));
  return figure("Calibration", [reference("perfect", [0, 1], [0, 1]), ...lines, ...bars], {
    height: 460,
    barmode: "overlay",
    xaxis: shareAxis("", { domain: [0, 1], anchor: "y" }),
    yaxis: shareAxis("share of positive rows", { domain: [0.34, 1], anchor: "x" }),
    xaxis2: shareAxis("mean predicted probability", { domain: [0, 1], anchor: "y2" }),
    yaxis2: axis("rows", { domain: [0, 0.22], anchor: "x2" }),
  });
}

/** A class's or model's gain curve, named. */
export interface NamedGain {
  readonly name: string;
  readonly curve: GainCurve;
}

/** Cumulative gain: the share of all positive rows found among the best-scored share of rows; the diagonal is chance. */
export function plotGain(curves: readonly NamedGain[]): Figure {
  const lines = curves.map(({ name, curve }, k) => ({
    type: "scatter",
    mode: "lines",
    name,
    ...thin(curve.rows, curve.gain),
    line: { color: colour(k) },
  }));
  return figure("Cumulative gain", [...lines, reference("chance", [0, 1], [0, 1])], {
    xaxis: shareAxis("share of rows, best scores first"),
    yaxis: shareAxis("share of positive rows found"),
  });
}

/** Lift: how many times more positive rows than by chance are among the best-scored share of rows. */
export function plotLift(curves: readonly NamedGain[]): Figure {
  const lines = curves.map(({ name, curve }, k) => ({
    type: "scatter",
    mode: "lines",
    name,
    ...thin(curve.rows.slice(1), curve.lift.slice(1)),
    line: { color: colour(k) },
  }));
  return figure("Lift", [...lines, reference("chance", [0, 1], [1, 1])], {
    xaxis: shareAxis("share of rows, best scores first"),
    yaxis: axis("lift (times chance)", { rangemode: "tozero" }),
  });
}

/** Scores of the rows of one class, named. */
export interface NamedScores {
  readonly name: string;
  readonly scores: ArrayLike<number>;
}

/** Distribution of scores (0 … 1, or any) by true class as overlaid bars, each class's shares summing to 1: what a threshold can tell apart. */
export function plotScores(classes: readonly NamedScores[], { bins = 40, axisTitle = "predicted probability" } = {}): Figure {
  const ends = classes.map(({ scores }) => extent(scores));
  const low = Math.min(...ends.map(([least]) => least));
  const high = Math.max(...ends.map(([, greatest]) => greatest));
  const [from, to] = low >= 0 && high <= 1 ? [0, 1] : [low, high > low ? high : low + 1];
  const width = (to - from) / bins;
  const bars = classes.map(({ name, scores }, k) => {
    const counts = new Array<number>(bins).fill(0);
    for (let i = 0; i < scores.length; i++) {
      const bin = Math.floor((scores[i]! - from) / width);
      if (bin >= 0) counts[Math.min(bins - 1, bin)]! += 1 / scores.length;
    }
    const x = counts.map((_, b) => from + (b + 0.5) * width);
    return { type: "bar", name, x, y: counts, width, opacity: 0.6, marker: { color: colour(k) } };
  });
  return figure("Scores by class", bars, {
    barmode: "overlay",
    bargap: 0.02,
    xaxis: axis(axisTitle, { range: [from, to] }),
    yaxis: axis("share of the class's rows"),
  });
}

/** Metrics at each threshold: what `chooseThreshold` looks at. */
export interface ThresholdCurve {
  /** Rising. */
  readonly thresholds: readonly number[];
  /** For each metric one value a threshold. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  /** The threshold that was chosen. */
  readonly chosen?: number | undefined;
}

/** Metrics as lines over the threshold; the chosen one is marked. */
export function plotThreshold({ thresholds, metrics, chosen }: ThresholdCurve): Figure {
  const lines = Object.entries(metrics).map(([name, values], k) => ({
    type: "scatter",
    mode: "lines",
    name: name.replaceAll("_", " "),
    ...thin(thresholds, values),
    line: { color: colour(k) },
  }));
  const mark =
    chosen === undefined
      ? []
      : [{ type: "line", x0: chosen, x1: chosen, y0: 0, y1: 1, xref: "x", yref: "paper", line: { color: quiet, dash: "dash" } }];
  return figure("Metrics by threshold", lines, {
    xaxis: axis("threshold"),
    yaxis: axis("value of the metric"),
    shapes: mark,
    ...(chosen !== undefined && {
      annotations: [
        {
          x: chosen,
          y: 1,
          xref: "x",
          yref: "paper",
          yanchor: "bottom",
          text: `chosen ${Number(chosen.toPrecision(4))}`,
          showarrow: false,
        },
      ],
    }),
  });
}

function extent(values: ArrayLike<number>): [least: number, greatest: number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    greatest = Math.max(greatest, values[i]!);
  }
  return least <= greatest ? [least, greatest] : [0, 1];
}
