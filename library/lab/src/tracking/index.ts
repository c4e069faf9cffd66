export { ActiveRun, codeOf, environmentOf, type LogPlace } from "./active-run.ts";
export { compareRuns } from "./compare.ts";
export { logLines, logMetrics, metricSeries, runLogs } from "./metrics.ts";
export { holdRun, recoverRuns } from "./recover.ts";
export * from "./runs.ts";
export { type Streamed, subscribe } from "./subscribe.ts";
