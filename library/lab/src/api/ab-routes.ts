import { powerOf, sampleSize } from "assay";
import { z } from "zod";
import {
  abPlanAnswer,
  abPlanRequest,
  abResultAnswer,
  abStopRequest,
  abTestAnswer,
  abTestChange,
  abTestList,
  abTestListQuery,
  abTestRequest,
  assignAnswer,
  assignRequest,
  outcomeAnswer,
  outcomesRequest,
  predictionOutcome,
} from "../contract/ab-tests.ts";
import { deleted } from "../contract/datasets.ts";
import { id } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import {
  abResult,
  assignUser,
  changeAbTest,
  createAbTest,
  deleteAbTest,
  flushShadows,
  getAbTest,
  listAbTests,
  reportOutcome,
  reportOutcomes,
  startAbTest,
  stopAbTest,
} from "../registry/index.ts";
import type { App } from "./app.ts";

const params = z.object({ name: z.string().min(1).max(200).describe("Name or id.") });
const status = "success" as const;
const root = "/api/ml/models/ab-test";

/** A/B tests of model versions, and what came of predictions. */
export function abRoutes(app: App, session: Session): void {
  app.addHook("onClose", flushShadows);

  app.post(root, { schema: { body: abTestRequest, response: { 201: abTestAnswer } } }, async ({ body }, reply) =>
    reply.status(201).send({ status, test: await createAbTest(session, body) }),
  );

  app.get(root, { schema: { querystring: abTestListQuery, response: { 200: abTestList } } }, async ({ query }) => {
    const { items, next_cursor } = await listAbTests(session, query);
    return { status, items: [...items], next_cursor };
  });

  app.post(
    "/api/ml/models/ab-test-plan",
    { schema: { body: abPlanRequest, response: { 200: abPlanAnswer } } },
    async ({ body }) => {
      const { split_ratio: ratio, users, ...options } = body;
      if (users === undefined) {
        const { first, second, total } = sampleSize({ ...options, ratio });
        return { status, users_a: first, users_b: second, users: total, power: options.power };
      }
      const second = Math.round(users * ratio);
      return { status, users_a: users - second, users_b: second, users, power: powerOf(users, { ...options, ratio }) };
    },
  );

  app.get(`${root}/:name`, { schema: { params, response: { 200: abTestAnswer } } }, async ({ params: { name } }) => ({
    status,
    test: await getAbTest(session, name),
  }));

  app.patch(
    `${root}/:name`,
    { schema: { params, body: abTestChange, response: { 200: abTestAnswer } } },
    async ({ params: { name }, body }) => ({ status, test: await changeAbTest(session, name, body) }),
  );

  app.delete(`${root}/:name`, { schema: { params, response: { 200: deleted } } }, async ({ params: { name } }) => {
    const { id: gone } = await getAbTest(session, name);
    await deleteAbTest(session, gone);
    return { status, deleted: gone };
  });

  app.post(`${root}/:name/start`, { schema: { params, response: { 200: abTestAnswer } } }, async ({ params: { name } }) => ({
    status,
    test: await startAbTest(session, name),
  }));

  app.post(
    `${root}/:name/stop`,
    { schema: { params, body: abStopRequest.nullish(), response: { 200: abTestAnswer } } },
    async ({ params: { name }, body }) => ({ status, test: await stopAbTest(session, name, body ?? {}) }),
  );

  app.post(
    `${root}/:name/assign`,
    { schema: { params, body: assignRequest, response: { 200: assignAnswer } } },
    async ({ params: { name }, body }) => ({ status, ...(await assignUser(session, name, body.user_id, body.segments)) }),
  );

  app.get(`${root}/:name/result`, { schema: { params, response: { 200: abResultAnswer } } }, async ({ params: { name } }) => ({
    status,
    result: await abResult(session, name),
  }));

  app.post(
    "/api/ml/predictions/:id/outcome",
    { schema: { params: z.object({ id }), body: predictionOutcome, response: { 200: outcomeAnswer } } },
    async ({ params: { id: prediction }, body: { project_id: _, ...body } }) => ({
      status,
      report: await reportOutcome(session, prediction, body),
    }),
  );

  app.post("/api/ml/outcomes", { schema: { body: outcomesRequest, response: { 200: outcomeAnswer } } }, async ({ body }) => ({
    status,
    report: await reportOutcomes(session, body.outcomes),
  }));
}
