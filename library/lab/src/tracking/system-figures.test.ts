import { expect, test } from "vitest";
import { systemFigures } from "./system-figures.ts";

const line = (name: string, times: readonly number[]) => ({
  ...{ name, run_id: "r", split: "system", times: [...times] },
  ...{ steps: times.map((at) => at / 1000), values: times.map((_, k) => k) },
});
const axisOf = (figure: object) => (figure as { layout: { xaxis: { title: { text: string }; rangemode: string } } }).layout.xaxis;

test("a figure for each unit, and words for the lines of one", () => {
  const names = ["machine_cpu_percent", "gpu_0_percent", "power", "cpu_percent"];
  const figures = systemFigures(names.map((name) => line(name, [0, 1000])));
  expect(figures.map(({ title, figure }) => [title, figure.data.map(({ name }) => name)])).toEqual([
    ["Processor, % of a core", ["cpu_percent"]],
    ["Machine, %", ["processor", "gpu_0_percent"]],
    ["power", ["power"]],
  ]);
});

test("their time is told in minutes where a run took minutes", () => {
  const figures = systemFigures([line("memory_mb", [0, 600_000])]);
  expect(axisOf(figures[0]!.figure).title.text).toBe("minutes");
});

test("the time of each begins with the run, where its own first sample came later", () => {
  const figures = systemFigures([line("memory_mb", [0, 9000]), line("cpu_percent", [1000, 9000])]);
  expect(figures.map(({ figure }) => axisOf(figure).rangemode)).toEqual(["tozero", "tozero"]);
});

test("there are none where nothing was sampled", () => {
  expect(systemFigures([line("memory_mb", [])])).toEqual([]);
});
