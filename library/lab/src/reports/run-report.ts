import { type Figure, plotLoss } from "assay";
import type { MetricSeries, RunInfo } from "../contract/training.ts";
import { toNumber } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { getRun, metricSeries, type RunTail, runCell, runTail, systemFigures, systemSeries } from "../tracking/index.ts";
import { evaluationSections } from "./evaluation-sections.ts";
import { boundedTable, leftOut, type PlainFigure, type Report, type ReportBlock, type ReportSection } from "./report.ts";
import { asCell, shownSpan } from "./shown-text.ts";

type Block = ReportBlock<PlainFigure>;

/** A run from its data to how it is made again. Throws NotFoundError. */
export async function runReport(session: Session, id: string): Promise<Report> {
  const run = await getRun(session, id);
  const [tail, series, system] = await Promise.all([
    runTail(session, id),
    metricSeries(session, [id], { points: 500 }),
    systemSeries(session, id, { points: 500 }),
  ]);
  return {
    title: run.name,
    subtitle: `Run of the experiment “${run.experiment}”`,
    madeAt: new Date().toISOString(),
    wide: false,
    facts: factsOf(run, tail),
    sections: [
      { title: "Data", blocks: dataOf(run) },
      { title: "Preprocessing", blocks: preprocessingOf(run) },
      { title: "Hyperparameters", blocks: paramsOf(run.hyperparameters, "Settings of the algorithm") },
      { title: "Metrics", blocks: metricsOf(run, series) },
      ...evaluationSections(run.evaluation),
      { title: "Curves", blocks: curvesOf(series) },
      { title: "Processor and memory", blocks: [{ kind: "figures", columns: 2, figures: systemFigures(system) }] },
      { title: "Log", blocks: logOf(tail) },
      {
        title: "Environment",
        blocks: [...paramsOf(withoutPipeline(run.environment), "Program and machine"), ...artifactsOf(run)],
      },
      { title: "How to make it again", blocks: againOf(run) },
    ] satisfies ReportSection<PlainFigure>[],
  };
}

function factsOf(run: RunInfo, { createdBy }: RunTail): Report["facts"] {
  const span = run.started_at && run.ended_at ? shownSpan(Date.parse(run.ended_at) - Date.parse(run.started_at)) : null;
  return [
    ["status", run.error === null ? run.status : `${run.status}: ${run.error}`],
    ["algorithm", run.preset === null ? run.algorithm : `${run.algorithm} (${run.preset})`],
    ["task", run.task_type],
    ["target", run.target_column],
    ["dataset", run.dataset],
    ["made by", createdBy],
    ["created", run.created_at],
    ["took", span],
    [
      "tags",
      Object.entries(run.tags)
        .map(([key, value]) => (value === "" ? key : `${key}: ${value}`))
        .join(", ") || null,
    ],
    ["description", run.description || null],
    ["notes", run.notes || null],
    ["id", run.id],
  ].filter((fact): fact is [string, string] => fact[1] !== null);
}

function dataOf(run: RunInfo): Block[] {
  const split = (run.split ?? {}) as Readonly<Record<string, unknown>>;
  const parts = ["train", "validation", "test"].flatMap((part) => {
    const rows = split[part];
    return Array.isArray(rows) && rows.length > 0 ? [[part, rows.length] as const] : [];
  });
  const recipe = Object.entries((split["recipe"] ?? {}) as object).map(([name, value]) => [name, asCell(value)] as const);
  return [
    ...boundedTable("Rows by part", ["part", "rows"], parts),
    ...boundedTable("How the rows were parted", ["setting", "value"], recipe),
    ...boundedTable(
      `${run.feature_columns.length} feature columns`,
      ["column"],
      run.feature_columns.map((name) => [name]),
      60,
    ),
  ];
}

function preprocessingOf({ preprocessing }: RunInfo): Block[] {
  if (!Array.isArray(preprocessing)) return [];
  const steps = preprocessing as readonly { readonly name?: unknown; readonly params?: unknown }[];
  return boundedTable(
    "Steps, in order",
    ["step", "settings"],
    steps.map(({ name, params }) => [String(name), asCell(params)]),
  );
}

/** Named values as a table of two columns. */
function paramsOf(params: Readonly<Record<string, unknown>>, caption: string): Block[] {
  return boundedTable(
    caption,
    ["name", "value"],
    Object.entries(params).map(([name, value]) => [name, asCell(value)]),
  );
}

