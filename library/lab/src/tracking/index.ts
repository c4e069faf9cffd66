export { ActiveRun, type LogPlace } from "./active-run.ts";
export * from "./artifacts.ts";
export {
  addToRun,
  changeRun,
  deleteRuns,
  moveRuns,
  purgeDeletedRun,
  purgeRun,
  restoreRuns,
  type TagChanges,
  tagRuns,
} from "./change-run.ts";
export { comparedRuns, compareRuns, type RunComparison, type RunRef } from "./compare.ts";
export { comparisonCsv } from "./compare-csv.ts";
export { shownComparison } from "./compare-display.ts";
export { comparisonFigures, type TitledFigure } from "./compare-figures.ts";
export { createRun, type NewRun, type RunChanges } from "./create-run.ts";
export { type Ending, type EndOptions, finishRun, reportProgress, startRun } from "./end-run.ts";
export { codeOf, environmentOf } from "./environment.ts";
export {
  type Experiment,
  experimentOf,
  runOf,
  type ShownRun,
  type SystemOptions,
  shownRun,
  shownRuns,
  type Tracking,
  trackingOf,
} from "./for-cells.ts";
export { importMlflow, type MlflowImportOptions } from "./import-mlflow.ts";
export { importOptuna, type OptunaImportOptions } from "./import-optuna.ts";
export { shownImport } from "./import-report.ts";
export { importUpload } from "./import-upload.ts";
export { getKept, keep, listKept, removeKept, type Shelf } from "./kept.ts";
export * from "./kept-for-cells.ts";
export { heartbeat } from "./lease.ts";
export { listRuns, type RunQuery } from "./list-runs.ts";
export { logLines, runLogs } from "./logs.ts";
export { logMetrics, type NewPoint } from "./metrics.ts";
export { holdRun, recoverRuns } from "./recover.ts";
export { redactText } from "./redact.ts";
export { runCell } from "./run-cell.ts";
export { type GroupQuery, groupRuns, type RunSelection, runColumns } from "./run-columns.ts";
export { checkRun } from "./run-id.ts";
export { keptText } from "./run-json.ts";
export { type FitProgress, type RunBatch, type RunPlace, type RunSink, sinkOf } from "./run-sink.ts";
export { type RunTail, runTail } from "./run-tail.ts";
export { getRun, runStatus } from "./runs.ts";
export { firstSample, metricSeries, runSeries, type SeriesOptions, systemSeries } from "./series.ts";
export { type LabStudyStorage, studyStorage } from "./studies.ts";
export { openStudy, type Studies, studiesOf } from "./studies-for-cells.ts";
export { deleteStudy, getStudy, listStudies, listTrials } from "./studies-list.ts";
export { studyFigures, studyImportance } from "./studies-plots.ts";
export { placeNow, type Streamed, type SubscribeOptions, subscribe } from "./subscribe.ts";
export { lastMetrics, summariseRun } from "./summary.ts";
export { shownSystem } from "./system-display.ts";
export { systemFigures } from "./system-figures.ts";
export { type SampleOptions, sampleSystem, systemEveryMs } from "./system-metrics.ts";
export { type TrackOptions, trackRun } from "./track-run.ts";
