import { colorsOf } from "../elements/identity-colors";
import type { NamedFigure } from "../plotly/plotly-figure";
import { bestUntil } from "../study/history-figure";
import { everyValued, type Valued } from "../study/trial-figures";
import type { ComparedStudy } from "./use-compared-studies";

/** What the best until then stands above: the trials' numbers, or seconds since the study's first trial began. */
export type BestAxis = "trial" | "seconds";

/** How the figures are drawn. */
export interface BestOptions {
  axis: BestAxis;
  logarithmic: boolean;
}

interface BestWords {
  trial: string;
  seconds: string;
  /** What a value is called where a study names no metric. */
  value: string;
}

/** A study, and when it came to its best. */
interface Reached {
  value: number;
  /** Number of the trial. */
  trial: number;
  /** Since the first trial of the study began; null where that is not known. */
  seconds: number | null;
}

/** Studies of one metric that is meant to go one way: only they can stand on one axis. */
function comparable(studies: readonly ComparedStudy[], word: string): Map<string, ComparedStudy[]> {
  const groups = new Map<string, ComparedStudy[]>();
  for (const each of studies) {
    const { directions, metric } = each.study;
    if (directions.length !== 1) continue;
    const name = `${(metric ?? word).replaceAll("_", " ")} ${directions[0] === "minimize" ? "↓" : "↑"}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return groups;
}

/** A figure for each metric: the best until then of each study, in the study's colour. */
export function bestFigures(studies: readonly ComparedStudy[], options: BestOptions, words: BestWords): NamedFigure[] {
  const colors = colorsOf(studies.map(({ study }) => study.id));
  return [...comparable(studies, words.value)].map(([name, own]) => ({
    name,
    title: name,
    figure: {
      data: own.map((each) => lineOf(each, options.axis, colors.get(each.study.id)!)),
      layout: {
        xaxis: { title: { text: words[options.axis] } },
        yaxis: { title: { text: name }, ...(options.logarithmic && areAbove0(own) && { type: "log" }) },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
        showlegend: true,
        margin: { t: 32, r: 16, b: 48, l: 72 },
        uirevision: options.axis,
      },
    },
  }));
}

/** Whether every value of these studies has a logarithm. */
export function areAbove0(studies: readonly ComparedStudy[]): boolean {
  return studies.every(({ trials }) => everyValued(trials).every(({ value }) => value > 0));
}

/** When a study came to its best value; null before its first. */
export function reachedBy({ study, trials }: ComparedStudy): Reached | null {
  const steps = bestUntil(everyValued(trials), study.directions[0] === "minimize");
  const first = steps.find(({ best }) => best === steps.at(-1)!.best);
  return first ? { value: first.best, trial: first.at.trial.number, seconds: secondsOf(first.at, trials) } : null;
}

function lineOf({ study, trials }: ComparedStudy, axis: BestAxis, color: string): Record<string, unknown> {
  const valued = everyValued(trials).filter((each) => axis === "trial" || secondsOf(each, trials) !== null);
  if (axis === "seconds") valued.sort((a, b) => Date.parse(a.trial.ended_at!) - Date.parse(b.trial.ended_at!));
  const steps = bestUntil(valued, study.directions[0] === "minimize");
  return {
    type: "scatter",
    mode: "lines+markers",
    name: study.name,
    x: steps.map(({ at }) => (axis === "trial" ? at.trial.number : secondsOf(at, trials))),
    y: steps.map(({ best }) => best),
    line: { shape: "hv", width: 2, color },
    marker: { size: 5, color },
  };
}

/** Seconds from the beginning of the study's first trial to the end of this one. */
function secondsOf({ trial }: Valued, trials: ComparedStudy["trials"]): number | null {
  const begin = trials.find(({ started_at }) => started_at !== null)?.started_at;
  return begin && trial.ended_at !== null ? (Date.parse(trial.ended_at) - Date.parse(begin)) / 1000 : null;
}
