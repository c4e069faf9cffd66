import type { Artifact } from "../contract/artifacts.ts";
import type { RunColumns, RunGroup } from "../contract/runs.ts";
import type { SystemSeries } from "../contract/system-metrics.ts";
import type { MetricSeries, Run, RunInfo } from "../contract/training.ts";
import { display, htmlTable } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { ActiveRun } from "./active-run.ts";
import { listArtifacts, type NewArtifact, readArtifact, saveArtifact } from "./artifacts.ts";
import { changeRun, deleteRuns, moveRuns, purgeRun, restoreRuns, type TagChanges, tagRuns } from "./change-run.ts";
import type { RunChanges } from "./create-run.ts";
import { listRuns, type RunQuery } from "./list-runs.ts";
import { runCell } from "./run-cell.ts";
import { type GroupQuery, groupRuns, type RunSelection, runColumns } from "./run-columns.ts";
import { getRun } from "./runs.ts";
import { metricSeries, type SeriesOptions, systemSeries } from "./series.ts";
import { shownSystem } from "./system-display.ts";
import { type TrackOptions, trackRun } from "./track-run.ts";

/** Which part of what a machine did is asked for. */
type SystemOptions = Pick<SeriesOptions, "points" | "since" | "until">;

/** A run as cells have it. */
export interface ShownRun extends RunInfo {
  /** The TypeScript that makes it. Throws ConflictError for a run of another program. */
  toCell(): string;
  /** What its process and machine did by time: processor, memory, disk, GPU; drawn in a notebook. */
  systemMetrics(options?: SystemOptions): Promise<readonly SystemSeries[]>;
}

/** A named group of runs. */
export interface Experiment {
  readonly name: string;
  /** Runs work as a tracked run: failed when it throws, cancelled when it is aborted, completed else. Gives the run. */
  run(name: string, work: (run: ActiveRun) => Promise<unknown>, options?: Omit<TrackOptions, "experiment">): Promise<ShownRun>;
  /** Runs of the experiment, newest first. */
  runs(query?: Omit<RunQuery, "experiment">): Promise<readonly Run[]>;
}

/** What is done with runs that are there. */
export interface Tracking {
  /** One page of runs, and the cursor of the next. */
  page(query?: RunQuery): Promise<{ readonly items: readonly Run[]; readonly next_cursor: string | null }>;
  /** Names of all metrics, parameters and tags, with how many runs have each. */
  columns(selection?: RunSelection): Promise<RunColumns>;
  /** Runs counted by a field's values. */
  groups(query: GroupQuery): Promise<readonly RunGroup[]>;
  /** Curves, thinned to what can be seen; extremes are kept. */
  series(runs: string | readonly string[], options?: SeriesOptions): Promise<readonly MetricSeries[]>;
  /** Sets name, description, notes … of a run. */
  change(run: string, changes: RunChanges): Promise<ShownRun>;
  tag(runs: string | readonly string[], tags: TagChanges): Promise<void>;
  /** Puts runs into another experiment, which is made when it is not there. */
  move(runs: string | readonly string[], experiment: string): Promise<void>;
  /** Takes runs out of every list; `restore` brings them back. */
  delete(runs: string | readonly string[]): Promise<void>;
  restore(runs: string | readonly string[]): Promise<void>;
  /** Removes a run for good, with metrics, logs and files. */
  purge(run: string): Promise<void>;
  artifacts(run: string): Promise<readonly Artifact[]>;
  /** The bytes of an artifact by name. */
  artifact(run: string, name: string): Promise<Uint8Array>;
  saveArtifact(run: string, artifact: NewArtifact): Promise<Artifact>;
}

/** An experiment of a session; it is made with its first run. */
export function experimentOf(session: Session, experiment: string): Experiment {
  return {
    name: experiment,
    async run(name, work, options) {
      const id = await trackRun(session, { ...options, name, experiment }, (made) => new ActiveRun(session, made), work);
      return runOf(session, id);
    },
    runs: async (query) => shownRuns((await listRuns(session, { ...query, experiment })).items),
  };
}

/** The runs of a session. */
export function trackingOf(session: Session): Tracking {
  const listed = (runs: string | readonly string[]): readonly string[] => (typeof runs === "string" ? [runs] : runs);
  return {
    page: (query) => listRuns(session, query),
    columns: (selection) => runColumns(session, selection),
    async groups(query) {
      const groups = await groupRuns(session, query);
      return display(groups, () => htmlTable(groups));
    },
    series: (runs, options) => metricSeries(session, listed(runs), options),
    async change(run, changes) {
      await changeRun(session, run, changes);
      return runOf(session, run);
    },
    tag: (runs, tags) => tagRuns(session, listed(runs), tags),
    move: (runs, experiment) => moveRuns(session, listed(runs), experiment),
    delete: (runs) => deleteRuns(session, listed(runs)),
    restore: (runs) => restoreRuns(session, listed(runs)),
    purge: (run) => purgeRun(session, run),
    artifacts: (run) => listArtifacts(session, run),
    artifact: (run, name) => readArtifact(session, run, name),
    saveArtifact: (run, artifact) => saveArtifact(session, run, artifact),
  };
}

/** Names of a run's metrics on test rows, or of all where it has none there, in the order of the alphabet. */
function shownMetrics({ metrics }: Run | RunInfo): string[] {
  const names = Object.keys(metrics).sort();
  const tested = names.filter((name) => name.startsWith("test."));
  return tested.length > 0 ? tested : names;
}

/** Runs, drawn as a table in a notebook. */
export function shownRuns(runs: readonly Run[]): readonly Run[] {
  const metrics = [...new Set(runs.flatMap(shownMetrics))].slice(0, 6);
  const rows = runs.map((run) => ({
    name: run.name,
    status: run.status,
    algorithm: run.algorithm,
    ...Object.fromEntries(metrics.map((name) => [name, run.metrics[name]])),
    created: run.created_at.slice(0, 19).replace("T", " "),
  }));
  return display([...runs], () => (rows.length > 0 ? htmlTable(rows) : "<p>no runs</p>"));
}

/** A run of a session as cells have it. */
export async function runOf(session: Session, id: string): Promise<ShownRun> {
  return shownRun(await getRun(session, id), (options) => systemSeries(session, id, options));
}

/** A run, drawn with its facts, metrics and artifacts in a notebook; its curves are read by `system`. */
export function shownRun(run: RunInfo, system: (options?: SystemOptions) => Promise<readonly SystemSeries[]>): ShownRun {
  const facts = {
    run: run.name,
    experiment: run.experiment,
    status: run.status,
    algorithm: run.algorithm,
    dataset: run.dataset,
    ...(run.error !== null && { error: run.error }),
    id: run.id,
  };
  const metrics = shownMetrics(run).map((name) => ({ metric: name, value: run.metrics[name] }));
  const files = run.artifacts.map(({ name, kind, size_bytes }) => ({ artifact: name, kind, size_bytes }));
  const tables = [[facts], metrics, files].filter((rows) => rows.length > 0);
  Object.defineProperty(run, "toCell", { value: () => runCell(run), enumerable: false });
  const systemMetrics = async (options?: SystemOptions) => shownSystem(await system(options));
  Object.defineProperty(run, "systemMetrics", { value: systemMetrics, enumerable: false });
  return display(run as ShownRun, () => tables.map(htmlTable).join(""));
}
