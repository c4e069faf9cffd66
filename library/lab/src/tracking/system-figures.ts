import { type Figure, figure, palette } from "assay";
import type { SystemSeries } from "../contract/system-metrics.ts";
import { toNumber } from "../contract/values.ts";
import type { TitledFigure } from "./compare-figures.ts";

/** Quantities of one unit, which share a figure, by their names; MLflow's spell their units out. */
const groups: readonly (readonly [title: string, names: RegExp])[] = [
  ["Processor, % of a core", /^cpu_percent$/],
  ["Memory, MB", /^memory_mb$/],
  ["Disk since the start, MB", /^disk_.*_mb$/],
  ["Machine, %", /_percent(age)?$/],
  ["GPU memory, MB", /^gpu_\d+_memory/],
  ["Machine, MB", /_(mb|megabytes)$/],
];

/** A figure a unit of what a run's process and machine did, by the seconds since the run's first sample. */
export function systemFigures(series: readonly SystemSeries[]): readonly TitledFigure[] {
  const drawn = series.filter(({ steps }) => steps.length > 0);
  const begin = drawn.reduce((least, { times }) => Math.min(least, times[0]!), Infinity);
  const titled = drawn.map((line) => ({ line, title: groups.find(([, names]) => names.test(line.name))?.[0] ?? line.name }));
  const titles = [...groups.map(([title]) => title), ...titled.map(({ title }) => title)];
  return [...new Set(titles)].flatMap((title) => {
    const own = titled.filter((each) => each.title === title).map(({ line }) => line);
    return own.length === 0 ? [] : [{ title, figure: figureOf(title, own, begin) }];
  });
}

function figureOf(title: string, series: readonly SystemSeries[], begin: number): Figure {
  const lines = series.map(({ name, times, values }, k) => ({
    type: "scatter",
    mode: values.length > 1 ? "lines" : "markers",
    name,
    x: times.map((at) => (at - begin) / 1000),
    y: values.map(toNumber),
    line: { color: palette[k % palette.length] },
    marker: { color: palette[k % palette.length] },
  }));
  const layout = { xaxis: { title: { text: "seconds" } }, yaxis: { rangemode: "tozero" }, showlegend: lines.length > 1 };
  return figure(title, lines, { ...layout, height: 260 });
}
