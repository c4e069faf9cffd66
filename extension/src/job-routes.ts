import type { Job, Me, Schedule, ScheduleCreate } from "assay-lab/contract";
import type { Api } from "./api";
import { type Page, path } from "./routes";

/** Which jobs a list holds. */
export interface JobQuery {
  job_status?: Job["job_status"] | undefined;
  dead?: "true" | undefined;
  kind?: string | undefined;
}

/** The service's routes of jobs and schedules by what they do. */
export const jobRoutes = {
  list: (api: Api, { job_status, dead, kind }: JobQuery, limit = 100) =>
    api.get<Page<Job>>(path("jobs"), { limit, job_status, dead, kind }),
  /** Jobs that wait or run. */
  open: (api: Api) => api.get<Page<Job>>(path("jobs"), { limit: 100, filter: "job_status in ('queued', 'running')" }),
  /** Jobs that have ended, all of them or those since an instant. */
  ended: (api: Api, { sort, limit, since }: { sort: string; limit: number; since?: string }) =>
    api.get<Page<Job>>(path("jobs"), {
      sort,
      limit,
      filter: since === undefined ? "completed_at is not null" : `completed_at > '${since}'`,
    }),
  /** Name of who asks. */
  me: (api: Api) => api.get<Me>("api/auth/me").then(({ user }) => user.username),
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
