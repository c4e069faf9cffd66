/** A line with its interval around it, by plotly traces. */
interface Band {
  name: string;
  x: readonly string[];
  value: readonly (number | null)[];
  low: readonly (number | null)[];
  high: readonly (number | null)[];
}

const line = "#0072B2";
const whiskers = { type: "data", symmetric: false, thickness: 1, width: 4 };
const ground = "rgba(0, 114, 178, 0.18)";

/** The traces of a line and its band. Points without an interval break the band, not the line; a band that is one point wide is drawn as whiskers. */
export function bandTraces({ name, x, value, low, high }: Band): Record<string, unknown>[] {
  const whole = x.map((_, k) => low[k] != null && high[k] != null);
  const isLone = (k: number) => whole[k] && !whole[k - 1] && !whole[k + 1];
  const reach = (ends: readonly (number | null)[]) =>
    x.map((_, k) => (isLone(k) ? Math.abs(ends[k]! - (value[k] ?? ends[k]!)) : 0));
  const ends = { type: "scatter", mode: "lines", x, line: { width: 0 }, hoverinfo: "skip", showlegend: false };
  return [
    { ...ends, y: low.map((each, k) => (whole[k] ? each : null)) },
    { ...ends, y: high.map((each, k) => (whole[k] ? each : null)), fill: "tonexty", fillcolor: ground },
    {
      type: "scatter",
      mode: x.length > 60 ? "lines" : "lines+markers",
      name,
      x,
      y: value,
      line: { color: line },
      marker: { size: 5, color: line },
      ...(x.some((_, k) => isLone(k)) && { error_y: { ...whiskers, array: reach(high), arrayminus: reach(low) } }),
    },
  ];
}
