import type { SessionStart, SignalDataset, SignalPrediction, TrainingSession, TrainingSessionInfo } from "assay-lab/contract";
import type { Api } from "../../api";
import type { Page } from "../../routes";

const root = "api/training";
const one = (id: string, ...rest: string[]) => [`${root}/sessions`, encodeURIComponent(id), ...rest].join("/");

interface LabelledSignals {
  /** name@version that answered. */
  model: string;
  source: "advanced" | "basic" | "emergency";
  warnings: string[];
  items: SignalPrediction[];
}

/** What was said of one signal, and by which model. */
export type LabelledSignal = Omit<LabelledSignals, "items"> & SignalPrediction;

/** The service's routes of the exoplanet flow by what they do. */
export const exoplanetRoutes = {
  datasets: (api: Api) => api.get<Page<SignalDataset>>(`${root}/datasets`, { limit: 100 }).then(({ items }) => items),
  upload: (api: Api, file: File, onProgress: (share: number) => void) => {
    const form = new FormData();
    form.append("name", file.name.replace(/\.[^.]*$/, ""));
    form.append("file", file);
    return api.upload<{ dataset: SignalDataset }>(`${root}/upload-dataset`, form, onProgress).then(({ dataset }) => dataset);
  },
  example: (api: Api) => api.blob(`${root}/example`).then((blob) => new File([blob], "exoplanets.csv", { type: "text/csv" })),
  start: (api: Api, body: SessionStart) => api.post<{ session_id: string }>(`${root}/start`, body),
  sessions: (api: Api) => api.get<Page<TrainingSession>>(`${root}/sessions`, { limit: 50 }).then(({ items }) => items),
  session: (api: Api, id: string) => api.get<{ session: TrainingSessionInfo }>(one(id)).then(({ session }) => session),
  cancel: (api: Api, id: string) => api.post(one(id, "cancel")),
  predict: (api: Api, features: Record<string, number | null>) =>
    api
      .post<LabelledSignals>(`${root}/predict`, { features })
      .then(({ items, ...said }): LabelledSignal => ({ ...said, ...items[0]! })),
};
