import type { Alert, ModelDrift, ModelPerformance, Monitor } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { useRefresh } from "../elements/use-refresh";
import { usePanel } from "../panel";
import { monitorRoutes, type Window } from "./monitor-routes";

/** Windows that can be looked at. */
const windows = {
  day: { hours: 24, step: "hour" },
  week: { hours: 7 * 24, step: "day" },
  month: { hours: 30 * 24, step: "day" },
  quarter: { hours: 91 * 24, step: "week" },
} as const;
export type WindowName = keyof typeof windows;

/** Predictions come without events: figures are read again this often. */
const refreshMs = 30_000;

/** How a version's inputs and answers moved in a window that ends now. */
export function useDrift(version: string, name: WindowName): Loaded<ModelDrift> {
  const { api } = usePanel();
  const loaded = useLoaded(`${version} ${name}`, () => monitorRoutes.drift(api, version, windowOf(name)));
  useRefresh(loaded.reload, refreshMs, true);
  return loaded;
}

/** How good a version was in a window that ends now, by the outcomes that are known. */
export function usePerformance(version: string, name: WindowName): Loaded<ModelPerformance> {
  const { api } = usePanel();
  const loaded = useLoaded(`${version} ${name}`, () => monitorRoutes.performance(api, version, windowOf(name)));
  useRefresh(loaded.reload, refreshMs, true);
  return loaded;
}

/** Alerts, of one model or of all, kept live. */
export function useAlerts(model: string | undefined, status: Alert["alert_status"] | undefined): Loaded<Alert[]> {
  const { api } = usePanel();
  const loaded = useLoaded(`${model} ${status}`, () => monitorRoutes.alerts(api, { model, alert_status: status }));
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => event.kind === "model" && soon(), loaded.reload);
  useRefresh(loaded.reload, refreshMs, true);
  return loaded;
}

/** The rules of a model, kept live. */
export function useMonitors(model: string): Loaded<Monitor[]> {
  const { api } = usePanel();
  const loaded = useLoaded(model, () => monitorRoutes.monitors(api, model));
  const soon = useSoon(loaded.reload, 200);
  useEvents((event) => event.kind === "model" && event.action === "alert" && soon(), loaded.reload);
  return loaded;
}

function windowOf(name: WindowName): Window {
  const { hours, step } = windows[name];
  return { from: new Date(Date.now() - hours * 3_600_000).toISOString(), step };
}
