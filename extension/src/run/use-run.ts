import type { LogLine, MetricSeries, RunInfo } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { told } from "../experiments/use-runs";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** A run with its curves and its log, kept live. */
interface RunState {
  run: Loaded<RunInfo>;
  series: Loaded<MetricSeries[]>;
  logs: Loaded<LogLine[]>;
}

const mostLines = 2000;

/** Loads a run and follows its events. */
export function useRun(id: string): RunState {
  const { api } = usePanel();
  const run = useLoaded(id, () => routes.run(api, id));
  const series = useLoaded(id, () => routes.series(api, id));
  const logs = useLoaded(id, () => routes.logs(api, id));
  const reload = () => {
    run.reload();
    series.reload();
    logs.reload();
  };
  const soon = useSoon(reload, 100);

  useEvents((event) => {
    if (!("run_id" in event) || event.run_id !== id) return;
    run.change((old) => told(old, event));
    if (event.kind === "run" || event.kind === "job") soon();
    if (event.kind === "metrics") series.change((old) => event.points.reduce(withPoint, old));
    if (event.kind === "log")
      logs.change((old) => (old.some((line) => line.id === event.line.id) ? old : [...old, event.line].slice(-mostLines)));
  }, reload);
  return { run, series, logs };
}

type Point = { name: string; split: string; step: number; value: MetricSeries["values"][number] };

/** The curves with one more point; a step that is known keeps its place. */
function withPoint(series: MetricSeries[], { name, split, step, value }: Point): MetricSeries[] {
  const at = series.findIndex((line) => line.name === name && line.split === split);
  if (at < 0) return [...series, { run_id: series[0]?.run_id ?? "", name, split, steps: [step], values: [value] }];
  return series.map((line, i) => {
    if (i !== at) return line;
    const known = line.steps.indexOf(step);
    if (known >= 0) return { ...line, values: line.values.map((old, k) => (k === known ? value : old)) };
    return { ...line, steps: [...line.steps, step], values: [...line.values, value] };
  });
}
