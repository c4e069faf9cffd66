import { type Figure, figure, palette } from "assay";
import { type SystemRow, type SystemSeries, systemRow, systemRowNames, timeUnit } from "../contract/system-metrics.ts";
import { toNumber } from "../contract/values.ts";
import type { TitledFigure } from "./compare-figures.ts";

const titles: Readonly<Record<SystemRow, string>> = {
  processor: "Processor, % of a core",
  memory: "Memory, MB",
  disk: "Disk since the start, MB",
  shares: "Machine, %",
  gpuMemory: "GPU memory, MB",
  sizes: "Machine, MB",
};
const names: Readonly<Record<string, string>> = {
  disk_read_mb: "read",
  disk_written_mb: "written",
  machine_cpu_percent: "processor",
  machine_memory_percent: "memory",
};

/** A figure a unit of what a run's process and machine did, by the time since the run's first sample. */
export function systemFigures(series: readonly SystemSeries[]): readonly TitledFigure[] {
  const drawn = series.filter(({ times }) => times.length > 0);
  const begin = Math.min(...drawn.map(({ times }) => times[0]!));
  const { unit, unitMs } = timeUnit(Math.max(...drawn.map(({ times }) => times.at(-1)!)) - begin);
  const figureOf = (title: string, lines: readonly SystemSeries[]): Figure =>
    figure(
      title,
      lines.map(({ name, times, values }, k) => ({
        type: "scatter",
        mode: values.length > 1 ? "lines" : "markers",
        name: names[name] ?? name,
        x: times.map((at) => (at - begin) / unitMs),
        y: values.map(toNumber),
        line: { color: palette[k % palette.length] },
        marker: { color: palette[k % palette.length] },
      })),
      {
        xaxis: { title: { text: unit }, rangemode: "tozero" },
        yaxis: { rangemode: "tozero" },
        showlegend: lines.length > 1,
        height: 260,
      },
    );
  const titleOf = ({ name }: SystemSeries): string => {
    const row = systemRow(name);
    return row ? titles[row] : name;
  };
  const order = new Set([...systemRowNames.map((row) => titles[row]), ...drawn.map(titleOf)]);
  return [...order].flatMap((title) => {
    const own = drawn.filter((line) => titleOf(line) === title);
    return own.length === 0 ? [] : [{ title, figure: figureOf(title, own) }];
  });
}
