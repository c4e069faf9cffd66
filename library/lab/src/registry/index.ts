import "./feature-subjects.ts";

export { type ArmOfTest, answerByTest, type TestedPerson } from "./ab-answers.ts";
export { assignUser, forgetAbTests } from "./ab-exposures.ts";
export { type AbTestHandle, type AbTestOptions, type AbTests, abTestsOf } from "./ab-for-cells.ts";
export { reportOutcome, reportOutcomes } from "./ab-outcomes.ts";
export { type ArmPrediction, predictForUser } from "./ab-predict.ts";
export { abResult } from "./ab-result.ts";
export { flushShadows, shadowState } from "./ab-shadow.ts";
export { getAbTest, listAbTests } from "./ab-test-rows.ts";
export { changeAbTest, createAbTest, deleteAbTest, startAbTest, stopAbTest } from "./ab-tests.ts";
export { type AliasOptions, deleteAlias, listAliases, setAlias } from "./aliases.ts";
export { auditModel, listAudit, type ModelChange } from "./audit.ts";
export { benchmarkVersions } from "./benchmark.ts";
export { compareVersions } from "./compare-versions.ts";
export { type Deployed, type Deployment, type DeploymentStep, defineDeploymentStep, deployRun } from "./deploy.ts";
export { modelDrift } from "./drift.ts";
export { setReference } from "./drift-profile.ts";
export { type EvaluationRows, evaluateRun } from "./evaluate-run.ts";
export { type Registry, registryOf, type VersionRef } from "./for-cells.ts";
export { holdModel } from "./held-model.ts";
export { defineModelOutputs, type ModelOutputs } from "./model-outputs.ts";
export { acknowledgeAlert, getAlert, listAlerts, resolveAlert } from "./monitor-alerts.ts";
export { checkMonitors } from "./monitor-check.ts";
export { type Monitoring, monitoringOf } from "./monitor-for-cells.ts";
export { modelPerformance } from "./monitor-performance.ts";
export { changeMonitor, createMonitor, deleteMonitor, getMonitor, listMonitors } from "./monitor-rules.ts";
export { archive, demote, type MoveOptions, promote, rollback } from "./moves.ts";
export { reportOutcomeFile } from "./outcome-file.ts";
export { type PredictOptions, predict, predictNow, predictWithRun } from "./predict.ts";
export { type FileToPredict, predictFile } from "./predict-file.ts";
export { type PredictionCounts, predictionCounts } from "./prediction-counts.ts";
export { deletePredictionFile, listPredictionFiles, removeOldPredictionFiles } from "./prediction-files.ts";
export {
  flushAllPredictions,
  flushPredictions,
  type LoggedPrediction,
  observePredictions,
  type PredictionObserver,
  predictionLogState,
  subjectHash,
} from "./prediction-log.ts";
export { checkUpload, keepUpload, openAnswers } from "./prediction-store.ts";
export { checkPromotion } from "./promotion-checks.ts";
export type { InputRow } from "./read-rows.ts";
export { defineVersionReferences, deleteVersion, type VersionReferences } from "./references.ts";
export { removeOldPredictions } from "./retention.ts";
export { followMoves, type Served, served } from "./serving.ts";
export { changeSettings, getSettings } from "./settings.ts";
export { endShadowThread } from "./shadow-worker.ts";
export { defineSubjectRows, eraseSubject, type SubjectRows } from "./subjects.ts";
export { findModel, findVersion, getVersion, listVersions, type VersionQuery, versionFile } from "./versions.ts";
