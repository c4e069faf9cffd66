import type { CompareRequest } from "../contract/compare.ts";
import type { MetricSeries, Run } from "../contract/training.ts";
import { display, htmlTable } from "../html.ts";
import type { ReportedExperiment, ReportedRun } from "../reports/index.ts";
import {
  ActiveRun,
  type RunComparison,
  type RunQuery,
  type SeriesOptions,
  type ShownRun,
  shownComparison,
  shownRun,
  shownRuns,
  type Tracking,
  trackRun,
} from "../tracking/index.ts";
import { remoteReport } from "./reports.ts";
import { remoteSink, sendArtifact } from "./run-sink.ts";
import type { Service } from "./service.ts";

/** An experiment of a service; its runs work in this process. */
export function remoteExperiment(service: Service, experiment: string): ReportedExperiment {
  const sink = remoteSink(service);
  return {
    name: experiment,
    async run(name, work, options) {
      const id = await trackRun(sink, { ...options, name, experiment }, (made) => new ActiveRun(sink, made), work);
      return remoteRun(service, id);
    },
    runs: (query) => shownRemoteRuns(service, { ...query, experiment }),
  };
}

/** Runs of a service, newest first. */
export async function shownRemoteRuns({ client }: Service, query?: RunQuery): Promise<readonly Run[]> {
  return shownRuns((await client.experiments.list(query)).items);
}

/** One run of a service. */
export async function remoteRun(service: Service, id: string): Promise<ReportedRun> {
  const run = await shownRemoteRun(service, id);
  const report = () => remoteReport(service, id);
  return Object.defineProperty(run, "report", { value: report, enumerable: false }) as ReportedRun;
}

async function shownRemoteRun({ client }: Service, id: string): Promise<ShownRun> {
  return shownRun((await client.runs.get({ id })).experiment, async ({ points, since, until } = {}) => {
    const window = { points, since: since?.toISOString(), until: until?.toISOString() };
    return (await client.runs.systemMetrics({ id, ...window })).series;
  });
}

/** Runs of a service side by side. */
export async function remoteComparison({ client }: Service, request: CompareRequest): Promise<RunComparison> {
  const { status: _, ...comparison } = await client.experiments.compare(request);
  return shownComparison(comparison);
}

/** The runs of a service. */
export function remoteTracking(service: Service): Tracking {
  const { client } = service;
  const listed = (runs: string | readonly string[]): string[] => [runs].flat() as string[];
  return {
    async page(query) {
      const { items, next_cursor } = await client.experiments.list(query);
      return { items, next_cursor };
    },
    async columns({ filter, experiment } = {}) {
      const { metrics, params, tags } = await client.runs.columns({ filter, experiment });
      return { metrics, params, tags };
    },
    async groups({ by, metric, limit, filter, experiment }) {
      const { groups } = await client.runs.groups({ by, metric, limit, filter, experiment });
      return display(groups, () => htmlTable(groups));
    },
    series: (runs, options) => curves(service, listed(runs), options),
    change: (run, changes) => changed(service, run, changes),
    tag: async (runs, { set, remove }) =>
      void (await client.runs.tagMany({ ids: listed(runs), ...(set && { set }), ...(remove && { remove: [...remove] }) })),
    move: async (runs, experiment) => void (await client.runs.moveMany({ ids: listed(runs), experiment })),
    delete: async (runs) => void (await client.runs.deleteMany({ ids: listed(runs) })),
    restore: async (runs) => void (await client.runs.restoreMany({ ids: listed(runs) })),
    purge: async (run) => void (await client.experiments.delete({ id: run, permanent: true })),
    artifacts: async (run) => (await client.artifacts.list({ id: run })).items,
    async artifact(run, name) {
      const file = await client.artifacts.download({ id: run, artifact: name });
      return new Uint8Array(await file.arrayBuffer());
    },
    saveArtifact: (run, artifact) => sendArtifact(service, run, artifact),
  };
}

async function curves({ client }: Service, ids: string[], options: SeriesOptions = {}): Promise<readonly MetricSeries[]> {
  if (ids.length === 0) return [];
  const { since, until, names, ...rest } = options;
  const window = { since: since?.toISOString(), until: until?.toISOString(), ...(names && { names: [...names] }) };
  return (await client.runs.series({ ids, ...rest, ...window })).series;
}

async function changed(service: Service, run: string, changes: Parameters<Tracking["change"]>[1]): Promise<ShownRun> {
  await remoteSink(service).change(run, changes);
  return shownRemoteRun(service, run);
}
