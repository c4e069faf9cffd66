import type {
  Alert,
  ModelDrift,
  ModelPerformance,
  Monitor,
  MonitorChange,
  MonitorRequest,
  OutcomeFileReport,
} from "assay-lab/contract";
import type { Api } from "../api";
import { type Page, path } from "../routes";

/** A window of time, in parts. */
export interface Window {
  from: string;
  step: "hour" | "day" | "week";
}

/** The service's routes of monitoring by what they do. A version is cited by its id or as `name@1.0.0`, a model by its name. */
export const monitorRoutes = {
  drift: (api: Api, ref: string, window: Window) =>
    api.get<{ drift: ModelDrift }>(path("models", ref, "drift"), { ...window }).then(({ drift }) => drift),
  performance: (api: Api, ref: string, window: Window) =>
    api
      .get<{ performance: ModelPerformance }>(path("models", ref, "performance"), { ...window })
      .then(({ performance }) => performance),
  setReference: (api: Api, ref: string, dataset_id: string) =>
    api.put<{ dataset: string; rows: number }>(path("models", ref, "reference"), { dataset_id }),

  monitors: (api: Api, name: string) =>
    api.get<{ items: Monitor[] }>(path("models", name, "monitors")).then(({ items }) => items),
  watch: (api: Api, name: string, body: MonitorRequest) => api.post<{ monitor: Monitor }>(path("models", name, "monitors"), body),
  change: (api: Api, id: string, body: MonitorChange) => api.patch<{ monitor: Monitor }>(path("monitors", id), body),
  unwatch: (api: Api, id: string) => api.remove(path("monitors", id)),
  check: (api: Api, model: string) =>
    api.post<{ checked: number; opened: number; resolved: number }>(path("monitors", "check"), { model }),

  alerts: (api: Api, query: { model?: string | undefined; alert_status?: Alert["alert_status"] | undefined }) =>
    api.get<Page<Alert>>(path("alerts"), { limit: 200, ...query }).then(({ items }) => items),
  moveAlert: (api: Api, id: string, move: "acknowledge" | "resolve", note: string) =>
    api.post<{ alert: Alert }>(path("alerts", id, move), { note }),

  outcomes: (api: Api, file: File, onProgress: (share: number) => void) => {
    const form = new FormData();
    form.set("file", file, file.name);
    return api
      .upload<{ report: OutcomeFileReport }>(path("predictions", "outcomes"), form, onProgress)
      .then(({ report }) => report);
  },
};
