import { ParamsError, type Study } from "assay";
import type { CompareRequest } from "./contract/compare.ts";
import type { ImportReport } from "./contract/imports.ts";
import type { Me } from "./contract/people.ts";
import type { ReplayReport } from "./contract/runs.ts";
import type { Run } from "./contract/training.ts";
import { type Datasets, datasetsOf, type Features, featuresOf } from "./datasets/index.ts";
import { type Exoplanets, exoplanetsOf } from "./flows/exoplanet/index.ts";
import { type Recommendations, recommendationsOf } from "./flows/recommendation/index.ts";
import { type Workouts, workoutsOf } from "./flows/workout/index.ts";
import "./job-kinds.ts";
import {
  type CompareModelsOptions,
  compareModelsOn,
  type Jobs,
  jobsOf,
  type PredictFileOptions,
  replayRun,
  type SentPredictions,
  type SentTuning,
  scheduleMonitoring,
  sendFile,
  sendTuning,
  type TrackedLeaderboard,
  type TuneJob,
} from "./jobs/index.ts";
import { openSession, type Projects, projectsOf, type Session, whoIs } from "./projects/index.ts";
import { flushPredictions, type Monitoring, monitoringOf, type Registry, registryOf, type VersionRef } from "./registry/index.ts";
import { openRemoteLab } from "./remote/index.ts";
import {
  comparisonReport,
  datasetReport,
  type ReportDocument,
  type ReportedExperiment,
  type ReportedRun,
  reportDocument,
  reportedExperiment,
  reportedRun,
  runReport,
} from "./reports/index.ts";
import { type Spark, sparkOf } from "./spark/index.ts";
import {
  comparedRuns,
  compareRuns,
  experimentOf,
  importMlflow,
  importOptuna,
  keptOf,
  listRuns,
  type MlflowImportOptions,
  type OptunaImportOptions,
  openStudy,
  type RunComparison,
  type RunQuery,
  type RunRef,
  readArtifact,
  runOf,
  type Studies,
  shownComparison,
  shownImport,
  shownRuns,
  studiesOf,
  type Templates,
  type Tracking,
  trackingOf,
  type Views,
} from "./tracking/index.ts";

/** An open connection to projects, datasets, runs, jobs and models. Close it when done; a kernel that ends closes it too. */
export interface Lab {
  /** Projects: make, list, open another, members, what was done. */
  readonly projects: Projects<Lab>;
  /** Who works here, in which project. */
  me(): Promise<Me>;
  readonly datasets: Datasets;
  /** Feature views: point-in-time training sets, online look-up. */
  readonly features: Features;
  readonly jobs: Jobs;
  readonly registry: Registry & {
    /** Predicts the rows of a CSV file by a job; answers as CSV or Parquet. */
    predictFile(version: VersionRef, path: string, options?: PredictFileOptions): Promise<SentPredictions>;
  };
  /** Models under watch: drift, performance over time, alerts. */
  readonly monitoring: Monitoring;
  experiment(name: string): ReportedExperiment;
  runs(query?: RunQuery): Promise<readonly Run[]>;
  run(id: string): Promise<ReportedRun>;
  /** Columns, groups, curves, tags, files, removal of runs. */
  readonly tracking: Tracking;
  /** Trains a run again from its record: the same metrics to the bit, or what differs. */
  replay(run: string | { readonly id: string }, options?: { readonly signal?: AbortSignal }): Promise<ReplayReport>;
  /** Runs side by side, these, those of these ids, or by a filter: what differs, metrics against a baseline, curves. */
  compare(runs: readonly RunRef[] | CompareRequest): Promise<RunComparison>;
  /** Compares models on a stored dataset by cross-validation, each a run of the experiment: `{ target, models: "fast", seconds: 60 }`. */
  compareModels(experiment: string, dataset: string, options: CompareModelsOptions): Promise<TrackedLeaderboard>;
  /** A report as HTML and PDF: of a run, of several runs side by side, or of a dataset. */
  report(
    of: string | { readonly id: string } | readonly string[] | CompareRequest | { readonly dataset: string },
  ): Promise<ReportDocument>;
  /** Takes over the runs of an MLflow folder `mlruns` or database; each once, however often. */
  importMlflow(path: string, options?: MlflowImportOptions): Promise<ImportReport>;
  /** Takes over the studies of an Optuna database or journal file; again, what came since. */
  importOptuna(path: string, options?: OptunaImportOptions): Promise<ImportReport>;
  /** The exoplanet flow: tables of transit signals, training sessions, predictions. */
  readonly exoplanets: Exoplanets;
  /** The workout flow: logs, the next weight and why, plateaus, honest backtests. */
  readonly workouts: Workouts;
  /** The recommendation flow: datasets from an application's database, with their quality reports. */
  readonly recommendations: Recommendations;
  /** Models that a Spark fits, to tables that stay there. */
  readonly spark: Spark<ReportedRun>;
  /** Studies; hand it to `ml.tune` as `storage`, and the history stays here. */
  readonly studies: Studies;
  /** A study with all its trials, by name or id: look at it, go on with it. */
  study(ref: string): Promise<Study>;
  /** Kept views of the panels: filters, orders, columns. */
  readonly views: Views;
  /** Kept forms: what a training is sent with. */
  readonly templates: Templates;
  /** Searches parameters elsewhere, and fits the best. */
  tune(job: TuneJob): Promise<SentTuning>;
  /** Gives the connections back, once, however often it is asked. */
  close(): Promise<void>;
}

