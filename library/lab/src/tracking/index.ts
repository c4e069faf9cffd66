export { ActiveRun } from "./active-run.ts";
export * from "./artifacts.ts";
export {
  addToRun,
  changeRun,
  deleteRuns,
  moveRuns,
  purgeDeletedRun,
  purgeRun,
  restoreRuns,
  tagRuns,
} from "./change-run.ts";
export { comparedRuns, compareRuns, type RunComparison, type RunRef } from "./compare.ts";
export { comparisonCsv } from "./compare-csv.ts";
export { shownComparison } from "./compare-display.ts";
export { comparisonFigures } from "./compare-figures.ts";
export { createRun, type NewRun } from "./create-run.ts";
export { type Ending, type EndOptions, finishRun, reportProgress } from "./end-run.ts";
export { environmentOf } from "./environment.ts";
export {
  type Experiment,
  experimentOf,
  runOf,
  type ShownRun,
  shownRun,
  shownRuns,
  type Tracking,
  trackingOf,
} from "./for-cells.ts";
export { importMlflow, type MlflowImportOptions } from "./import-mlflow.ts";
export { importOptuna, type OptunaImportOptions } from "./import-optuna.ts";
export { shownImport } from "./import-report.ts";
export { importUpload } from "./import-upload.ts";
export { deleteKept, getKept, keep, listKept, type Shelf } from "./kept.ts";
export * from "./kept-for-cells.ts";
export { heartbeat } from "./lease.ts";
export { listRuns, type RunQuery } from "./list-runs.ts";
export { logLines, runLogs } from "./logs.ts";
export { logMetrics, type NewPoint } from "./metrics.ts";
export { holdRun, recoverRuns } from "./recover.ts";
export { redactText } from "./redact.ts";
export { runCell } from "./run-cell.ts";
export { groupRuns, runColumns } from "./run-columns.ts";
export { checkRun } from "./run-id.ts";
export { keptText } from "./run-json.ts";
export { type RunPlace, type RunSink, sinkOf } from "./run-sink.ts";
export { type RunTail, runTail } from "./run-tail.ts";
export { getRun, runStatus } from "./runs.ts";
export { firstSample, metricSeries, runSeries, type SeriesOptions, systemSeries } from "./series.ts";
export { folderHere, sparkModels } from "./spark-models.ts";
export { type LabStudyStorage, studyStorage } from "./studies.ts";
export { openStudy, type Studies, studiesOf } from "./studies-for-cells.ts";
export { deleteStudy, getStudy, listStudies, listTrials } from "./studies-list.ts";
export { studyFigures, studyImportance } from "./studies-plots.ts";
export { placeNow, type SubscribeOptions, subscribe } from "./subscribe.ts";
export { lastMetrics, summariseRun } from "./summary.ts";
export { systemFigures } from "./system-figures.ts";
export { sampleSystem, systemEveryMs } from "./system-metrics.ts";
export { trackRun } from "./track-run.ts";
