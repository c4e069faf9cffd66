import { routes } from "assay-lab/client";
import type { RunInfo, SystemSeries } from "assay-lab/contract";
import React, { act } from "react";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { PlotlyFigure } from "../plotly/plotly-figure";
import { type Drawn, draw } from "../testing/draw";
import { type FakeService, fakeService } from "../testing/fake-service";
import { System } from "./System";
import { highest, type SystemWords, systemFigure } from "./system-figure";

vi.mock("../plotly/Figure", () => ({
  Figure: ({ figure, label }: { figure: PlotlyFigure; label: string }) => (
    <div role="figure" aria-label={label} data-lines={figure.data.length} />
  ),
}));

const exampleRun = routes.runs.get.example.answer.experiment as RunInfo;
const exampleSeries = routes.runs.systemMetrics.example.answer.series as SystemSeries[];
let drawn: Drawn;
afterEach(() => drawn?.close());

async function open(service: FakeService): Promise<void> {
  drawn = await draw(<System run={exampleRun} />, service);
  const details = drawn.node.querySelector("details")!;
  await act(async () => {
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
  });
  await drawn.settle();
}

describe("processor and memory of a run", () => {
  test("are not asked for while they are folded", async () => {
    drawn = await draw(<System run={exampleRun} />);
    expect(drawn.service.asked.filter((each) => each.includes("system-metrics"))).toEqual([]);
    expect(drawn.node.querySelector("[role=figure]")).toBeNull();
  });

  test("are drawn in one figure when they are opened, with the most memory in words", async () => {
    await open(fakeService());
    expect(drawn.node.querySelectorAll("[role=figure]").length).toBe(1);
    expect(drawn.node.querySelector("figcaption")!.textContent).toBe("At most 355 MB of memory");
  });

  test("say how to have them where there are none", async () => {
    await open(fakeService((_, path) => (path.includes("system-metrics") ? { series: [] } : undefined)));
    expect(drawn.node.textContent).toContain("Nothing was sampled.");
    expect(drawn.node.textContent).toContain("systemMetrics: true");
  });
});

describe("their figure", () => {
  const rows = { processor: "CPU", memory: "RAM", disk: "Disk", shares: "%", gpuMemory: "GPU", sizes: "MB" };
  const words: SystemWords = { rows, lines: { cpu_percent: "processor" }, seconds: "s", minutes: "min", hours: "h" };
  const line = (name: string, times: number[]) => ({
    ...{ name, run_id: "r", split: "system", times },
    ...{ steps: times, values: times.map((_, k) => k) },
  });

  test("has a row for each unit, and MLflow's names in the rows of theirs", () => {
    const names = ["cpu_percent", "machine_cpu_percent", "gpu_0_percent", "disk_read_mb", "cpu_utilization_percentage", "power"];
    const { figure } = systemFigure(
      names.map((name) => line(name, [0, 1000])),
      words,
    )!;
    const { annotations } = figure.layout as { annotations: { text: string }[] };
    expect(annotations.map(({ text }) => text)).toEqual(["CPU", "Disk", "%", "power"]);
    expect(figure.data.map(({ name, yaxis }) => [name, yaxis])).toEqual([
      ["processor", "y"],
      ["disk_read_mb", "y2"],
      ["machine_cpu_percent", "y3"],
      ["gpu_0_percent", "y3"],
      ["cpu_utilization_percentage", "y3"],
      ["power", "y4"],
    ]);
  });

  test("tells seconds, minutes or hours since the first sample", () => {
    const titleOf = (spanMs: number) => {
      const { figure } = systemFigure([line("memory_mb", [5000, 5000 + spanMs])], words)!;
      return [(figure.layout as { xaxis: { title: { text: string } } }).xaxis.title.text, figure.data[0]!["x"]];
    };
    expect(titleOf(60_000)).toEqual(["s", [0, 60]]);
    expect(titleOf(3_600_000)).toEqual(["min", [0, 60]]);
    expect(titleOf(36_000_000)).toEqual(["h", [0, 10]]);
  });

  test("is none where nothing was sampled", () => {
    expect(systemFigure([line("memory_mb", [])], words)).toBeNull();
    expect(highest([line("memory_mb", [])], "memory_mb")).toBeUndefined();
    expect(highest(exampleSeries, "memory_mb")).toBe(355.1);
  });
});
