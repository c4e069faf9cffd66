import { z } from "zod";
import { jobAnswer, jobList } from "../contract/training.ts";
import { id, page } from "../contract/values.ts";
import { cancelJob, getJob, listJobs } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

const params = z.object({ id });
const status = "success" as const;

/** Long work: list, look, cancel. */
export function jobRoutes(app: App, session: Session): void {
  app.get("/api/ml/jobs", { schema: { querystring: page, response: { 200: jobList } } }, async ({ query }) => {
    const { items, next_cursor } = await listJobs(session, query);
    return { status, items: [...items], next_cursor };
  });
  for (const path of ["/api/ml/jobs/:id", "/api/ml/models/train/:id"])
    app.get(path, { schema: { params, response: { 200: jobAnswer } } }, async ({ params }) => ({
      status,
      job: await getJob(session, params.id),
    }));
  app.post("/api/ml/jobs/:id/cancel", { schema: { params, response: { 200: jobAnswer } } }, async ({ params }) => {
    await cancelJob(session, params.id);
    return { status, job: await getJob(session, params.id) };
  });
}
