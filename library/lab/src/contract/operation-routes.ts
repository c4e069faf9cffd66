import { retentionAnswer, retentionChange, type SweepReport, sweepAnswer, sweepRequest } from "./operations.ts";
import { route } from "./route.ts";

const kept = {
  deleted_run_days: 30,
  run_log_days: null,
  stretch_days: null,
  job_days: 180,
  event_days: 30,
  activity_days: 365,
  orphan_file_days: 7,
};
const sweep: SweepReport = { dry_run: true, removed: [{ what: "files", count: 3, bytes: 48_213 }] };

/** How long things are kept; for administrators. */
export const operationRoutes = {
  retention: route({
    method: "GET",
    path: "/api/ml/retention",
    action: "administer",
    summary: "How long things are kept.",
    answer: retentionAnswer,
    example: { answer: { retention: kept } },
  }),
  changeRetention: route({
    method: "PATCH",
    path: "/api/ml/retention",
    action: "administer",
    summary: "Changes how long things are kept.",
    body: retentionChange,
    answer: retentionAnswer,
    example: { body: { job_days: 90 }, answer: { retention: { ...kept, job_days: 90 } } },
  }),
  sweep: route({
    method: "POST",
    path: "/api/ml/retention/sweep",
    action: "administer",
    summary: "Removes what is older than it is kept, or says what it would remove.",
    body: sweepRequest,
    answer: sweepAnswer,
    example: { body: { dry_run: true }, answer: { sweep } },
  }),
};
