import type { ComparisonBoard, MetricSeries, Run } from "assay-lab/contract";

/** One model of a comparison. */
export type ComparedRow = ComparisonBoard["comparison"][number];

/** The models of a comparison as far as they are known. */
export interface Board {
  rows: readonly ComparedRow[];
  metric: string | null;
  greaterIsBetter: boolean;
  folds: number | null;
  warnings: readonly string[];
  /** Why not every model was tried. */
  stopped: string | null;
}

/** The board that a finished comparison answered. */
export function boardOf(answer: ComparisonBoard): Board {
  const { comparison, metric, greater_is_better, cv, warnings, stopped } = answer;
  return { rows: comparison, metric, greaterIsBetter: greater_is_better, folds: cv, warnings, stopped };
}

/** Whether a job's results are a board. */
export function isBoard(results: unknown): results is ComparisonBoard {
  return Array.isArray((results as Partial<ComparisonBoard> | null)?.comparison);
}

/** The board of the runs that are there, best first: of a comparison that goes on, or that a cell made. */
export function boardOfRuns(runs: readonly Run[], series: readonly MetricSeries[], metric: string): Board {
  const greaterIsBetter = !/loss|brier|^(rmse|mae|mse|mape|median_absolute_error)$/.test(metric);
  const rows = runs.map((run) => rowOf(run, series, metric));
  const sign = greaterIsBetter ? -1 : 1;
  const badness = ({ mean_score }: ComparedRow) => (mean_score === null ? Number.POSITIVE_INFINITY : sign * Number(mean_score));
  const models = rows.filter(({ baseline }) => !baseline).sort((a, b) => badness(a) - badness(b));
  const ranked = models.map((row, k) => ({ ...row, rank: row.mean_score === null ? null : k + 1 }));
  const [first] = series;
  return {
    rows: [...rows.filter(({ baseline }) => baseline), ...ranked],
    metric,
    greaterIsBetter,
    folds: first ? first.values.length : null,
    warnings: [],
    stopped: null,
  };
}

function rowOf(run: Run, series: readonly MetricSeries[], metric: string): ComparedRow {
  const foldsOf = (name: string) =>
    series.find((line) => line.run_id === run.id && line.name === name && line.split === "cv")?.values ?? [];
  const scores = foldsOf(metric);
  const means = Object.entries(run.metrics).flatMap(([key, value]) =>
    key.startsWith("cv_mean.") ? [[key.slice(8), value]] : [],
  );
  return {
    model: run.name,
    algorithm: run.algorithm ?? run.name,
    preset: run.preset,
    baseline: run.algorithm === "dummy",
    rank: null,
    mean_score: run.metrics[`cv_mean.${metric}`] ?? null,
    std_score: scores.length > 1 ? spread(scores.map(Number)) : null,
    scores: [...scores],
    metrics: Object.fromEntries(means),
    preprocessing: "",
    fit_ms: mean(foldsOf("fit_ms").map(Number)),
    predict_ms: mean(foldsOf("predict_ms").map(Number)),
    p_value: null,
    p_holm: null,
    letters: "",
    error: run.error,
    run_id: run.id,
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number {
  const centre = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / (values.length - 1));
}
