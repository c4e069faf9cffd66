import { z } from "zod";
import {
  aliasAnswer,
  aliasDeleteQuery,
  aliasList,
  aliasName,
  aliasRequest,
  auditList,
  auditQuery,
  benchmarkAnswer,
  benchmarkRequest,
  checkAnswer,
  compareVersionsAnswer,
  compareVersionsRequest,
  deployRequest,
  type ModelVersion,
  moveRequest,
  settingsAnswer,
  settingsRequest,
  versionAnswer,
  versionDeleteQuery,
  versionList,
  versionListQuery,
  versionsQuery,
} from "./models.ts";
import { type RouteExample, route } from "./route.ts";

const root = "/api/ml/models";
const ref = z.object({
  id: z
    .string()
    .describe("Id of a version, or name@1.0.0, name@production, name@alias; a model's name where one model is meant."),
});
const toVersion = z.object({ to_version: z.string().describe("An earlier version's number.") });

const koi: ModelVersion = {
  model_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0de",
  name: "koi",
  version: "1.0.0",
  version_status: "staged",
  aliases: ["champion"],
  algorithm: "random_forest",
  task_type: "classification",
  description: "Kepler objects by their transit",
  tags: { team: "survey" },
  hyperparameters: { n_estimators: 300 },
  preprocessing: ["imputer"],
  metrics: { "test.accuracy": 0.783 },
  signature: {
    columns: [
      { name: "koi_period", kind: "number" },
      { name: "koi_depth", kind: "number" },
    ],
    target: "koi_disposition",
    classes: ["CANDIDATE", "CONFIRMED", "FALSE POSITIVE"],
  },
  dataset: "koi@3",
  run_id: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01",
  content_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  size_bytes: 812_344,
  created_at: "2026-07-18T09:30:00.000Z",
};
const cited = { id: "koi@1.0.0" };
const model = { id: "koi" };
const one = { model_id: koi.model_id, model: koi };
const moved: RouteExample = {
  params: cited,
  body: { reason: "passed review" },
  answer: { model_id: koi.model_id, model: { ...koi, version_status: "production" } },
};
const champion = {
  alias: "champion",
  model_id: koi.model_id,
  version: "1.0.0",
  protected: true,
  updated_by: "ada",
  updated_at: "2026-07-18T09:31:00.000Z",
};
const settings = {
  log: "hash",
  retention_days: 90,
  fallback: { basic: null, rule: null },
  checks: { required: true, metric: "test.accuracy", max_drop: 0.01, schema: true },
};

