import type { ServerResponse } from "node:http";
import { selectionRoutes as routes } from "../contract/selection-routes.ts";
import { selectDatasetFeatures } from "../datasets/index.ts";
import {
  boardOf,
  compareHere,
  crossValidateDataset,
  learningCurveOfDataset,
  planComparison,
  queueComparison,
} from "../jobs/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { partedFromWaiting } from "./job-routes.ts";

/** Choosing columns and models. A caller that goes away ends the work. */
export function selectionRoutes(app: App): void {
  handle(app, routes.selectFeatures, async ({ body, session }, reply) =>
    selectDatasetFeatures(session, body, goneSignal(reply.raw)),
  );

  handle(app, routes.compareModels, async ({ body, headers, session }, reply) => {
    const { request, options } = partedFromWaiting(body);
    if (request.background) {
      const waiting = { ...options, idempotencyKey: headers["idempotency-key"] };
      const { jobId, runId } = await queueComparison(session, request, waiting);
      reply.status(202);
      return { job_id: jobId, experiment_id: runId };
    }
    const plan = await planComparison(session, request);
    const { runId, board } = await compareHere(session, plan, { name: request.run_name, signal: goneSignal(reply.raw) });
    return { experiment_id: runId, ...boardOf(board) };
  });

  handle(app, routes.crossValidate, async ({ body, session }, reply) =>
    crossValidateDataset(session, body, goneSignal(reply.raw)),
  );

  handle(app, routes.learningCurve, async ({ body, session }, reply) =>
    learningCurveOfDataset(session, body, goneSignal(reply.raw)),
  );
}

/** Aborted when the caller goes away before the answer is written. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableEnded) gone.abort();
  });
  return gone.signal;
}
