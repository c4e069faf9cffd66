import type { Study } from "assay";
import type { CompareRequest } from "./contract/compare.ts";
import type { ImportReport } from "./contract/imports.ts";
import type { ReplayReport } from "./contract/runs.ts";
import type { Run } from "./contract/training.ts";
import { type Datasets, datasetsOf, type Features, featuresOf } from "./datasets/index.ts";
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
import { openSession, type Session } from "./projects/session.ts";
import { flushPredictions, type Monitoring, monitoringOf, type Registry, registryOf, type VersionRef } from "./registry/index.ts";
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
import {
  compareRuns,
  experimentOf,
  getRun,
  importMlflow,
  importOptuna,
  listRuns,
  type MlflowImportOptions,
  type OptunaImportOptions,
  openStudy,
  type RunComparison,
  type RunQuery,
  type Studies,
  shownComparison,
  shownImport,
  shownRun,
  shownRuns,
  studiesOf,
  type Tracking,
  trackingOf,
} from "./tracking/index.ts";

/** An open connection to projects, datasets, runs, jobs and models. Close it when done; a kernel that ends closes it too. */
export interface Lab {
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
  /** Runs side by side, by id or by a filter: what differs, metrics against a baseline, curves. */
  compare(runs: readonly string[] | CompareRequest): Promise<RunComparison>;
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
  /** Studies; hand it to `ml.tune` as `storage`, and the history stays here. */
  readonly studies: Studies;
  /** A study with all its trials, by name or id: look at it, go on with it. */
  study(ref: string): Promise<Study>;
  /** Searches parameters elsewhere, and fits the best. */
  tune(job: TuneJob): Promise<SentTuning>;
  close(): Promise<void>;
}

/** Opens the lab: the embedded PostgreSQL of this machine, or the one of DATABASE_URL. Throws StoreError with the remedy. */
export async function connect(): Promise<Lab> {
  const { session, close } = await openSession();
  return {
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
    run: async (id) => reportedRun(session, shownRun(await getRun(session, id))),
    tracking: trackingOf(session),
    replay: (run, options) => replayRun(session, typeof run === "string" ? run : run.id, options),
    compare: async (runs) => shownComparison(await compareRuns(session, runs)),
    compareModels: (experiment, dataset, options) => compareModelsOn(session, experiment, dataset, options),
    report: async (of) => reportDocument(await reportOf(session, of)),
    importMlflow: async (path, options) => shownImport(await importMlflow(session, path, options)),
    importOptuna: async (path, options) => shownImport(await importOptuna(session, path, options)),
    studies: studiesOf(session),
    study: (ref) => openStudy(session, ref),
    tune: (job) => sendTuning(session, job),
    close: async () => {
      await flushPredictions(session).finally(close);
    },
  };
}

function reportOf(session: Session, of: Parameters<Lab["report"]>[0]) {
  if (typeof of === "string") return runReport(session, of);
  if ("id" in of) return runReport(session, of.id);
  return "dataset" in of ? datasetReport(session, of.dataset) : comparisonReport(session, of);
}
