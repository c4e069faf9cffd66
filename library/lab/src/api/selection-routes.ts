import { idempotencyHeaders } from "../contract/jobs.ts";
import {
  compareModelsAnswer,
  compareModelsQueued,
  compareModelsRequest,
  selectFeaturesAnswer,
  selectFeaturesRequest,
} from "../contract/selection.ts";
import { selectDatasetFeatures } from "../datasets/index.ts";
import { boardOf, compareHere, planComparison, queueComparison } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";

const status = "success" as const;

/** Choosing columns and models. A caller that goes away ends the work. */
export function selectionRoutes(app: App, session: Session): void {
  app.post(
    "/api/ml/data/select-features",
    { schema: { body: selectFeaturesRequest, response: { 200: selectFeaturesAnswer } } },
    async ({ body }, reply) => ({ status, ...(await selectDatasetFeatures(session, body, goneSignal(reply.raw))) }),
  );

  app.post(
    "/api/ml/models/compare",
    {
      schema: {
        body: compareModelsRequest,
        headers: idempotencyHeaders,
        response: { 200: compareModelsAnswer, 202: compareModelsQueued },
      },
    },
    async ({ body, headers }, reply) => {
      if (body.background) {
        const { jobId, runId } = await queueComparison(session, body, headers["idempotency-key"]);
        return reply.status(202).send({ status, job_id: jobId, experiment_id: runId });
      }
      const plan = await planComparison(session, body);
      const { runId, board } = await compareHere(session, plan, { name: body.run_name, signal: goneSignal(reply.raw) });
      return reply.status(200).send({ status, experiment_id: runId, ...boardOf(board) });
    },
  );
}

/** Aborted when the caller goes away before the answer is written. */
function goneSignal(response: import("node:http").ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableEnded) gone.abort();
  });
  return gone.signal;
}
