import { z } from "zod";
import { deleted } from "./datasets.ts";
import {
  type Alert,
  alertAnswer,
  alertList,
  alertListQuery,
  alertMove,
  type ColumnDrift,
  checkAnswerAlerts,
  checkRequest,
  driftAnswer,
  type Monitor,
  monitorAnswer,
  monitorChange,
  monitorList,
  monitorListQuery,
  monitorRequest,
  performanceAnswer,
  referenceAnswer,
  referenceRequest,
  windowQuery,
} from "./monitoring.ts";
import { type RouteExample, route } from "./route.ts";

const models = "/api/ml/models/:id";
const monitors = "/api/ml/monitors";
const alerts = "/api/ml/alerts";
const ref = z.object({ id: z.string().min(1).max(300) });

const model = { id: "koi@production" };
const version = { model_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0de", model: "koi@1.0.0" };
const window = { from: "2026-07-18T00:00:00.000Z", to: "2026-07-25T00:00:00.000Z" };
const traffic = {
  requests: 4120,
  rows: 4120,
  basic_rows: 0,
  emergency_rows: 0,
  latency_ms_mean: 0.4,
  latency_ms_max: 7.1,
};
const period: ColumnDrift = {
  name: "koi_period",
  kind: "number",
  psi: 0.31,
  test: "ks",
  statistic: 0.17,
  p_value: 0.00002,
  significant: true,
  verdict: "moved",
  missing: [0, 0],
  other: null,
  bins: [
    { label: "< 5", reference: 0.5, current: 0.33 },
    { label: "≥ 5", reference: 0.5, current: 0.67 },
  ],
};
const watch: Monitor = {
  monitor_id: "01981c70-1a00-7e55-8a3f-4d9c2b6e8f01",
  model: "koi",
  name: "inputs move",
  measure: "input_drift",
  subject: "koi_period",
  threshold: 0.25,
  window_hours: 24,
  cooldown_hours: 24,
  min_rows: 100,
  paused: false,
  checked_at: "2026-07-25T06:00:00.000Z",
  value: 0.31,
  created_at: "2026-07-18T10:05:00.000Z",
};
const alarm: Alert = {
  alert_id: "01981c7f-5500-7c20-b6e8-9a1d3f5c7b42",
  model: "koi",
  model_id: version.model_id,
  monitor_id: watch.monitor_id,
  monitor: watch.name,
  alert_status: "open",
  value: 0.31,
  threshold: 0.25,
  message: "koi_period has moved: PSI 0.31, beyond 0.25",
  times: 2,
  opened_at: "2026-07-25T05:00:00.000Z",
  seen_at: "2026-07-25T06:00:00.000Z",
  acknowledged_by: null,
  acknowledged_at: null,
  resolved_by: null,
  resolved_at: null,
  note: "",
};
const citedMonitor = { id: watch.monitor_id };

/** Models under watch: drift, performance, and monitors that look at them. */
export const monitorRoutes = {
  drift: route({
    method: "GET",
    path: `${models}/drift`,
    summary: "How far inputs and predictions are from the reference.",
    params: ref,
    query: windowQuery,
    answer: driftAnswer,
    example: {
      params: model,
      query: window,
      answer: {
        drift: {
          ...version,
          reference: { dataset: "koi@3", rows: 7651, created_at: "2026-07-18T09:30:00.000Z" },
          window,
          traffic,
          columns: [period],
          prediction: null,
          over_time: [{ ...traffic, from: window.from, prediction_psi: null, psi: { koi_period: 0.31 } }],
        },
      },
    },
  }),
  performance: route({
    method: "GET",
    path: `${models}/performance`,
    summary: "Metrics over time, as far as the true values are known.",
    params: ref,
    query: windowQuery,
    answer: performanceAnswer,
    example: {
      params: model,
      query: { ...window, step: "day" },
      answer: {
        performance: {
          ...version,
          task_type: "classification",
          window,
          outcomes: 812,
          predictions: 4120,
          newest_only: false,
          delay_hours: { p50: 20, p90: 46 },
          metrics: { accuracy: { value: 0.771, low: 0.741, high: 0.798 } },
          baseline: { "test.accuracy": 0.783 },
          over_time: [
            {
              from: window.from,
              outcomes: 120,
              predictions: 590,
              metrics: { accuracy: { value: 0.77, low: 0.69, high: 0.84 } },
            },
          ],
        },
      },
    },
  }),
  setReference: route({
    method: "PUT",
    path: `${models}/reference`,
    summary: "Sets the rows that drift is measured against.",
    params: ref,
    body: referenceRequest,
    answer: referenceAnswer,
    example: { params: model, body: { dataset_id: "koi@3" }, answer: { dataset: "koi@3", rows: 7651 } },
  }),
  list: route({
    method: "GET",
    path: monitors,
    summary: "Monitors; of one model, or of all.",
    query: monitorListQuery,
    answer: monitorList,
    example: { query: { model: "koi" }, answer: { items: [watch] } },
  }),
  ofModel: route({
    method: "GET",
    path: `${models}/monitors`,
    summary: "Monitors of one model.",
    params: ref,
    answer: monitorList,
    example: { params: { id: "koi" }, answer: { items: [watch] } },
  }),
  create: route({
    method: "POST",
    path: `${models}/monitors`,
    summary: "Watches a measure of a model; beyond its threshold an alert opens.",
    params: ref,
    body: monitorRequest,
    answer: monitorAnswer,
    statuses: [201],
    example: {
      params: { id: "koi" },
      body: { name: watch.name, measure: "input_drift", subject: "koi_period", threshold: 0.25 },
      answer: { monitor: watch },
    },
  }),
  change: route({
    method: "PATCH",
    path: `${monitors}/:id`,
    summary: "Pauses a monitor, or moves its threshold and times.",
    params: ref,
    body: monitorChange,
    answer: monitorAnswer,
    example: { params: citedMonitor, body: { paused: true }, answer: { monitor: { ...watch, paused: true } } },
  }),
  delete: route({
    method: "DELETE",
    path: `${monitors}/:id`,
    summary: "Removes a monitor with its alerts.",
    params: ref,
    answer: deleted,
    example: { params: citedMonitor, answer: { deleted: watch.monitor_id } },
  }),
  check: route({
    method: "POST",
    path: `${monitors}/check`,
    summary: "Looks now, at one model or at all.",
    body: checkRequest.nullish(),
    answer: checkAnswerAlerts,
    example: { body: { model: "koi" }, answer: { checked: 3, opened: 1, resolved: 0 } },
  }),
};

const moved: RouteExample = { params: { id: alarm.alert_id }, body: { note: "the new catalogue" } };

/** What monitors found. */
export const alertRoutes = {
  list: route({
    method: "GET",
    path: alerts,
    summary: "Alerts, newest first; in one status, of one model.",
    query: alertListQuery,
    answer: alertList,
    example: { query: { alert_status: "open" }, answer: { items: [alarm], next_cursor: null } },
  }),
  acknowledge: route({
    method: "POST",
    path: `${alerts}/:id/acknowledge`,
    summary: "Says that an alert was seen.",
    params: ref,
    body: alertMove.nullish(),
    answer: alertAnswer,
    example: { ...moved, answer: { alert: { ...alarm, alert_status: "acknowledged", acknowledged_by: "ada" } } },
  }),
  resolve: route({
    method: "POST",
    path: `${alerts}/:id/resolve`,
    summary: "Closes an alert.",
    params: ref,
    body: alertMove.nullish(),
    answer: alertAnswer,
    example: { ...moved, answer: { alert: { ...alarm, alert_status: "resolved", resolved_by: "ada" } } },
  }),
};
