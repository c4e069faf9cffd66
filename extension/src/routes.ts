import type {
  Algorithm,
  Artifact,
  Comparison,
  ExperimentCreate,
  LearningCurveAnswer,
  LearningCurveRequest,
  LogLine,
  MetricSeries,
  Run,
  RunInfo,
  SystemSeries,
  TaskType,
  TuneRequest,
  Validation,
} from "assay-lab/contract";
import type { Api } from "./api";

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** JSON Schema of an algorithm's hyperparameters. */
export interface ParamsSchema {
  type: "object";
  properties: Record<string, JsonSchema>;
  required?: string[];
}

/** The part of JSON Schema that hyperparameters use. */
export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  [key: string]: unknown;
}

/** Where the values of searched parameters come from, by name. */
export type Space = NonNullable<TuneRequest["space"]>;
export type Distribution = Space[string];

/** What a new experiment sends; the service fills in the rest. */
export type NewExperiment = Pick<ExperimentCreate, "name" | "dataset_id" | "target_column" | "algorithm" | "hyperparameters"> &
  Partial<ExperimentCreate>;

/** What the model of a run says of rows. */
interface RunPrediction {
  prediction: (string | number | boolean | null)[];
  prediction_proba: number[][] | null;
  classes: unknown[] | null;
}

/** The address of a route below `api/ml`. */
export const path = (...parts: string[]) => ["api/ml", ...parts.map(encodeURIComponent)].join("/");

/** The service's routes by what they do; bodies and answers are the contract's. */
export const routes = {
  algorithms: (api: Api, task?: TaskType) =>
    api.get<{ items: Algorithm[] }>(path("algorithms"), { task_type: task }).then(({ items }) => items),
  params: (api: Api, algorithm: string, task: TaskType) =>
    api.get<{ schema: ParamsSchema; space?: Space }>(path("algorithms", algorithm, "params"), { task_type: task }),
  validate: (
    api: Api,
    body: { dataset_id: string; target_column: string; feature_columns?: string[]; algorithm: string; task_type?: TaskType },
  ) => api.post<Validation>(path("validate-features"), body),

  runs: (
    api: Api,
    query: { limit: number; sort: string; filter?: string; deleted?: "true"; cursor?: string },
    signal?: AbortSignal,
  ) => api.get<Page<Run>>(path("experiments", "list"), query, signal),
  // also a deleted one
  run: (api: Api, id: string) => api.get<{ experiment: RunInfo }>(path("runs", id)).then(({ experiment }) => experiment),
  series: (api: Api, id: string) => api.get<{ series: MetricSeries[] }>(path("runs", id, "metrics")).then(({ series }) => series),
  system: (api: Api, id: string) =>
    api.get<{ series: SystemSeries[] }>(path("runs", id, "system-metrics"), { points: "400" }).then(({ series }) => series),
  manySeries: (api: Api, ids: readonly string[], names: readonly string[]) =>
    api.post<{ series: MetricSeries[] }>(path("runs", "series"), { ids, names }).then(({ series }) => series),
  logs: (api: Api, id: string) =>
    api.get<{ items: LogLine[] }>(path("runs", id, "logs"), { limit: 500 }).then(({ items }) => items),
  create: (api: Api, body: NewExperiment) =>
    api.post<{ experiment_id: string; job_id: string | null }>(path("experiments", "create"), body),
  train: (api: Api, id: string) => api.post<{ experiment_id: string }>(path("experiments", id, "train")),
  cancel: (api: Api, id: string) => api.post(path("experiments", id, "cancel")),
  predictWithRun: (api: Api, id: string, features: readonly object[]) =>
    api.post<RunPrediction>(path("experiments", id, "predict"), { features }),
  deleteRun: (api: Api, id: string) => api.remove(path("experiments", id)),
  restoreRun: (api: Api, id: string) => api.post(path("experiments", id, "restore")),
  downloadModel: (api: Api, id: string, fileName: string) => api.download(path("experiments", id, "download-model"), fileName),
  report: (api: Api, { id, name }: Pick<Run, "id" | "name">, format: "html" | "pdf") =>
    api.download(path("experiments", id, "report"), `${name}.${format}`, { format }),
  children: (api: Api, id: string) => api.get<{ items: Run[] }>(path("runs", id, "children")).then(({ items }) => items),
  cell: (api: Api, id: string) => api.get<{ code: string }>(path("runs", id, "cell")).then(({ code }) => code),
  learningCurve: (api: Api, body: LearningCurveRequest) => api.post<LearningCurveAnswer>(path("models", "learning-curve"), body),
  replay: (api: Api, id: string) => api.post<{ job_id: string; experiment_id: string }>(path("runs", id, "replay")),
  artifact: (api: Api, id: string, { id: artifact }: Artifact) => api.blob(path("runs", id, "artifacts", artifact)),
  downloadArtifact: (api: Api, id: string, { id: artifact, name }: Artifact) =>
    api.download(path("runs", id, "artifacts", artifact), name),
  compare: (api: Api, ids: readonly string[], baseline?: string) =>
    api.post<Comparison>(path("experiments", "compare"), { ids, baseline }),
  exportComparison: (api: Api, ids: readonly string[], baseline: string, format: "spreadsheet" | "html" | "pdf") =>
    api.download(
      path("experiments", "compare"),
      `comparison.${format === "spreadsheet" ? "csv" : format}`,
      { format },
      { ids, baseline },
    ),
};

/** Reads every page of a list, at most `most` items. */
export async function everyPage<T>(page: (cursor?: string) => Promise<Page<T>>, most = 5000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.next_cursor ?? undefined;
  } while (cursor !== undefined && items.length < most);
  return items;
}
