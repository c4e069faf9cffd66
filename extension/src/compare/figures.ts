import type { Comparison } from "assay-lab/contract";
import { colorsOf } from "../elements/identity-colors";
import type { NamedFigure } from "../plotly/plotly-figure";

/**
 * One bar chart for each metric of the test and of the folds' mean, else of any split, that two or more runs have; a bar a run, in its colour. The
 * spread of the folds stands as whiskers, and a star where a run differs from the baseline by more than chance (p < 0.05).
 */
export function metricBars({ runs, metrics }: Comparison): NamedFigure[] {
  const names = runs.map((run, i) => shortName(run.name, i));
  const colors = colorsOf(runs.map(({ id }) => id));
  const shared = metrics.filter(({ values }) => values.filter((value) => value !== null).length > 1);
  const test = shared.filter(({ name }) => /^(test|cv_mean)\./.test(name) && !/(fit|predict)_ms$/.test(name));
  return (test.length > 0 ? test : shared).map(({ name, values, spread, significance }) => ({
    name,
    title: name,
    figure: {
      data: [
        {
          type: "bar",
          orientation: "h",
          y: names,
          x: values.map((value) => (value === null ? null : Number(value))),
          text: values.map((value, i) => (value === null ? "" : `${Number(value).toPrecision(4)}${starOf(significance[i])}`)),
          textposition: "inside",
          insidetextanchor: "start",
          marker: { color: runs.map(({ id }) => colors.get(id)) },
          ...(spread.some((each) => each !== null) && {
            error_x: { type: "data", array: spread.map((each) => each?.sd ?? 0), thickness: 1 },
          }),
          hoverinfo: "x+y",
        },
      ],
      layout: {
        yaxis: { autorange: "reversed", ticksuffix: "  " },
        margin: { t: 8, r: 12, b: 28, l: 90 },
        bargap: 0.35,
        showlegend: false,
      },
    },
  }));
}

function starOf(test: Comparison["metrics"][number]["significance"][number] | undefined): string {
  return test?.p !== null && test?.p !== undefined && test.p < 0.05 ? " ★" : "";
}

/** A box a run, in its colour, for each metric that two or more runs have folds of. */
export function foldBoxes({ runs, metrics }: Comparison): NamedFigure[] {
  const colors = colorsOf(runs.map(({ id }) => id));
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
        marker: { size: 4, color: colors.get(runs[i]!.id) },
        line: { width: 1 },
      })),
      layout: { yaxis: { autorange: "reversed", ticksuffix: "  " }, margin: { t: 8, r: 12, b: 28, l: 90 }, showlegend: false },
    },
  }));
}

/** A run's name with its place, so that runs of one name stay apart. */
export function shortName(name: string, index: number): string {
  return `${index + 1} ${name.length > 18 ? `${name.slice(0, 17)}…` : name}`;
}
