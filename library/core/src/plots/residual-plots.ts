import { DataError, ShapeError } from "../base/errors.ts";
import { normalQuantile } from "../numeric/normal.ts";
import { mean, standardDeviation } from "../numeric/statistics.ts";
import { axis, colour, evenly, type Figure, figure, reference } from "./figure.ts";

const pointsMax = 2000;

/** Residuals (truth − prediction) against the prediction; at most 2,000 points, evenly taken. */
export function plotResiduals(predicted: ArrayLike<number>, truth: ArrayLike<number>, unit?: string): Figure {
  const residuals = residualsOf("plotResiduals", predicted, truth);
  const rows = evenly(residuals.length, pointsMax);
  const points = {
    type: "scatter",
    mode: "markers",
    name: "residual",
    x: rows.map((i) => predicted[i]!),
    y: rows.map((i) => residuals[i]!),
    marker: { color: colour(0), size: 5, opacity: 0.5 },
  };
  return figure("Residuals", [points], {
    xaxis: axis(withUnit("predicted", unit)),
    yaxis: axis(withUnit("true − predicted", unit), { zeroline: true, zerolinecolor: "#999999" }),
    showlegend: false,
  });
}

/** Prediction against truth; on the dotted line they agree. At most 2,000 points, evenly taken. */
export function plotPredicted(predicted: ArrayLike<number>, truth: ArrayLike<number>, unit?: string): Figure {
  residualsOf("plotPredicted", predicted, truth);
  const rows = evenly(truth.length, pointsMax);
  const x = rows.map((i) => truth[i]!);
  const y = rows.map((i) => predicted[i]!);
  const ends = [Math.min(...x, ...y), Math.max(...x, ...y)];
  const points = { type: "scatter", mode: "markers", name: "row", x, y, marker: { color: colour(0), size: 5, opacity: 0.5 } };
  return figure("Predicted against true", [points, reference("equal", ends, ends)], {
    xaxis: axis(withUnit("true", unit)),
    yaxis: axis(withUnit("predicted", unit)),
    showlegend: false,
  });
}

/** Residuals as bars of equal bins. */
export function plotResidualHistogram(predicted: ArrayLike<number>, truth: ArrayLike<number>, unit?: string): Figure {
  const sorted = residualsOf("plotResidualHistogram", predicted, truth).sort();
  const bins = Math.max(5, Math.min(60, Math.ceil(Math.sqrt(sorted.length))));
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  const width = high > low ? (high - low) / bins : 1;
  const counts = new Array<number>(high > low ? bins : 1).fill(0);
  for (const value of sorted) counts[Math.min(counts.length - 1, Math.floor((value - low) / width))]!++;
  const bars = {
    type: "bar",
    x: counts.map((_, k) => low + (k + 0.5) * width),
    y: counts,
    width,
    marker: { color: colour(0) },
  };
  return figure("Distribution of residuals", [bars], {
    bargap: 0.02,
    xaxis: axis(withUnit("true − predicted", unit)),
    yaxis: axis("rows"),
    showlegend: false,
  });
}

/**
 * Quantiles of the standardised residuals against those of the normal distribution (Q–Q): on the dotted line they are normal. At most 2,000
 * points. Plotting positions (i − 3/8) / (n + 1/4): Blom (1958).
 */
export function plotResidualQuantiles(predicted: ArrayLike<number>, truth: ArrayLike<number>): Figure {
  const sorted = residualsOf("plotResidualQuantiles", predicted, truth).sort();
  const n = sorted.length;
  const centre = mean(sorted);
  const spread = standardDeviation(sorted) || 1;
  const rows = evenly(n, pointsMax);
  if (rows.at(-1) !== n - 1) rows.push(n - 1);
  const x = rows.map((i) => normalQuantile((i + 0.625) / (n + 0.25)));
  const y = rows.map((i) => (sorted[i]! - centre) / spread);
  const ends = [x[0]!, x.at(-1)!];
  const points = {
    type: "scatter",
    mode: "markers",
    name: "residual",
    x,
    y,
    marker: { color: colour(0), size: 5, opacity: 0.6 },
  };
  return figure("Normal quantiles of residuals", [points, reference("normal", ends, ends)], {
    xaxis: axis("normal quantile (standard deviations)"),
    yaxis: axis("residual (standard deviations)"),
    showlegend: false,
  });
}

function residualsOf(who: string, predicted: ArrayLike<number>, truth: ArrayLike<number>): Float64Array {
  if (predicted.length !== truth.length)
    throw new ShapeError(`${who}: predicted has ${predicted.length} rows but the truth ${truth.length}`);
  if (truth.length === 0) throw new DataError(`${who}: needs one row at least, got 0`);
  return Float64Array.from({ length: truth.length }, (_, i) => truth[i]! - predicted[i]!);
}

function withUnit(title: string, unit: string | undefined): string {
  return unit === undefined ? title : `${title} (${unit})`;
}
