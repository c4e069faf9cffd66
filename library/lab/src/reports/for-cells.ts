import { writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import type { Session } from "../projects/session.ts";
import type { Experiment, ShownRun } from "../tracking/index.ts";
import { printApart } from "./print-apart.ts";
import { drawReport, type Report } from "./report.ts";
import { reportHtml } from "./report-html.ts";
import { runReport } from "./run-report.ts";

/** A report as cells use it; a notebook shows its HTML in a frame of its own. */
export interface ReportDocument {
  readonly title: string;
  /** One HTML file that needs nothing else. */
  html(): string;
  /** A PDF with vector figures. */
  pdf(): Promise<Uint8Array>;
  /** Writes it to a file: PDF where the name ends in .pdf, HTML else. */
  save(path: string): Promise<void>;
}

/** A report, drawn once, to be written as often as it is asked for. */
export function reportDocument(report: Report): ReportDocument {
  const drawn = drawReport(report);
  const document: ReportDocument = {
    title: report.title,
    html: () => reportHtml(drawn),
    pdf: () => printApart(drawn),
    save: async (path) => writeFile(path, /\.pdf$/i.test(path) ? await printApart(drawn) : reportHtml(drawn)),
  };
  const bundle = () => ({ "text/plain": inspect({ title: report.title }), "text/html": reportFrame(reportHtml(drawn)) });
  return Object.defineProperty(document, Symbol.for("Jupyter.display"), { value: bundle, enumerable: false });
}

/** A report's HTML in a frame of its own, as a notebook shows it; nothing in it may run. */
export function reportFrame(html: string): string {
  const source = html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe sandbox srcdoc="${source}" style="width:100%;height:640px;border:1px solid var(--jp-border-color2,#ddd)" title="report"></iframe>`;
}

/** A run that makes its own report. */
export interface ReportedRun extends ShownRun {
  /** What, when, from which data, how well, and how to make it again, as HTML and PDF. */
  report(): Promise<ReportDocument>;
}

/** The same run with `report()`; its own properties stay as they are. */
export function reportedRun(session: Session, run: ShownRun): ReportedRun {
  const report = async () => reportDocument(await runReport(session, run.id));
  return Object.defineProperty(run, "report", { value: report, enumerable: false }) as ReportedRun;
}

/** An experiment whose runs make their reports. */
export interface ReportedExperiment extends Omit<Experiment, "run"> {
  /** Runs work as a tracked run: failed when it throws, cancelled when it is aborted, completed else. Gives the run. */
  run(...work: Parameters<Experiment["run"]>): Promise<ReportedRun>;
}

/** The same experiment, whose runs make their reports. */
export function reportedExperiment(session: Session, experiment: Experiment): ReportedExperiment {
  return { ...experiment, run: async (...work) => reportedRun(session, await experiment.run(...work)) };
}
