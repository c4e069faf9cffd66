import type { Job, Schedule, ScheduleCreate } from "assay-lab/contract";
import type { Api } from "./api";
import { type Page, path } from "./routes";

/** Which jobs a list holds. */
export interface JobQuery {
  job_status?: Job["job_status"] | undefined;
  dead?: "true" | undefined;
}

/** The service's routes of jobs and schedules by what they do. */
export const jobRoutes = {
  list: (api: Api, { job_status, dead }: JobQuery, limit = 100) => api.get<Page<Job>>(path("jobs"), { limit, job_status, dead }),
  get: (api: Api, id: string) => api.get<{ job: Job }>(path("jobs", id)).then(({ job }) => job),
  cancel: (api: Api, id: string) => api.post(path("jobs", id, "cancel")),
  retry: (api: Api, id: string) => api.post(path("jobs", id, "retry")),
  submit: (api: Api, body: { kind: string; request: Record<string, unknown>; priority?: number; experiment?: string }) =>
    api.post<{ job_id: string; run_id: string | null }>(path("jobs"), body),

  schedules: (api: Api) => api.get<Page<Schedule>>(path("schedules"), { limit: 200 }).then(({ items }) => items),
  schedule: (api: Api, body: ScheduleCreate) =>
    api.post<{ schedule: Schedule }>(path("schedules"), body).then(({ schedule }) => schedule),
  pause: (api: Api, id: string, paused: boolean) =>
    api.patch<{ schedule: Schedule }>(path("schedules", id), { paused }).then(({ schedule }) => schedule),
  unschedule: (api: Api, id: string) => api.remove(path("schedules", id)),
};
