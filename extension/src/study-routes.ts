import type {
  CompareModelsRequest,
  ImportReport,
  ImportSource,
  Study,
  StudyInfo,
  TrialInfo,
  TuneRequest,
} from "assay-lab/contract";
import type { Api } from "./api";
import type { PlotlyFigure } from "./plotly/plotly-figure";
import { type Page, path } from "./routes";

/** What a search sends; the service fills in the rest. */
export type NewSearch = Pick<TuneRequest, "dataset_id" | "target_column" | "algorithm"> & Partial<TuneRequest>;

/** What a comparison of models sends. */
export type NewComparison = Pick<CompareModelsRequest, "dataset_id" | "target_column"> & Partial<CompareModelsRequest>;

/** Figures of a study by name: history, parallel, slice, importance, intermediate, pareto. */
export type StudyFigures = Readonly<Record<string, PlotlyFigure>>;

/** The service's routes of searches by what they do. */
export const studyRoutes = {
  tune: (api: Api, body: NewSearch) =>
    api.post<{ job_id: string; study_id: string; experiment_id: string }>(path("models", "tune"), body),
  compareModels: (api: Api, body: NewComparison) =>
    api.post<{ job_id: string; experiment_id: string }>(path("models", "compare"), { ...body, background: true }),

  /** Takes over the runs or studies of another program's file. */
  import: (api: Api, source: ImportSource, file: File, onProgress: (share: number) => void) => {
    const form = new FormData();
    form.set("source", source);
    form.set("file", file, file.name); // behind the fields, which are read first
    return api.upload<{ import: ImportReport }>(path("import"), form, onProgress).then(({ import: report }) => report);
  },

  list: (api: Api, limit: number, cursor?: string) => api.get<Page<Study>>(path("studies"), { limit, cursor }),
  get: (api: Api, id: string) => api.get<{ study: StudyInfo }>(path("studies", id)).then(({ study }) => study),
  trials: (api: Api, id: string, query: { limit: number; sort?: string; cursor?: string }) =>
    api.get<Page<TrialInfo>>(path("studies", id, "trials"), query),
  figures: (api: Api, id: string) =>
    api.get<{ figures: StudyFigures }>(path("studies", id, "plots")).then(({ figures }) => figures),
  stop: (api: Api, id: string) => api.post<{ study: StudyInfo }>(path("studies", id, "stop")).then(({ study }) => study),
  delete: (api: Api, id: string) => api.remove(path("studies", id)),
};
