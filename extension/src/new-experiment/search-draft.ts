import type { TaskType } from "assay-lab/contract";
import { ServiceError } from "../api";
import type { ParamsSchema } from "../routes";
import { camel } from "./camel";
import { type RangeDrafts, wrongWith } from "./range-draft";

/** What the form holds of a search. */
export interface SearchDraft {
  /** Whether the algorithm's usual ranges are searched; else those of `ranges`. */
  usual: boolean;
  ranges: RangeDrafts;
  /** Algorithm and task that the ranges are of; empty before any is chosen. */
  rangesOf: string;
  sampler: string;
  pruner: string;
  /** NaN for no bound. */
  trials: number;
  minutes: number;
  folds: number;
  /** Empty for the task's. */
  metric: string;
  workers: number;
}

/** What the form holds of a comparison of algorithms. */
export interface ComparisonDraft {
  models: "fast" | "all" | "named";
  names: ReadonlySet<string>;
  folds: number;
  minutes: number;
  metric: string;
}

export const freshSearch: SearchDraft = {
  usual: true,
  ranges: {},
  rangesOf: "",
  sampler: "tpe",
  pruner: "nop",
  trials: 50,
  minutes: Number.NaN,
  folds: 5,
  metric: "",
  workers: 1,
};

export const freshComparison: ComparisonDraft = { models: "fast", names: new Set(), folds: 5, minutes: Number.NaN, metric: "" };

/** Metrics that a search or a comparison may go by. */
export const metricNames: Readonly<Record<TaskType, readonly string[]>> = {
  classification: [
    "accuracy",
    "balanced_accuracy",
    "roc_auc",
    "average_precision",
    "f1_macro",
    "f1_weighted",
    "precision_macro",
    "recall_macro",
    "mcc",
    "log_loss",
    "brier",
  ],
  regression: ["r2", "rmse", "mae", "mse", "mape", "median_absolute_error", "explained_variance"],
};

/** What is wrong with the ranges, by name. */
export function rangeErrors({ usual, ranges }: SearchDraft, schema: ParamsSchema | null): Readonly<Record<string, string>> {
  if (usual || !schema) return {};
  const errors = Object.entries(ranges).map(([name, range]) => [name, wrongWith(range, schema.properties[name] ?? {})] as const);
  return Object.fromEntries(errors.flatMap(([name, error]) => (error === undefined ? [] : [[name, error]])));
}

/** Whether the search can be sent. */
export function isSearchReady(search: SearchDraft, schema: ParamsSchema | null): boolean {
  const { usual, ranges, trials, minutes, folds, workers } = search;
  return (
    (usual || Object.keys(ranges).length > 0) &&
    Object.keys(rangeErrors(search, schema)).length === 0 &&
    isWhole(trials, 1, 1_000_000, true) &&
    (Number.isNaN(minutes) || minutes > 0) &&
    isWhole(folds, 2, 50) &&
    isWhole(workers, 1, 64)
  );
}

/** Whether the comparison can be sent. */
export function isComparisonReady({ models, names, folds, minutes }: ComparisonDraft): boolean {
  return (models !== "named" || names.size > 0) && isWhole(folds, 2, 50) && (Number.isNaN(minutes) || minutes > 0);
}

function isWhole(value: number, low: number, high: number, mayBeNothing = false): boolean {
  return (mayBeNothing && Number.isNaN(value)) || (Number.isInteger(value) && value >= low && value <= high);
}

/** The searched hyperparameter that the service refused, and what it said. */
export function refusedRange(failure: unknown, ranges: RangeDrafts): { name: string; message: string } | null {
  const problem = failure instanceof ServiceError ? failure.problem : null;
  if (!problem?.field?.startsWith("space")) return null;
  const name = Object.keys(ranges).find((each) =>
    [each, camel(each)].some((word) => new RegExp(`\\b${word}\\b`).test(`${problem.field} ${problem.detail}`)),
  );
  return name === undefined ? null : { name, message: problem.detail };
}
