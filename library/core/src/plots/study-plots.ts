import { ParamsError } from "../base/errors.ts";
import { axis, colour, type Figure, figure, lowToHigh, quiet, type Trace, thin } from "./figure.ts";

/** One trial as study plots read it. */
export interface PlottedTrial {
  readonly number: number;
  readonly state: string;
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  /** One an objective; null where it has none. */
  readonly values: readonly number[] | null;
  /** What it reported on the way. */
  readonly intermediate?: readonly (readonly [step: number, value: number])[] | undefined;
}

/** A study as its plots read it. */
export interface PlottedStudy {
  readonly name?: string | undefined;
  readonly directions: readonly ("minimize" | "maximize")[];
  readonly trials: readonly PlottedTrial[];
  /** What the objectives are called; default "value". */
  readonly metrics?: readonly string[] | undefined;
  /** Parameters searched in the logarithm. */
  readonly logParams?: readonly string[] | undefined;
}

const pointsMax = 2000;

/** The value of each completed trial, and the best so far. */
export function plotStudyHistory(study: PlottedStudy, { objective = 0 } = {}): Figure {
  const done = completed(study, objective);
  const sign = study.directions[objective] === "maximize" ? -1 : 1;
  let best = Infinity;
  const bests = done.map(({ value }) => sign * (best = Math.min(best, sign * value)));
  const numbers = done.map(({ trial }) => trial.number);
  const shown = spread(done, pointsMax);
  const points = {
    type: "scatter",
    mode: "markers",
    name: "trial",
    x: shown.map(({ trial }) => trial.number),
    y: shown.map(({ value }) => value),
    marker: { color: colour(0), size: 5, opacity: 0.6 },
  };
  const line = {
    type: "scatter",
    mode: "lines",
    name: "best so far",
    ...thin(numbers, bests),
    line: { color: colour(3), shape: "hv" },
  };
  return figure("Trials", [points, line], { xaxis: axis("trial"), yaxis: axis(metricOf(study, objective)) });
}

/** Every completed trial as a line through its parameters to its value; its colour is the value. The first 12 parameters of at most 2,000 trials. */
export function plotStudyParallel(study: PlottedStudy, { params = paramsOf(study).slice(0, 12), objective = 0 } = {}): Figure {
  const done = completed(study, objective).filter(({ trial }) => params.every((param) => trial.params[param] !== undefined));
  const shown = spread(done, pointsMax);
  const values = shown.map(({ value }) => value);
  const dimensions = params.map((param) =>
    dimensionOf(
      study,
      param,
      shown.map(({ trial }) => trial.params[param]!),
    ),
  );
  const trace = {
    type: "parcoords",
    line: { color: values, colorscale: lowToHigh, reversescale: study.directions[objective] === "minimize", showscale: true },
    dimensions: [{ label: metricOf(study, objective), values }, ...dimensions],
  };
  return figure("Parameters of trials", [trace], { margin: { t: 96, r: 60, b: 40, l: 60 } });
}

/** Value against each parameter side by side, later trials darker; the first 6 parameters. */
export function plotStudySlice(study: PlottedStudy, { params = paramsOf(study).slice(0, 6), objective = 0 } = {}): Figure {
  const done = completed(study, objective);
  const layout: Record<string, unknown> = { showlegend: false };
  const width = 1 / Math.max(1, params.length);
  const data = params.map((param, k): Trace => {
    const shown = spread(
      done.filter(({ trial }) => trial.params[param] !== undefined),
      pointsMax,
    );
    const own = shown.map(({ trial }) => trial.params[param]!);
    const isNumeric = own.every((value) => typeof value === "number");
    const id = k === 0 ? "" : String(k + 1);
    const type = isNumeric ? (isLog(study, param) ? { type: "log" } : {}) : { type: "category" };
    const domain = [k * width, (k + 1) * width - (k + 1 < params.length ? 0.16 * width : 0)];
    layout[`xaxis${id}`] = axis(param, { ...type, domain, anchor: `y${id}` });
    layout[`yaxis${id}`] = axis(k === 0 ? metricOf(study, objective) : "", {
      anchor: `x${id}`,
      ...(k > 0 && { matches: "y", showticklabels: false }),
    });
    return {
      type: "scatter",
      mode: "markers",
      x: isNumeric ? own : own.map(String),
      y: shown.map(({ value }) => value),
      xaxis: `x${id}`,
      yaxis: `y${id}`,
      marker: {
        color: shown.map(({ trial }) => trial.number),
        colorscale: lowToHigh,
        size: 5,
        line: { width: 0.5, color: quiet },
        ...(k === params.length - 1 && { showscale: true, colorbar: { title: { text: "trial" } } }),
      },
    };
  });
  return figure("Value by parameter", data, layout);
}

/** Shares of the spread of values that each parameter accounts for, the largest on top. */
export function plotStudyImportance(importance: Readonly<Record<string, number>>): Figure {
  const shown = Object.entries(importance).sort(([, a], [, b]) => a - b);
  const bars = {
    type: "bar",
    orientation: "h",
    x: shown.map(([, share]) => share),
    y: shown.map(([param]) => param),
    marker: { color: colour(0) },
  };
  return figure("Importance of parameters", [bars], {
    xaxis: axis("importance (share)", { rangemode: "tozero" }),
    yaxis: axis("", { type: "category" }),
    height: Math.max(220, 120 + 22 * shown.length),
  });
}

