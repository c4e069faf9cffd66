import type { MetricValue } from "assay-lab/contract";

/** A class of an evaluation. */
export interface ClassRow {
  label: string | number | boolean;
  precision: MetricValue;
  recall: MetricValue;
  f1: MetricValue;
  support: number;
  rocAuc: MetricValue | null;
  averagePrecision: MetricValue | null;
}

/** A row that the model got wrong most. */
export interface WorstRow {
  row: number;
  true: unknown;
  predicted: unknown;
  confidence: number | null;
  residual: number | null;
  loss: MetricValue;
  cells: readonly (readonly [string, unknown])[];
}

/** A metric's confidence interval. */
export interface Interval {
  low: MetricValue;
  high: MetricValue;
  confidence: number;
}

/** What is left of the numbers when the predictions are taken off. */
export interface Residuals {
  bias: MetricValue;
  sd: MetricValue;
  quantiles: Readonly<Record<string, MetricValue>>;
  spread: { pValue: MetricValue; correlation: MetricValue; verdict: string } | null;
}

/** The parts of a stored evaluation that the panel draws itself; what is missing or of another shape is empty. */
interface EvaluationParts {
  classes: readonly ClassRow[];
  worst: readonly WorstRow[];
  intervals: Readonly<Record<string, Interval>>;
  residuals: Residuals | null;
  notes: readonly string[];
}

/** Reads an evaluation: a program may have stored anything there. */
export function evaluationParts(evaluation: unknown): EvaluationParts {
  const { classes, worst, intervals, residuals, notes } = object(evaluation);
  return {
    classes: list(classes).filter((each): each is ClassRow => "label" in object(each) && "support" in object(each)),
    worst: list(worst).filter((each): each is WorstRow => "row" in object(each) && Array.isArray(object(each)["cells"])),
    intervals: Object.fromEntries(
      Object.entries(object(intervals)).filter((entry): entry is [string, Interval] => "low" in object(entry[1])),
    ),
    residuals: "bias" in object(residuals) && "quantiles" in object(residuals) ? (residuals as Residuals) : null,
    notes: list(notes).filter((note) => typeof note === "string"),
  };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
