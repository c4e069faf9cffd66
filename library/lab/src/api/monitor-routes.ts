import { alertRoutes as alerts, monitorRoutes as monitors } from "../contract/monitor-routes.ts";
import { scheduleMonitoring } from "../jobs/index.ts";
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
import { handle } from "./handle.ts";

/** Models under watch: drift, performance, monitors, alerts. */
export function monitorRoutes(app: App): void {
  handle(app, monitors.drift, async ({ params, query, session }) => ({ drift: await modelDrift(session, params.id, query) }));
  handle(app, monitors.performance, async ({ params, query, session }) => ({
    performance: await modelPerformance(session, params.id, query),
  }));
  handle(app, monitors.setReference, async ({ params, body, session }) => setReference(session, params.id, body.dataset_id));

  handle(app, monitors.list, async ({ query, session }) => ({ items: await listMonitors(session, query.model) }));
  handle(app, monitors.ofModel, async ({ params, session }) => ({ items: await listMonitors(session, params.id) }));
  handle(app, monitors.create, async ({ params, body, session }) => {
    const monitor = await createMonitor(session, params.id, body);
    await scheduleMonitoring(session);
    return { monitor };
  });
  handle(app, monitors.change, async ({ params, body, session }) => ({
    monitor: await changeMonitor(session, params.id, body),
  }));
  handle(app, monitors.delete, async ({ params, session }) => {
    await deleteMonitor(session, params.id);
    return { deleted: params.id };
  });
  handle(app, monitors.check, async ({ body, session }) => checkMonitors(session, body ?? {}));

  handle(app, alerts.list, async ({ query, session }) => {
    const { items, next_cursor } = await listAlerts(session, query);
    return { items: [...items], next_cursor };
  });
  for (const [verb, move] of Object.entries({ acknowledge: acknowledgeAlert, resolve: resolveAlert }))
    handle(app, alerts[verb as "acknowledge" | "resolve"], async ({ params, body, session }) => ({
      alert: await move(session, params.id, body?.note),
    }));
}
