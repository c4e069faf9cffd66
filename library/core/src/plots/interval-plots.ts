import { axis, colour, type Figure, figure } from "./figure.ts";

/** A value and the interval that it lies in. */
export interface NamedInterval {
  readonly name: string;
  readonly value: number;
  /** null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Drawn in another colour: what the others are compared with. */
  readonly isBaseline?: boolean | undefined;
}

/** Values with their intervals as points and bars, the largest on top; where 0 is in sight a line stands at it. */
export function plotIntervals(title: string, values: readonly NamedInterval[], unit: string): Figure {
  const shown = values.toSorted((a, b) => a.value - b.value);
  const points = {
    type: "scatter",
    mode: "markers",
    x: shown.map(({ value }) => value),
    y: shown.map(({ name }) => name),
    error_x: {
      type: "data",
      symmetric: false,
      array: shown.map(({ value, high }) => (high === null ? 0 : high - value)),
      arrayminus: shown.map(({ value, low }) => (low === null ? 0 : value - low)),
    },
    marker: { size: 9, color: shown.map(({ isBaseline }) => (isBaseline ? colour(1) : colour(0))) },
    hovertext: shown.map(({ low, high }) =>
      low === null || high === null ? "" : `${low.toPrecision(3)} … ${high.toPrecision(3)}`,
    ),
  };
  return figure(title, [points], {
    xaxis: axis(unit, { zeroline: true }),
    yaxis: axis("", { type: "category" }),
    showlegend: false,
    height: Math.max(220, 110 + 24 * shown.length),
  });
}
