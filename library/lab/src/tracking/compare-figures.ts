import { type Figure, figure, palette } from "assay";
import type { MetricSeries } from "../contract/training.ts";
import type { RunComparison } from "./compare.ts";

/** A figure with the words under which it is found. */
export interface TitledFigure {
  readonly title: string;
  readonly figure: Figure;
}

/** Figures of one kind at most; what is more is said. */
const figuresMost = 12;
/** Bars, and lines of one figure, at most. */
const barsMost = 40;
const linesMost = 12;

/** Bars of the metrics, curves over each other, parallel coordinates; and what was too much to be drawn. */
export function comparisonFigures(comparison: RunComparison): { readonly figures: TitledFigure[]; readonly leftOut: string[] } {
  const leftOut: string[] = [];
  const bounded = (figures: TitledFigure[], what: string): TitledFigure[] => {
    if (figures.length > figuresMost) leftOut.push(`${figures.length - figuresMost} ${what}: the first ${figuresMost} are drawn`);
    return figures.slice(0, figuresMost);
  };
  const { runs } = comparison;
  if (runs.length > barsMost) leftOut.push(`bars of ${runs.length - barsMost} runs: those of the first ${barsMost} are drawn`);
  const curves = curvesOf(comparison);
  if (curves.some(({ lines }) => lines > linesMost)) leftOut.push(`curves beyond the first ${linesMost} lines of a figure`);
  const parallel = parallelOf(comparison);
  return {
    figures: [
      ...bounded(barsOf(comparison), "bar charts"),
      ...(parallel ? [parallel] : []),
      ...bounded(curves, "charts of curves"),
    ],
    leftOut,
  };
}

/** A run's name with its place, so that runs of one name stay apart. */
export function shortName(name: string, index: number): string {
  return `${index + 1} ${name.length > 18 ? `${name.slice(0, 17)}…` : name}`;
}

function barsOf({ runs, metrics, baseline }: RunComparison): TitledFigure[] {
  const shared = metrics.filter(({ values }) => values.filter((value) => typeof value === "number").length > 1);
  const test = shared.filter(({ name }) => name.startsWith("test.") || name.startsWith("cv_mean."));
  const shown = runs.slice(0, barsMost);
  return (test.length > 0 ? test : shared).map(({ name, values, spread }) => {
    const sds = shown.map((_, k) => spread[k]?.sd ?? 0);
    const trace = {
      type: "bar",
      orientation: "h",
      y: shown.map((run, k) => shortName(run.name, k)),
      x: shown.map((_, k) => (typeof values[k] === "number" ? values[k] : null)),
      marker: { color: shown.map(({ id }) => (id === baseline ? palette[1] : palette[0])) },
      ...(sds.some((sd) => sd > 0) && { error_x: { type: "data", array: sds, visible: true, thickness: 1.2, color: "#888888" } }),
    };
    const layout = {
      yaxis: { type: "category", autorange: "reversed", automargin: true },
      xaxis: { title: { text: name } },
      height: Math.max(200, 120 + 18 * shown.length),
      showlegend: false,
    };
    return { title: name, figure: figure(name, [trace], layout) };
  });
}

function curvesOf({ runs, series }: RunComparison): (TitledFigure & { readonly lines: number })[] {
  const places = new Map(runs.map(({ id }, k) => [id, k]));
  const groups = new Map<string, MetricSeries[]>();
  for (const line of series)
    if (line.steps.length > 1 && places.has(line.run_id)) groups.set(line.name, [...(groups.get(line.name) ?? []), line]);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, lines]) => {
      const traces = lines.slice(0, linesMost).map(({ run_id, split, steps, values }, k) => ({
        type: "scatter",
        mode: "lines",
        name: `${shortName(runs[places.get(run_id)!]!.name, places.get(run_id)!)} · ${split}`,
        x: steps,
        y: values.map((value) => (typeof value === "number" ? value : null)),
        line: { color: palette[k % palette.length], width: 1.6 },
      }));
      const layout = { xaxis: { title: { text: "step" } }, yaxis: { title: { text: name } } };
      return { title: `${name} by step`, figure: figure(`${name} by step`, traces, layout), lines: lines.length };
    });
}

/** A line a run over the axes that differ; the first metric colours it. */
function parallelOf({ runs, parallel }: RunComparison): TitledFigure | undefined {
  if (parallel.length < 2) return undefined;
  const dimensions = parallel.slice(0, 10).map(({ name, values, levels }) => {
    const known = values.filter((value) => value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return {
      label: name,
      values: values.map((value) => value ?? low),
      range: low === high ? [low - 0.5, high + 0.5] : [low, high],
      ...(levels && { tickvals: levels.map((_, k) => k), ticktext: levels }),
    };
  });
  const last = parallel.findLast(({ kind, values }) => kind === "number" && values.every((value) => value !== null));
  const trace = {
    type: "parcoords",
    dimensions,
    line: {
      color: last?.values ?? runs.map((_, k) => k),
      colorscale: [
        [0, "#0072B2"],
        [1, "#E69F00"],
      ],
      showscale: false,
    },
  };
  return { title: "Parallel coordinates", figure: figure("Parallel coordinates", [trace]) };
}
