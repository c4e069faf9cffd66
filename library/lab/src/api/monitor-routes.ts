import { z } from "zod";
import { deleted } from "../contract/datasets.ts";
import {
  alertAnswer,
  alertList,
  alertListQuery,
  alertMove,
  checkAnswerAlerts,
  checkRequest,
  driftAnswer,
  monitorAnswer,
  monitorChange,
  monitorList,
  monitorRequest,
  performanceAnswer,
  referenceAnswer,
  referenceRequest,
  windowQuery,
} from "../contract/monitoring.ts";
import { scheduleMonitoring } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import {
  acknowledgeAlert,
  changeMonitor,
  checkMonitors,
  createMonitor,
  deleteMonitor,
  listAlerts,
  listMonitors,
  modelDrift,
  modelPerformance,
  resolveAlert,
  setReference,
} from "../registry/index.ts";
import type { App } from "./app.ts";

const params = z.object({ id: z.string().min(1).max(300) });
const status = "success" as const;
const models = "/api/ml/models/:id";

/** Models under watch: drift, performance, monitors, alerts. */
export function monitorRoutes(app: App, session: Session): void {
  app.get(
    `${models}/drift`,
    { schema: { params, querystring: windowQuery, response: { 200: driftAnswer } } },
    async ({ params, query }) => ({ status, drift: await modelDrift(session, params.id, query) }),
  );

  app.get(
    `${models}/performance`,
    { schema: { params, querystring: windowQuery, response: { 200: performanceAnswer } } },
    async ({ params, query }) => ({ status, performance: await modelPerformance(session, params.id, query) }),
  );

  app.put(
    `${models}/reference`,
    { schema: { params, body: referenceRequest, response: { 200: referenceAnswer } } },
    async ({ params, body }) => ({ status, ...(await setReference(session, params.id, body.dataset_id)) }),
  );

  app.get(`${models}/monitors`, { schema: { params, response: { 200: monitorList } } }, async ({ params }) => ({
    status,
    items: await listMonitors(session, params.id),
  }));

  app.post(
    `${models}/monitors`,
    { schema: { params, body: monitorRequest, response: { 201: monitorAnswer } } },
    async ({ params, body }, reply) => {
      const monitor = await createMonitor(session, params.id, body);
      await scheduleMonitoring(session);
      return reply.status(201).send({ status, monitor });
    },
  );

  app.patch(
    "/api/ml/monitors/:id",
    { schema: { params, body: monitorChange, response: { 200: monitorAnswer } } },
    async ({ params, body }) => ({ status, monitor: await changeMonitor(session, params.id, body) }),
  );

  app.delete("/api/ml/monitors/:id", { schema: { params, response: { 200: deleted } } }, async ({ params }) => {
    await deleteMonitor(session, params.id);
    return { status, deleted: params.id };
  });

  app.post(
    "/api/ml/monitors/check",
    { schema: { body: checkRequest.nullish(), response: { 200: checkAnswerAlerts } } },
    async ({ body }) => ({ status, ...(await checkMonitors(session, body ?? {})) }),
  );

  app.get("/api/ml/alerts", { schema: { querystring: alertListQuery, response: { 200: alertList } } }, async ({ query }) => {
    const { items, next_cursor } = await listAlerts(session, query);
    return { status, items: [...items], next_cursor };
  });

  for (const [verb, move] of Object.entries({ acknowledge: acknowledgeAlert, resolve: resolveAlert }))
    app.post(
      `/api/ml/alerts/:id/${verb}`,
      { schema: { params, body: alertMove.nullish(), response: { 200: alertAnswer } } },
      async ({ params, body }) => ({ status, alert: await move(session, params.id, body?.note) }),
    );
}
