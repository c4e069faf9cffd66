import { runRoutes as routes } from "../contract/run-routes.ts";
import { replayRun, submitJob } from "../jobs/index.ts";
import { getRun, runCell } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";

/** A run done again from its record, and the cell that makes it. */
export function replayRoutes(app: App): void {
  handle(app, routes.replay, async ({ params, body, session }, reply) => {
    if (body?.wait) {
      const replay = await replayRun(session, params.id);
      reply.status(200);
      return { replay };
    }
    const { experiment } = await getRun(session, params.id);
    const { jobId, runId } = await submitJob(session, "replay", { run_id: params.id }, { experiment });
    return { job_id: jobId, experiment_id: runId! };
  });

  handle(app, routes.cell, async ({ params, session }) => ({ code: runCell(await getRun(session, params.id)) }));
}
