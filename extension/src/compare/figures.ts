import type { Comparison, MetricSeries } from "assay-lab/contract";
import type { NamedFigure } from "../plotly/figure";

/** One bar chart for each metric of the test, else of any split, that two or more runs have; a bar a run. */
export function metricBars({ runs, metrics }: Comparison): NamedFigure[] {
  const names = runs.map((run, i) => shortName(run.name, i));
  const shared = metrics.filter(({ values }) => values.filter((value) => value !== null).length > 1);
  const test = shared.filter(({ name }) => name.startsWith("test."));
  return (test.length > 0 ? test : shared).map(({ name, values }) => ({
    name,
    title: name,
    figure: {
      data: [
        {
          type: "bar",
          orientation: "h",
          y: names,
          x: values.map((value) => (value === null ? null : Number(value))),
          text: values.map((value) => (value === null ? "" : Number(value).toPrecision(4))),
          textposition: "auto",
          hoverinfo: "x+y",
        },
      ],
      layout: { yaxis: { autorange: "reversed" }, margin: { t: 8, r: 12, b: 28, l: 90 }, bargap: 0.35, showlegend: false },
    },
  }));
}

/** A box a run for each metric that two or more runs have folds of. */
export function foldBoxes({ runs, metrics }: Comparison): NamedFigure[] {
  const isShown = (spread: Comparison["metrics"][number]["spread"]) => spread.filter((each) => each !== null).length > 1;
  const shown = metrics.filter(({ name, spread }) => isShown(spread) && !/(fit|predict)_ms$/.test(name));
  return shown.map(({ name, spread }) => ({
    name,
    title: name,
    figure: {
      data: spread.map((each, i) => ({
        type: "box",
        orientation: "h",
        name: shortName(runs[i]!.name, i),
        x: (each?.folds ?? []).map(Number),
        boxpoints: "all",
        pointpos: 0,
        jitter: 0.4,
        marker: { size: 4 },
        line: { width: 1 },
      })),
      layout: { yaxis: { autorange: "reversed" }, margin: { t: 8, r: 12, b: 28, l: 90 }, showlegend: false },
    },
  }));
}

/** One chart of lines for each metric that was logged by step, a line a run and split. */
export function metricCurves(series: readonly MetricSeries[], nameOf: (runId: string) => string): NamedFigure[] {
  const byStep = series.filter(({ steps }) => steps.length > 1);
  const names = [...new Set(byStep.map(({ name }) => name))].sort();
  const groups = names.map((name) => ({ name, lines: byStep.filter((line) => line.name === name) }));
  return groups.map(({ name, lines }) => ({
    name,
    title: name,
    figure: {
      data: lines.map((line) => ({
        type: "scatter",
        mode: line.steps.length > 60 ? "lines" : "lines+markers",
        marker: { size: 4 },
        name: [nameOf(line.run_id), line.split].filter(Boolean).join(" · "),
        x: line.steps,
        y: line.values.map((value) => (typeof value === "number" ? value : null)),
      })),
      layout: {
        xaxis: { title: { text: "step" } },
        yaxis: { title: { text: name } },
        margin: { t: 12, r: 12, b: 42, l: 60 },
        showlegend: lines.length > 1,
        legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
      },
    },
  }));
}

/** A run's name with its place, so that runs of one name stay apart. */
export function shortName(name: string, index: number): string {
  return `${index + 1} ${name.length > 18 ? `${name.slice(0, 17)}…` : name}`;
}
