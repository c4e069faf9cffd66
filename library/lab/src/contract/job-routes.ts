import { deleted } from "./datasets.ts";
import { event, eventsQuery } from "./events.ts";
import { exampleJob, exampleSchedule } from "./example-job.ts";
import { exampleLine } from "./example-run.ts";
import {
  idempotencyHeaders,
  jobAnswer,
  jobList,
  jobListQuery,
  jobLogsAnswer,
  jobQueued,
  jobSubmit,
  scheduleAnswer,
  scheduleChange,
  scheduleCreate,
  scheduleList,
  scheduleListQuery,
} from "./jobs.ts";
import { route } from "./route.ts";
import { logWindow } from "./training.ts";
import { byId } from "./values.ts";

const jobs = "/api/ml/jobs";
const schedules = "/api/ml/schedules";
const cited = { id: exampleJob.job_id };
const citedSchedule = { id: exampleSchedule.schedule_id };
const { kind, request } = exampleSchedule;

/** Long work: submit, list, look, cancel, retry. */
export const jobRoutes = {
  list: route({
    method: "GET",
    path: jobs,
    summary: "Jobs, newest first; in one status, of one kind, or the dead ones.",
    query: jobListQuery,
    answer: jobList,
    example: { query: { job_status: "running" }, answer: { items: [exampleJob], next_cursor: null } },
  }),
  submit: route({
    method: "POST",
    path: jobs,
    summary: "Queues a job.",
    headers: idempotencyHeaders,
    body: jobSubmit,
    answer: jobQueued,
    statuses: [202],
    example: { body: { kind, request, priority: 5 }, answer: { job_id: exampleJob.job_id, run_id: exampleJob.run_id } },
  }),
  get: route({
    method: "GET",
    path: `${jobs}/:id`,
    summary: "One job.",
    params: byId,
    answer: jobAnswer,
    example: { params: cited, answer: { job: exampleJob } },
  }),
  logs: route({
    method: "GET",
    path: `${jobs}/:id/logs`,
    summary: "A job's lines behind one that is known.",
    params: byId,
    query: logWindow,
    answer: jobLogsAnswer,
    example: { params: cited, query: { after: "0" }, answer: { items: [exampleLine] } },
  }),
  events: route({
    method: "GET",
    path: `${jobs}/:id/events`,
    summary: "What happened and happens to a job and its run, until it has ended.",
    params: byId,
    query: eventsQuery,
    events: event,
    example: { params: cited },
  }),
  cancel: route({
    method: "POST",
    path: `${jobs}/:id/cancel`,
    summary: "Stops a job that waits or runs.",
    params: byId,
    answer: jobAnswer,
    example: { params: cited, answer: { job: { ...exampleJob, job_status: "cancelled" } } },
  }),
  retry: route({
    method: "POST",
    path: `${jobs}/:id/retry`,
    summary: "Queues an ended job once more.",
    params: byId,
    answer: jobAnswer,
    example: { params: cited, answer: { job: { ...exampleJob, job_status: "queued", worker: null } } },
  }),
};

/** Jobs that are queued again and again. */
export const scheduleRoutes = {
  list: route({
    method: "GET",
    path: schedules,
    summary: "Schedules.",
    query: scheduleListQuery,
    answer: scheduleList,
    example: { answer: { items: [exampleSchedule], next_cursor: null } },
  }),
  create: route({
    method: "POST",
    path: schedules,
    summary: "Makes a schedule.",
    body: scheduleCreate,
    answer: scheduleAnswer,
    statuses: [201],
    example: {
      body: { name: exampleSchedule.name, cron: exampleSchedule.cron, timezone: exampleSchedule.timezone, kind, request },
      answer: { schedule: exampleSchedule },
    },
  }),
  get: route({
    method: "GET",
    path: `${schedules}/:id`,
    summary: "One schedule.",
    params: byId,
    answer: scheduleAnswer,
    example: { params: citedSchedule, answer: { schedule: exampleSchedule } },
  }),
  change: route({
    method: "PATCH",
    path: `${schedules}/:id`,
    summary: "Pauses a schedule, or moves it.",
    params: byId,
    body: scheduleChange,
    answer: scheduleAnswer,
    example: {
      params: citedSchedule,
      body: { paused: true },
      answer: { schedule: { ...exampleSchedule, paused: true, next_at: null } },
    },
  }),
  delete: route({
    method: "DELETE",
    path: `${schedules}/:id`,
    summary: "Removes a schedule; its jobs stay.",
    params: byId,
    answer: deleted,
    example: { params: citedSchedule, answer: { deleted: exampleSchedule.schedule_id } },
  }),
};
