import { display, htmlTable, listed } from "../html.ts";
import type { Monitoring } from "../registry/index.ts";
import { alertColumns, driftFigure, monitorColumns, shownDrift, shownPerformance } from "../registry/monitor-for-cells.ts";
import type { Service } from "./service.ts";

/** The models of a service under watch. */
export function remoteMonitoring({ client }: Service): Monitoring {
  return {
    drift: async (version, window) => shownDrift((await client.monitors.drift({ ...window, id: version })).drift),
    performance: async (version, window) =>
      shownPerformance((await client.monitors.performance({ ...window, id: version })).performance),
    plot: async (version, window) => driftFigure((await client.monitors.drift({ ...window, id: version })).drift),
    async setReference(version, dataset) {
      const held = await client.monitors.setReference({ id: version, dataset_id: dataset });
      return { dataset: held.dataset, rows: held.rows };
    },
    async watch(model, monitor) {
      const made = (await client.monitors.create({ ...monitor, id: model })).monitor;
      return display(made, () => htmlTable([made]));
    },
    async monitors(model) {
      const { items } = await (model === undefined ? client.monitors.list() : client.monitors.ofModel({ id: model }));
      return listed(items, monitorColumns);
    },
    pause: async (monitor) => (await client.monitors.change({ id: monitor, paused: true })).monitor,
    resume: async (monitor) => (await client.monitors.change({ id: monitor, paused: false })).monitor,
    unwatch: async (monitor) => void (await client.monitors.delete({ id: monitor })),
    async check(model) {
      const { checked, opened, resolved } = await client.monitors.check({ model });
      return { checked, opened, resolved };
    },
    alerts: async ({ model, status, limit } = {}) =>
      listed((await client.alerts.list({ model, alert_status: status, limit })).items, alertColumns),
    acknowledge: async (alert, note) => (await client.alerts.acknowledge({ id: alert, note })).alert,
    resolve: async (alert, note) => (await client.alerts.resolve({ id: alert, note })).alert,
  };
}
