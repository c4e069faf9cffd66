import type {
  Alias,
  AuditEntry,
  Benchmark,
  Cell,
  CheckReport,
  Job,
  ModelSettings,
  ModelVersion,
  MoveRequest,
  Prediction,
  PredictionFile,
  VersionComparison,
} from "assay-lab/contract";
import type { Api } from "./api";
import { type Page, path } from "./routes";

/** Values of one row by column name. */
export type Features = Record<string, Cell>;

/** How the rows of a file are predicted. */
export interface FileOptions {
  output: "csv" | "parquet";
  on_bad_row: "error" | "skip";
  user_column?: string | undefined;
}

/** What versions are measured on. */
interface BenchmarkQuestion {
  model_ids: string[];
  dataset_id?: string;
  split_id?: string;
  metric?: string;
}

/** What becomes a version of a model, and of which. */
export type Deployment = {
  experiment_id: string;
  model_name: string;
  version?: string;
  description: string;
  promote_to_production?: boolean;
};

/** The service's routes of the registry and of predictions by what they do. A version is cited by its id or as `name@1.0.0`. */
export const modelRoutes = {
  versions: (api: Api, cursor?: string) => api.get<Page<ModelVersion>>(path("models", "deployed"), { limit: 200, cursor }),
  versionsOf: (api: Api, name: string, cursor?: string) =>
    api.get<Page<ModelVersion>>(path("models", name, "versions"), { limit: 200, cursor }),
  deploy: (api: Api, body: Deployment) => api.post<{ model: ModelVersion }>(path("models", "deploy"), body),
  checks: (api: Api, id: string) => api.get<{ report: CheckReport }>(path("models", id, "checks")).then(({ report }) => report),
  move: (api: Api, id: string, move: "promote" | "demote" | "archive", body: MoveRequest) =>
    api.post<{ model: ModelVersion }>(path("models", id, move), body),
  rollback: (api: Api, name: string, version: string, body: MoveRequest) =>
    api.post<{ model: ModelVersion }>(path("models", name, "rollback"), body, { to_version: version }),
  delete: (api: Api, id: string, force: boolean) => api.remove(path("models", id), { force: String(force) }),
  download: (api: Api, id: string, fileName: string) => api.download(path("models", id, "download"), fileName),

  aliases: (api: Api, name: string) => api.get<{ items: Alias[] }>(path("models", name, "aliases")).then(({ items }) => items),
  setAlias: (api: Api, name: string, alias: string, body: { version: string; protected?: boolean }) =>
    api.put<{ alias: Alias }>(path("models", name, "aliases", alias), body),
  removeAlias: (api: Api, name: string, alias: string) => api.remove(path("models", name, "aliases", alias)),

  audit: (api: Api, name: string, cursor?: string) =>
    api.get<Page<AuditEntry>>(path("models", name, "audit"), { limit: 100, cursor }),
  settings: (api: Api, name: string) =>
    api.get<{ settings: ModelSettings }>(path("models", name, "settings")).then(({ settings }) => settings),
  changeSettings: (api: Api, name: string, changes: Partial<ModelSettings>) =>
    api.patch<{ settings: ModelSettings }>(path("models", name, "settings"), changes).then(({ settings }) => settings),

  compare: (api: Api, model_ids: readonly string[]) =>
    api
      .post<{ comparison: VersionComparison }>(path("models", "compare-versions"), { model_ids })
      .then(({ comparison }) => comparison),
  benchmark: (api: Api, body: BenchmarkQuestion) =>
    api.post<{ benchmark: Benchmark }>(path("models", "benchmark"), body).then(({ benchmark }) => benchmark),

  predict: (api: Api, ref: string, features: Features | readonly Features[]) =>
    api.post<Prediction>(path("models", "predict"), { model_id: ref, features }),
  predictFile: (api: Api, ref: string, file: File, options: FileOptions, onProgress: (share: number) => void) => {
    const form = new FormData();
    for (const [key, value] of Object.entries(options)) if (value !== undefined) form.set(key, value);
    form.set("file", file, file.name); // behind the fields, which are read first
    return api.upload<{ job_id: string }>(path("models", ref, "predict-file"), form, onProgress);
  },
  fileJobs: (api: Api) => api.get<Page<Job>>(path("jobs"), { kind: "predict", limit: 200 }).then(({ items }) => items),
  /** Files of predictions of these versions, newest first. */
  keptFiles: (api: Api, versions: readonly Pick<ModelVersion, "name" | "version">[]) => {
    if (versions.length === 0) return Promise.resolve([]);
    const refs = versions.slice(0, 500).map(({ name, version }) => `'${`${name}@${version}`.replaceAll("'", "''")}'`);
    return api
      .get<Page<PredictionFile>>(path("prediction-files"), { limit: 200, filter: `model in (${refs.join(", ")})` })
      .then(({ items }) => items);
  },
  deleteFile: (api: Api, job: string) => api.remove(path("prediction-files", job)),
  downloadAnswers: (api: Api, job: string, fileName: string) => api.download(path("jobs", job, "predictions"), fileName),
};