function withoutPipeline({ pipeline: _, ...environment }: RunInfo["environment"]): Readonly<Record<string, unknown>> {
  return environment;
}

/** A row a metric, a column a split; of a cross-validation the mean with the spread over its folds. */
function metricsOf({ metrics, evaluation }: RunInfo, series: readonly MetricSeries[]): Block[] {
  const cut = Object.keys(metrics).map((name) => [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)] as const);
  const splits = [...new Set(cut.map(([split]) => split))].filter((split) => split !== "cv");
  const order = ["test", "cv_mean", "validation", "train"];
  splits.sort((a, b) => ((order.indexOf(a) + 9) % 9) - ((order.indexOf(b) + 9) % 9) || (a < b ? -1 : 1));
  const names = [...new Set(cut.filter(([split]) => split !== "cv").map(([, name]) => name))];
  const intervals = ((evaluation as { intervals?: unknown } | null)?.intervals ?? {}) as Readonly<
    Record<string, { low: number; high: number }>
  >;
  const hasIntervals = names.some((name) => Object.hasOwn(intervals, name));
  const folds = new Map(series.filter(({ split }) => split === "cv").map(({ name, values }) => [name, values.map(toNumber)]));
  const rows = names.map((name) => [
    name,
    ...splits.map((split) => {
      const value = metrics[`${split}.${name}`];
      const own = split === "cv_mean" ? folds.get(name) : undefined;
      return own && typeof value === "number"
        ? `${Number(value.toPrecision(4))} ± ${Number(sdOf(own).toPrecision(2))}`
        : (value ?? null);
    }),
    ...(hasIntervals ? [intervalOf(intervals[name])] : []),
  ]);
  const heads = splits.map((split) => (split === "cv_mean" ? "folds (mean ± sd)" : split));
  return boundedTable("Metrics by part", ["metric", ...heads, ...(hasIntervals ? ["95 % interval"] : [])], rows);
}

function intervalOf(interval: { readonly low: number; readonly high: number } | undefined): string | null {
  return interval ? `${Number(interval.low.toPrecision(4))} to ${Number(interval.high.toPrecision(4))}` : null;
}

function sdOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, values.length - 1));
}

/** Charts of curves at most. */
const curvesMost = 12;

function curvesOf(series: readonly MetricSeries[]): Block[] {
  const lines = series.filter(({ steps, split }) => steps.length > 1 && split !== "cv");
  const names = [...new Set(lines.map(({ name }) => name))];
  const figures = names.slice(0, curvesMost).map((name): { title: string; figure: Figure } => {
    const own = lines.filter((line) => line.name === name);
    const curves = own.map(({ split, steps, values }) => ({ name: split, steps, values: values.map(toNumber) }));
    return { title: `${name} by step`, figure: plotLoss(curves, name) };
  });
  return [
    { kind: "figures", columns: 2, figures },
    ...(names.length > curvesMost ? [leftOut(`curves of ${names.length - curvesMost} more metrics`)] : []),
  ];
}

function logOf({ lines, logged }: RunTail): Block[] {
  const written = lines.map(({ at, level, message }) => `${at.slice(11, 19)} ${level.padEnd(5)} ${message.slice(0, 500)}`);
  return [
    { kind: "code", lines: written },
    ...(logged > lines.length ? [leftOut(`${logged - lines.length} earlier lines of ${logged}`)] : []),
  ];
}

function artifactsOf({ artifacts }: RunInfo): Block[] {
  return boundedTable(
    "Files",
    ["file", "kind", "bytes", "SHA-256 begins"],
    artifacts.map(({ name, kind, size_bytes, content_hash }) => [name, kind, size_bytes, content_hash.slice(0, 16)]),
  );
}

/** The cell that made it; for a training that was sent, the call that sends it again. */
function againOf(run: RunInfo): Block[] {
  const { cell, commit } = (run.code ?? {}) as { readonly cell?: unknown; readonly commit?: unknown };
  const isKnown = typeof cell === "string" || (run.request !== null && run.request !== undefined);
  return [
    ...(typeof commit === "string" ? [{ kind: "text" as const, lines: [`Git commit ${commit}.`] }] : []),
    ...(isKnown ? [{ kind: "code" as const, lines: runCell(run).split("\n") }] : []),
  ];
}
