export { comparisonReport, reportOfComparison } from "./comparison-report.ts";
export { datasetReport } from "./dataset-report.ts";
export {
  type ReportDocument,
  type ReportedExperiment,
  type ReportedRun,
  reportDocument,
  reportedExperiment,
  reportedRun,
  reportFrame,
} from "./for-cells.ts";
export { servePrinting } from "./print-apart.ts";
export { drawReport, type Report } from "./report.ts";
export { reportHtml, reportPolicy } from "./report-html.ts";
export { runReport } from "./run-report.ts";