/** Where the lab is: each option before its setting. */
export interface ConnectOptions {
  /** Address of a service, as http://127.0.0.1:8790; default ASSAY_URL, else the database of this machine. */
  readonly url?: string | undefined;
  /** Says who asks; default ASSAY_TOKEN, and under a JupyterHub with ASSAY_URL its user. The lab may do what the token's user may. */
  readonly token?: string | undefined;
}

/**
 * Opens the lab: the embedded PostgreSQL of this machine, the one of DATABASE_URL, or a service that has one. A service is asked by HTTP with exactly the
 * rights of the token's user; fits stay in this process, rows and what a run tells go over the wire. Throws StoreError with the remedy,
 * AuthError for a token that the service does not know.
 *
 * ```ts
 * const lab = await connect({ url: "http://127.0.0.1:8790", token });
 * ```
 */
export async function connect({ url, token }: ConnectOptions = {}): Promise<Lab> {
  const { ASSAY_URL: usual, ASSAY_TOKEN: usualToken, JUPYTERHUB_API_TOKEN: hubToken } = process.env;
  if (url) return openRemoteLab({ url, token: token ?? usualToken });
  // the hub's token goes to the service of its settings alone, not to any that a cell names
  if (usual) return openRemoteLab({ url: usual, token: token ?? (usualToken || undefined), hubToken: hubToken || undefined });
  if (token !== undefined) throw new ParamsError("connect: a token needs the url of its service (or ASSAY_URL)");
  const { session, close } = await openSession();
  return labOf(session, close);
}

/** The lab of a session. */
function labOf(session: Session, close: () => Promise<unknown>): Lab {
  const run = async (id: string) => reportedRun(session, await runOf(session, id));
  let closing: Promise<void> | undefined;
  return {
    projects: projectsOf(session, (inside) => labOf(inside, async () => {})),
    me: () => whoIs(session),
    datasets: datasetsOf(session),
    features: featuresOf(session),
    jobs: jobsOf(session),
    registry: {
      ...registryOf(session),
      predictFile: (version, path, options) => sendFile(session, version, path, options),
    },
    monitoring: monitoringOf(session, () => scheduleMonitoring(session)),
    experiment: (name) => reportedExperiment(session, experimentOf(session, name)),
    runs: async (query) => shownRuns((await listRuns(session, query)).items),
    run,
    tracking: trackingOf(session),
    replay: (run, options) => replayRun(session, typeof run === "string" ? run : run.id, options),
    compare: async (runs) => shownComparison(await compareRuns(session, comparedRuns(runs))),
    compareModels: (experiment, dataset, options) => compareModelsOn(session, experiment, dataset, options),
    report: async (of) => reportDocument(await reportOf(session, of)),
    importMlflow: async (path, options) => shownImport(await importMlflow(session, path, options)),
    importOptuna: async (path, options) => shownImport(await importOptuna(session, path, options)),
    exoplanets: exoplanetsOf(session),
    workouts: workoutsOf(session),
    recommendations: recommendationsOf(session),
    spark: sparkOf({ runs: session, run, artifact: (id, name) => readArtifact(session, id, name) }),
    studies: studiesOf(session),
    study: (ref) => openStudy(session, ref),
    views: keptOf(session, "views"),
    templates: keptOf(session, "templates"),
    tune: (job) => sendTuning(session, job),
    close: () => (closing ??= flushPredictions(session).finally(close)),
  };
}

function reportOf(session: Session, of: Parameters<Lab["report"]>[0]) {
  if (typeof of === "string") return runReport(session, of);
  if ("id" in of) return runReport(session, of.id);
  return "dataset" in of ? datasetReport(session, of.dataset) : comparisonReport(session, of);
}
