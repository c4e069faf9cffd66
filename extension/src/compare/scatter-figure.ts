import type { ParallelDimension, Run } from "assay-lab/contract";
import { colorsOf } from "../elements/identity-colors";
import { contourTrace, groundOf } from "../plotly/ground";
import type { PlotlyFigure } from "../plotly/plotly-figure";
import { shortName } from "./figures";

/** Two axes to stand by, and a third, of numbers, to be coloured by; without it each run has its own colour. */
interface ScatterAxes {
  x: ParallelDimension;
  y: ParallelDimension;
  z: ParallelDimension | null;
}

/** A point a run; those outside the marks are faint. Coloured by a third axis, its contours lie below where they can be drawn and are asked for. */
export function scatterOf(
  runs: readonly Run[],
  { x, y, z }: ScatterAxes,
  shown: ReadonlySet<string>,
  withContour: boolean,
): PlotlyFigure {
  const colors = colorsOf(runs.map(({ id }) => id));
  const measured = z && measuredOf(x, y, z);
  const ground = withContour && measured ? groundOf(measured) : null;
  return {
    data: [
      ...(ground ? [contourTrace(ground, measured!.z, scale)] : []),
      {
        type: "scatter",
        mode: "markers",
        x: placesOf(x),
        y: placesOf(y),
        text: runs.map((run, i) => `${shortName(run.name, i)}${z ? `<br>${z.name} ${z.values[i] ?? "–"}` : ""}`),
        hovertemplate: "%{text}<br>%{x}, %{y}<extra></extra>",
        marker: {
          size: z ? 9 : 8,
          opacity: runs.map(({ id }) => (shown.has(id) ? 0.9 : 0.15)),
          ...(z
            ? { color: z.values, ...scale, showscale: true, colorbar: { title: { text: z.name }, thickness: 12 }, line: edge }
            : { color: runs.map(({ id }) => colors.get(id)) }),
        },
      },
    ],
    layout: { xaxis: axisOf(x), yaxis: axisOf(y), margin: { t: 8, r: 12, b: 42, l: 60 }, showlegend: false },
  };
}

const scale = { colorscale: "Viridis" };
/** Points stand out from a ground of their own colour. */
const edge = { color: "#ffffff", width: 1 };

/** Whether contours can be drawn over these axes. */
export function hasGround(x: ParallelDimension, y: ParallelDimension, z: ParallelDimension): boolean {
  const measured = measuredOf(x, y, z);
  return measured !== null && groundOf(measured) !== null;
}

/** The runs that have a number on each axis; null where an axis is of words. */
function measuredOf(x: ParallelDimension, y: ParallelDimension, z: ParallelDimension) {
  if ([x, y, z].some(({ kind }) => kind !== "number")) return null;
  const known = x.values.map((_, i) => i).filter((i) => [x, y, z].every(({ values }) => typeof values[i] === "number"));
  const of = ({ values }: ParallelDimension) => known.map((i) => values[i]!);
  return { x: of(x), y: of(y), z: of(z), isLogX: runsByPowers(of(x)), isLogY: runsByPowers(of(y)) };
}

/** Positive numbers over more than two powers of ten stand by their logarithm. */
function runsByPowers(values: readonly number[]): boolean {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) / least > 100;
}

function placesOf({ values, levels }: ParallelDimension): readonly (number | string | null | undefined)[] {
  return values.map((value) => (levels && value !== null ? levels[value] : value));
}

function axisOf({ name, values, levels }: ParallelDimension): Record<string, unknown> {
  const numbers = values.filter((value) => value !== null);
  const type = levels ? "category" : runsByPowers(numbers) ? "log" : undefined;
  return { title: { text: name }, ...(type && { type }) };
}
