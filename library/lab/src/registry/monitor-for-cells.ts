import { type Figure, figure } from "assay";
import type {
  Alert,
  ModelDrift,
  ModelPerformance,
  Monitor,
  MonitorCheck,
  MonitorRequest,
  WindowQuery,
} from "../contract/monitoring.ts";
import { display, htmlTable, listed } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { modelDrift } from "./drift.ts";
import { setReference } from "./drift-profile.ts";
import { acknowledgeAlert, listAlerts, resolveAlert } from "./monitor-alerts.ts";
import { checkMonitors } from "./monitor-check.ts";
import { modelPerformance } from "./monitor-performance.ts";
import { changeMonitor, createMonitor, deleteMonitor, listMonitors } from "./monitor-rules.ts";
import { flushPredictions } from "./prediction-log.ts";

/** Models under watch as cells use them. A version is given as its id, `name@1.0.0`, `name@production`, or the model's name. */
export interface Monitoring {
  /** How far inputs and answers are from the training data: `{ from, to, step: "hour" }`. */
  drift(version: string, window?: WindowQuery): Promise<ModelDrift>;
  /** Metrics over time from the outcomes that were reported. */
  performance(version: string, window?: WindowQuery): Promise<ModelPerformance>;
  /** The index of the columns that moved most, over time. */
  plot(version: string, window?: WindowQuery): Promise<Figure>;
  /** Holds drift against a dataset's rows in place of the training data. */
  setReference(version: string, dataset: string): Promise<{ readonly dataset: string; readonly rows: number }>;
  /** Opens an alert when a measure goes beyond a threshold: `{ name, measure: "input_drift", threshold: 0.25 }`; looked at every ten minutes. */
  watch(model: string, monitor: MonitorRequest): Promise<Monitor>;
  monitors(model?: string): Promise<readonly Monitor[]>;
  pause(monitor: string): Promise<Monitor>;
  resume(monitor: string): Promise<Monitor>;
  unwatch(monitor: string): Promise<void>;
  /** Looks now. */
  check(model?: string): Promise<MonitorCheck>;
  alerts(query?: {
    readonly model?: string;
    readonly status?: Alert["alert_status"];
    readonly limit?: number;
  }): Promise<readonly Alert[]>;
  acknowledge(alert: string, note?: string): Promise<Alert>;
  resolve(alert: string, note?: string): Promise<Alert>;
}

/** The monitoring of a session; `schedule` sees to it that monitors are looked at. */
export function monitoringOf(session: Session, schedule: () => Promise<void>): Monitoring {
  const drift = async (version: string, window?: WindowQuery): Promise<ModelDrift> => {
    await flushPredictions(session);
    return modelDrift(session, version, window);
  };
  return {
    drift: async (version, window) => shownDrift(await drift(version, window)),
    performance: async (version, window) => shownPerformance(await modelPerformance(session, version, window)),
    plot: async (version, window) => driftFigure(await drift(version, window)),
    setReference: (version, dataset) => setReference(session, version, dataset),
    async watch(model, monitor) {
      const made = await createMonitor(session, model, monitor);
      await schedule();
      return display(made, () => htmlTable([made]));
    },
    monitors: async (model) => listed(await listMonitors(session, model), monitorColumns),
    pause: (monitor) => changeMonitor(session, monitor, { paused: true }),
    resume: (monitor) => changeMonitor(session, monitor, { paused: false }),
    unwatch: (monitor) => deleteMonitor(session, monitor),
    async check(model) {
      await flushPredictions(session);
      return checkMonitors(session, { model });
    },
    alerts: async ({ model, status, limit } = {}) =>
      listed((await listAlerts(session, { model, alert_status: status, limit })).items, alertColumns),
    acknowledge: (alert, note) => acknowledgeAlert(session, alert, note),
    resolve: (alert, note) => resolveAlert(session, alert, note),
  };
}

/** What a list of monitors shows. */
export const monitorColumns = ["model", "name", "measure", "subject", "threshold", "value", "checked_at"] as const;
/** What a list of alerts shows. */
export const alertColumns = ["alert_status", "message", "times", "opened_at", "note"] as const;

/** Drift, drawn column by column in a notebook. */
export function shownDrift(drift: ModelDrift): ModelDrift {
  const { model, reference, traffic, columns, prediction } = drift;
  const row = (column: ModelDrift["columns"][number], what: string) => ({
    "": what,
    column: column.name,
    PSI: column.psi,
    verdict: column.verdict,
    test: column.test === "ks" ? "KS" : "χ²",
    statistic: column.statistic,
    p: column.p_value,
    missing: column.missing.map((share) => `${(100 * share).toFixed(1)} %`).join(" → "),
  });
  const facts = { model, reference: reference?.dataset ?? "none", ...traffic };
  const rows = [...(prediction ? [row(prediction, "answers")] : []), ...columns.map((column) => row(column, "input"))];
  return display(drift, () => htmlTable([facts]) + htmlTable(rows));
}

/** Performance over time, drawn in a notebook. */
export function shownPerformance(performance: ModelPerformance): ModelPerformance {
  const { model, outcomes, predictions, delay_hours: delay, over_time } = performance;
  const facts = {
    model,
    predictions,
    "outcomes known": outcomes,
    "usual delay in hours": delay?.p50,
    "nine of ten within": delay?.p90,
  };
  const rows = over_time.map(({ from, outcomes, predictions, metrics }) => ({
    from: from.slice(0, 16).replace("T", " "),
    predictions,
    outcomes,
    ...Object.fromEntries(Object.entries(metrics).map(([name, { value, low, high }]) => [name, estimateText(value, low, high)])),
  }));
  return display(performance, () => htmlTable([facts]) + htmlTable(rows));
}

function estimateText(value: number | string, low: number | null, high: number | null): string {
  const text = (figure: number | string): string => (typeof figure === "number" ? figure.toPrecision(3) : figure);
  return low === null || high === null ? text(value) : `${text(value)} (${text(low)} … ${text(high)})`;
}

/** Drift over time as a figure. */
export function driftFigure({ model, over_time, columns }: ModelDrift): Figure {
  const x = over_time.map(({ from }) => from);
  const line = (name: string, y: (number | null)[]) => ({ type: "scatter", mode: "lines+markers", name, x, y });
  const named = columns.slice(0, 10).map(({ name }) =>
    line(
      name,
      over_time.map(({ psi }) => psi[name] ?? null),
    ),
  );
  const answers = line(
    "answers",
    over_time.map(({ prediction_psi }) => prediction_psi),
  );
  return figure(`Drift of ${model}`, [answers, ...named], { yaxis: { title: { text: "PSI" } } });
}
