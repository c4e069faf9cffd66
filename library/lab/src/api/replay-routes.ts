import { z } from "zod";
import { cellAnswer, replayReport } from "../contract/runs.ts";
import { answer, id } from "../contract/values.ts";
import { replayRun, submitJob } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import { getRun, runCell } from "../tracking/index.ts";
import type { App } from "./app.ts";

const params = z.object({ id });
const status = "success" as const;

/** A run done again from its record, and the cell that makes it. */
export function replayRoutes(app: App, session: Session): void {
  const body = z.object({
    wait: z.boolean().default(false).describe("Trains within the request and answers the report; for short trainings."),
  });
  const queued = answer({ job_id: id, experiment_id: id });
  const replayed = answer({ replay: replayReport });
  app.post(
    "/api/ml/runs/:id/replay",
    { schema: { params, body: body.nullish(), response: { 200: replayed, 202: queued } } },
    async ({ params, body }, reply) => {
      if (body?.wait) return reply.status(200).send({ status, replay: await replayRun(session, params.id) });
      const { experiment } = await getRun(session, params.id);
      const { jobId, runId } = await submitJob(session, "replay", { run_id: params.id }, { experiment });
      return reply.status(202).send({ status, job_id: jobId, experiment_id: runId! });
    },
  );

  app.get("/api/ml/runs/:id/cell", { schema: { params, response: { 200: cellAnswer } } }, async ({ params }) => ({
    status,
    code: runCell(await getRun(session, params.id)),
  }));
}
