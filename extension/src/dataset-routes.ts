import type {
  ChartFigure,
  ChartSpec,
  Dataset,
  DatasetChange,
  DatasetInfo,
  ExportFormat,
  ProfileValue,
  SavedChart,
  SavedSplit,
  SplitRequest,
  Step,
  StepForm,
  StepPreview,
  StorageUse,
  TransformRequest,
  VersionDiff,
} from "assay-lab/contract";
import type { Api } from "./api";
import { type Page, path } from "./routes";

/** Rows of a dataset as the preview answers them. */
export interface Rows {
  column_names: string[];
  kinds: string[];
  rows: (string | number | boolean | null)[][];
  total_rows: number;
}

/** How a file is read, where the file itself does not say. */
export interface UploadOptions {
  name?: string;
  header?: boolean | undefined;
  missing?: string | undefined;
  onBadRow?: "skip" | undefined;
}

/** Steps over a dataset version; with a split their statistics are its training rows'. */
interface StepsOf {
  dataset_id: string;
  steps: Step[];
  split_id?: string | undefined;
}

/** The service's routes of datasets by what they do. A dataset is cited by its id, `@version` behind it for one version. */
export const datasetRoutes = {
  list: (api: Api, limit = 200) => api.get<Page<Dataset>>(path("datasets"), { limit }),
  get: (api: Api, ref: string) => api.get<{ dataset: DatasetInfo }>(path("datasets", ref)).then(({ dataset }) => dataset),
  storage: (api: Api) => api.get<StorageUse>(path("storage")),
  upload: (api: Api, file: File, { name, header, missing, onBadRow }: UploadOptions, onProgress: (share: number) => void) => {
    const form = new FormData();
    const fields = { name, header, missing, on_bad_row: onBadRow };
    for (const [key, value] of Object.entries(fields)) if (value !== undefined) form.set(key, String(value));
    form.set("file", file, file.name); // behind the fields, which are read first
    return api.upload<{ dataset_id: string; name: string }>(path("datasets", "upload"), form, onProgress);
  },
  change: (api: Api, id: string, change: DatasetChange) =>
    api.patch<{ dataset: DatasetInfo }>(path("datasets", id), change).then(({ dataset }) => dataset),
  delete: (api: Api, id: string, force = false) => api.remove(path("datasets", id), { force: String(force) }),
  rows: (api: Api, ref: string, offset: number, limit: number) =>
    api.get<Rows>(path("datasets", ref, "preview"), { offset, limit }),
  profile: (api: Api, ref: string, target?: string) =>
    api.get<{ profile: ProfileValue }>(path("datasets", ref, "profile"), { target }).then(({ profile }) => profile),
  export: (api: Api, ref: string, format: ExportFormat, fileName: string) =>
    api.download(path("datasets", ref, "export"), fileName, { format }),

  diff: (api: Api, id: string, from: number, to: number) =>
    api.get<{ diff: VersionDiff }>(path("datasets", id, "versions", String(from), "diff"), { to }).then(({ diff }) => diff),
  restore: (api: Api, id: string, version: number) =>
    api.post<{ dataset: DatasetInfo }>(path("datasets", id, "versions", String(version), "restore")),

  stepForms: (api: Api) => api.get<{ items: StepForm[] }>(path("data", "steps")).then(({ items }) => items),
  preview: (api: Api, body: StepsOf) =>
    api.post<{ preview: StepPreview }>(path("data", "preview"), body).then(({ preview }) => preview),
  transform: (api: Api, body: TransformRequest) =>
    api.post<{ dataset_id: string; version: number; rows: number; split_id: string | null }>(path("data", "transform"), body),
  cell: (api: Api, body: StepsOf) => api.post<{ code: string }>(path("data", "cell"), body).then(({ code }) => code),

  splits: (api: Api, id: string) => api.get<{ items: SavedSplit[] }>(path("datasets", id, "splits")).then(({ items }) => items),
  split: (api: Api, body: SplitRequest) =>
    api.post<{ split: SavedSplit }>(path("data", "split"), body).then(({ split }) => split),
  deleteSplit: (api: Api, id: string) => api.remove(path("data", "splits", id)),

  charts: (api: Api, id: string) => api.get<{ items: SavedChart[] }>(path("datasets", id, "charts")).then(({ items }) => items),
  figure: (api: Api, ref: string, chart: ChartSpec) => api.post<ChartFigure>(path("datasets", ref, "figure"), chart),
  saveChart: (api: Api, id: string, name: string, chart: ChartSpec) =>
    api.post<{ chart: SavedChart }>(path("datasets", id, "charts"), { name, ...chart }),
  deleteChart: (api: Api, id: string, chart: string) => api.remove(path("datasets", id, "charts", chart)),
};
