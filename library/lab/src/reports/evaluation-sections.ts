import type { Evaluation, Figure } from "assay";
import { boundedTable, leftOut, type PlainFigure, type ReportBlock, type ReportSection } from "./report.ts";
import { asCell } from "./shown-text.ts";

/** Cells of a heatmap up to which it is drawn. */
const heatmapMost = 40 * 40;
/** Figures of an evaluation at most. */
const figuresMost = 24;

/** An evaluation as it is stored: what another release wrote may lack a part. */
type StoredEvaluation = Partial<Evaluation>;

/** The figures of an evaluation, the report by class, confusions, importances; bounded, with what was left out. */
export function evaluationSections(value: unknown): ReportSection<PlainFigure>[] {
  if (typeof value !== "object" || value === null) return [];
  const evaluation = value as StoredEvaluation;
  const all = Array.isArray(evaluation.figures) ? evaluation.figures : [];
  const figures = all.filter(({ figure }) => cellsOf(figure) <= heatmapMost).slice(0, figuresMost);
  const left = all.filter((each) => !figures.includes(each)).map(({ title }) => `the figure “${title}”, which is too large`);
  const blocks: ReportBlock<PlainFigure>[] = [
    { kind: "figures", columns: 2, figures },
    ...(left.length > 0 ? [leftOut(...left)] : []),
    ...(evaluation.notes?.length ? [leftOut(...evaluation.notes)] : []),
  ];
  return [
    { title: "Evaluation", blocks },
    { title: "Classes", blocks: [...classesOf(evaluation), ...confusionsOf(evaluation)] },
    { title: "Errors", blocks: [...residualsOf(evaluation), ...worstOf(evaluation), ...slicesOf(evaluation)] },
    { title: "Importance", blocks: importancesOf(evaluation) },
  ];
}

function cellsOf(figure: Figure): number {
  return figure.data.reduce((sum, { z }) => sum + (Array.isArray(z) ? z.length * ((z[0] as unknown[])?.length ?? 0) : 0), 0);
}

function classesOf({ classes = [] }: StoredEvaluation): ReportBlock<PlainFigure>[] {
  const rows = classes.map(({ label, precision, recall, f1, support }) => [
    String(label),
    ...[precision, recall, f1, support].map(asCell),
  ]);
  return boundedTable("By class", ["class", "precision", "recall", "F1", "rows"], rows, 120);
}

/** The pairs of classes that were taken for each other most often. */
function confusionsOf({ confused = [] }: StoredEvaluation): ReportBlock<PlainFigure>[] {
  const rows = confused.map((pair) => [
    String(pair.true),
    String(pair.predicted),
    pair.count,
    `${(100 * pair.share).toFixed(1)} %`,
  ]);
  return boundedTable("Taken for each other most often", ["true", "predicted", "rows", "of the class"], rows, 20);
}

/** What is left of the numbers when the predictions are taken off. */
function residualsOf({ residuals }: StoredEvaluation): ReportBlock<PlainFigure>[] {
  if (!residuals) return [];
  const { bias, sd, quantiles, spread } = residuals;
  const rows = [["mean", bias], ["standard deviation", sd], ...Object.entries(quantiles)] as const;
  const words = spread
    ? [`Their spread is ${spread.verdict} (Breusch and Pagan's test, p ${Number(spread.pValue.toPrecision(2))}).`]
    : [];
  return [...boundedTable("Residuals, true − predicted", ["of the residuals", "value"], rows), { kind: "text", lines: words }];
}

/** The rows of greatest loss, with their first cells. */
function worstOf({ worst = [] }: StoredEvaluation): ReportBlock<PlainFigure>[] {
  const names = (worst[0]?.cells ?? []).slice(0, 4).map(([name]) => name);
  const rows = worst.map(({ row, true: truth, predicted, loss, cells }) => [
    `${row}`,
    asCell(truth),
    asCell(predicted),
    loss,
    ...names.map((_, j) => asCell(cells[j]?.[1])),
  ]);
  return boundedTable("Rows of greatest loss", ["row", "true", "predicted", "loss", ...names], rows, 20);
}

/** Parts of the rows on which the model does worse than on the rest. */
function slicesOf({ slices }: StoredEvaluation): ReportBlock<PlainFigure>[] {
  if (!slices) return [];
  const rows = slices.slices.map(({ text, rows, mean, rest, adjusted }) => [text, rows, mean, rest, adjusted]);
  return boundedTable(
    `${slices.title} by part, the worst first`,
    ["part", "rows", "there", "elsewhere", "p, corrected"],
    rows,
    30,
  );
}

function importancesOf({ importances }: StoredEvaluation): ReportBlock<PlainFigure>[] {
  const rows = (importances ?? []).map(({ feature, importance }) => [feature, importance]);
  return boundedTable("Importance of columns", ["column", "share"], rows, 50);
}