/** Two objectives against each other; the trials that no other beats in both are joined. Throws ParamsError for a study of one objective. */
export function plotStudyPareto(study: PlottedStudy): Figure {
  if (study.directions.length !== 2)
    throw new ParamsError(`plotStudyPareto: the study must have 2 objectives, it has ${study.directions.length}`);
  const done = completed(study, 0).filter(({ trial }) => Number.isFinite(trial.values![1]!));
  const [first, second] = study.directions.map((direction) => (direction === "maximize" ? -1 : 1)) as [number, number];
  const pairs = done.map(({ trial }) => [trial.values![0]!, trial.values![1]!] as const);
  const rising = pairs.toSorted((a, b) => first * (a[0] - b[0]) || second * (a[1] - b[1]));
  let best = Infinity;
  const front = rising.filter(([, value]) => {
    const isBetter = second * value < best;
    best = Math.min(best, second * value);
    return isBetter;
  });
  const points = {
    type: "scatter",
    mode: "markers",
    name: "trial",
    x: pairs.map(([value]) => value),
    y: pairs.map(([, value]) => value),
    marker: { color: quiet, size: 5, opacity: 0.6 },
  };
  const line = {
    type: "scatter",
    mode: "lines+markers",
    name: "Pareto front",
    x: front.map(([value]) => value),
    y: front.map(([, value]) => value),
    line: { color: colour(3), shape: "hv" },
    marker: { color: colour(3), size: 7 },
  };
  return figure("Pareto front", [points, line], { xaxis: axis(metricOf(study, 0)), yaxis: axis(metricOf(study, 1)) });
}

/** What trials reported on the way, a line a trial; pruned ones are grey. At most the last 100 trials. */
export function plotStudyIntermediate(study: PlottedStudy): Figure {
  const shown = study.trials.filter(({ intermediate }) => intermediate && intermediate.length > 0).slice(-100);
  const lines = shown.map(({ number, state, intermediate }) => {
    const reports = intermediate!.toSorted((a, b) => a[0] - b[0]);
    return {
      type: "scatter",
      mode: "lines+markers",
      name: `trial ${number}${state === "completed" ? "" : `, ${state}`}`,
      ...thin(
        reports.map(([step]) => step),
        reports.map(([, value]) => value),
        200,
      ),
      opacity: 0.7,
      line: { color: state === "completed" ? colour(0) : quiet, width: 1 },
      marker: { color: state === "completed" ? colour(0) : quiet, size: 3 },
    };
  });
  return figure("Values on the way", lines, { xaxis: axis("step"), yaxis: axis(metricOf(study, 0)), showlegend: false });
}

/** The share of trials that reach a value or better, a line a study: the higher the line, the easier good values were found. */
export function plotStudyEdf(studies: readonly PlottedStudy[], { objective = 0 } = {}): Figure {
  const lines = studies.map((study, k) => {
    const values = completed(study, objective)
      .map(({ value }) => value)
      .sort((a, b) => a - b);
    const better = study.directions[objective] === "maximize";
    const shares = values.map((_, i) => (better ? values.length - i : i + 1) / values.length);
    return {
      type: "scatter",
      mode: "lines",
      name: study.name ?? `study ${k + 1}`,
      ...thin(values, shares),
      line: { color: colour(k), shape: better ? "vh" : "hv" },
    };
  });
  return figure("Share of trials at least this good", lines, {
    xaxis: axis(studies[0] ? metricOf(studies[0], objective) : "value"),
    yaxis: axis("share of trials", { range: [-0.02, 1.02] }),
  });
}

interface Done {
  readonly trial: PlottedTrial;
  readonly value: number;
}

/** Completed trials with a finite value, by number. */
function completed(study: PlottedStudy, objective: number): Done[] {
  if (!(objective in study.directions))
    throw new ParamsError(`study plot: objective must be below ${study.directions.length}, got ${objective}`);
  return study.trials
    .filter(({ state, values }) => state === "completed" && Number.isFinite(values?.[objective]))
    .map((trial) => ({ trial, value: trial.values![objective]! }))
    .sort((a, b) => a.trial.number - b.trial.number);
}

/** Names of the parameters, those that most trials have first. */
function paramsOf(study: PlottedStudy): string[] {
  const counts = new Map<string, number>();
  for (const { params } of study.trials) for (const name of Object.keys(params)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

/** An axis of parallel coordinates: numbers as they are or as logarithms with their own ticks, the others as places of a list. */
function dimensionOf(study: PlottedStudy, label: string, values: readonly (number | string | boolean | null)[]): Trace {
  if (!values.every((value) => typeof value === "number")) {
    const choices = [...new Set(values.map(String))].sort();
    const places = new Map(choices.map((choice, k) => [choice, k]));
    return {
      label,
      values: values.map((value) => places.get(String(value))!),
      tickvals: choices.map((_, k) => k),
      ticktext: choices,
    };
  }
  if (!isLog(study, label)) return { label, values };
  const logs = values.map(Math.log10);
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const tickvals = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  return { label, values: logs, tickvals, ticktext: tickvals.map((power) => String(Number(`1e${power}`))) };
}

/** Whether a parameter's axis is logarithmic: as the study says, else where its positive values span over two decades. */
function isLog(study: PlottedStudy, param: string): boolean {
  const values = study.trials.flatMap(({ params }) => (typeof params[param] === "number" ? [params[param]] : []));
  const low = Math.min(...values);
  if (!(low > 0)) return false;
  return study.logParams ? study.logParams.includes(param) : Math.max(...values) / low > 100;
}

function metricOf(study: PlottedStudy, objective: number): string {
  return study.metrics?.[objective] ?? (study.directions.length > 1 ? `value ${objective + 1}` : "value");
}

/** At most so many of a list, evenly. */
function spread<T>(list: readonly T[], limit: number): readonly T[] {
  const stride = Math.ceil(list.length / limit);
  return stride <= 1 ? list : list.filter((_, k) => k % stride === 0);
}