/** The registry: deploy, move, list, compare, aliases, settings, audit. */
export const modelRoutes = {
  deploy: route({
    method: "POST",
    path: `${root}/deploy`,
    summary: "Makes a version of a run's model.",
    body: deployRequest,
    answer: versionAnswer,
    statuses: [201],
    example: { body: { experiment_id: koi.run_id, model_name: "koi", version: "1.0.0", tags: koi.tags }, answer: one },
  }),
  list: route({
    method: "GET",
    path: `${root}/deployed`,
    summary: "Versions, newest first; of one model or in one status.",
    query: versionListQuery,
    answer: versionList,
    example: { query: { name: "koi" }, answer: { items: [koi], next_cursor: null } },
  }),
  versions: route({
    method: "GET",
    path: `${root}/:id/versions`,
    summary: "Versions of one model, newest first.",
    params: ref,
    query: versionsQuery,
    answer: versionList,
    example: { params: model, answer: { items: [koi], next_cursor: null } },
  }),
  get: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "One version.",
    params: ref,
    answer: versionAnswer,
    example: { params: cited, answer: one },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:id`,
    summary: "Deletes a version that is not in production.",
    params: ref,
    query: versionDeleteQuery,
    example: { params: cited },
  }),
  download: route({
    method: "GET",
    path: `${root}/:id/download`,
    summary: "The model file.",
    params: ref,
    file: ["application/octet-stream"],
    example: { params: cited },
  }),
  promote: route({
    method: "POST",
    path: `${root}/:id/promote`,
    action: "promote",
    summary: "One step up: staged, then production, whose former version is archived.",
    params: ref,
    body: moveRequest.nullish(),
    answer: versionAnswer,
    example: moved,
  }),
  demote: route({
    method: "POST",
    path: `${root}/:id/demote`,
    action: "promote",
    summary: "One step down.",
    params: ref,
    body: moveRequest.nullish(),
    answer: versionAnswer,
    example: { ...moved, answer: one },
  }),
  archive: route({
    method: "POST",
    path: `${root}/:id/archive`,
    action: "promote",
    summary: "Puts a version aside; it can be staged again.",
    params: ref,
    body: moveRequest.nullish(),
    answer: versionAnswer,
    example: { ...moved, answer: { model_id: koi.model_id, model: { ...koi, version_status: "archived" } } },
  }),
  rollback: route({
    method: "POST",
    path: `${root}/:id/rollback`,
    action: "promote",
    summary: "Puts an earlier version back into production.",
    params: ref,
    query: toVersion,
    body: moveRequest.nullish(),
    answer: versionAnswer,
    example: { ...moved, params: model, query: { to_version: "1.0.0" } },
  }),
  checks: route({
    method: "GET",
    path: `${root}/:id/checks`,
    summary: "How the checks before production would go.",
    params: ref,
    answer: checkAnswer,
    example: {
      params: cited,
      answer: {
        report: {
          passed: true,
          required: true,
          checks: [{ name: "metric", passed: true, detail: "test.accuracy 0.783, production has 0.771" }],
        },
      },
    },
  }),
  audit: route({
    method: "GET",
    path: `${root}/:id/audit`,
    summary: "Who did what with a model, newest first.",
    params: ref,
    query: auditQuery,
    answer: auditList,
    example: {
      params: model,
      answer: {
        items: [
          {
            id: "1042",
            action: "move",
            model_id: koi.model_id,
            version: "1.0.0",
            from_status: "staged",
            to_status: "production",
            actor: "ada",
            reason: "passed review",
            detail: {},
            at: "2026-07-18T09:32:00.000Z",
          },
        ],
        next_cursor: null,
      },
    },
  }),
  aliases: route({
    method: "GET",
    path: `${root}/:id/aliases`,
    summary: "Aliases of a model.",
    params: ref,
    answer: aliasList,
    example: { params: model, answer: { items: [champion] } },
  }),
  setAlias: route({
    method: "PUT",
    path: `${root}/:id/aliases/:alias`,
    action: "promote",
    summary: "Points an alias at a version.",
    params: ref.extend({ alias: aliasName }),
    body: aliasRequest,
    answer: aliasAnswer,
    example: {
      params: { ...model, alias: "champion" },
      body: { version: "1.0.0", protected: true },
      answer: { alias: champion },
    },
  }),
  deleteAlias: route({
    method: "DELETE",
    path: `${root}/:id/aliases/:alias`,
    action: "promote",
    summary: "Removes an alias.",
    params: ref.extend({ alias: aliasName }),
    query: aliasDeleteQuery,
    example: { params: { ...model, alias: "champion" } },
  }),
  settings: route({
    method: "GET",
    path: `${root}/:id/settings`,
    summary: "A model's log, retention, fallback and checks.",
    params: ref,
    answer: settingsAnswer,
    example: { params: model, answer: { settings } },
  }),
  changeSettings: route({
    method: "PATCH",
    path: `${root}/:id/settings`,
    action: "promote",
    summary: "Changes what is given, and leaves the rest.",
    params: ref,
    body: settingsRequest,
    answer: settingsAnswer,
    example: { params: model, body: { retention_days: 90 }, answer: { settings } },
  }),
  compareVersions: route({
    method: "POST",
    path: `${root}/compare-versions`,
    action: "read",
    summary: "Versions side by side: what differs, and their metrics.",
    body: compareVersionsRequest,
    answer: compareVersionsAnswer,
    example: {
      body: { model_ids: ["koi@1.0.0", "koi@1.1.0"] },
      answer: {
        comparison: {
          versions: [koi, { ...koi, version: "1.1.0" }],
          differences: [{ what: "params", name: "n_estimators", values: [300, 500] }],
          metrics: [{ name: "test.accuracy", values: [0.783, 0.791], best: 1 }],
        },
      },
    },
  }),
  benchmark: route({
    method: "POST",
    path: `${root}/benchmark`,
    action: "read",
    summary: "Versions on one dataset: score with interval, difference to the first, latency.",
    body: benchmarkRequest,
    answer: benchmarkAnswer,
    example: {
      body: { model_ids: ["koi@1.0.0"], dataset_id: "koi@3" },
      answer: {
        benchmark: {
          metric: "accuracy",
          greater_is_better: true,
          rows: 1913,
          dataset: "koi@3",
          items: [
            {
              model_id: koi.model_id,
              model: "koi@1.0.0",
              algorithm: "random_forest",
              metrics: { accuracy: 0.783 },
              score: { value: 0.783, low: 0.764, high: 0.801 },
              difference: null,
              latency_ms: { p50: 0.21, p95: 0.3, p99: 0.42 },
              rows_per_second: 210_000,
              size_bytes: 812_344,
              error: null,
            },
          ],
        },
      },
    },
  }),
};
