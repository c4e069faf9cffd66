import { z } from "zod";
import {
  type AbTest,
  abPlanAnswer,
  abPlanRequest,
  abResultAnswer,
  abStopRequest,
  abTestAnswer,
  abTestChange,
  abTestCreated,
  abTestList,
  abTestListQuery,
  abTestRequest,
  assignAnswer,
  assignRequest,
  outcomeAnswer,
  outcomeFileAnswer,
  outcomeFileFields,
  outcomesRequest,
  predictionOutcome,
} from "./ab-tests.ts";
import { deleted } from "./datasets.ts";
import { type RouteExample, route } from "./route.ts";
import { byId } from "./values.ts";

const root = "/api/ml/models/ab-test";
const ref = z.object({ name: z.string().min(1).max(200).describe("Name or id.") });

const test: AbTest = {
  id: "01981c60-0b00-7d14-9c31-2a8e4f6b7d10",
  test_name: "forest-or-boosting",
  description: "",
  test_status: "running",
  model_a_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0de",
  model_a: "koi@1.0.0",
  model_b_id: "01981c5f-3f20-7a91-8b4d-5c0d9e2a7f61",
  model_b: "koi@1.1.0",
  split_ratio: 0.2,
  shadow: false,
  seed: "01981c60-0b00-7d14-9c31-2a8e4f6b7d10",
  metrics: [
    { name: "clicked", kind: "binary", better: "higher", aggregate: "sum", missing: "zero", window_hours: 24, guardrail: null },
  ],
  segment_columns: [],
  confidence: 0.95,
  planned_users: 5000,
  winner: null,
  stop_reason: null,
  created_at: "2026-07-18T10:00:00.000Z",
  started_at: "2026-07-18T10:00:00.000Z",
  stopped_at: null,
};
const { test_name, model_a_id, model_b_id, split_ratio, shadow } = test;
const config = { test_name, model_a_id, model_b_id, split_ratio, shadow };
const cited = { name: test.test_name };
const one: RouteExample = { params: cited, answer: { test } };
const bounds = { low: -0.004, high: 0.031, p_value: 0.13 };
const effect = {
  metric: "clicked",
  kind: "binary",
  better: "higher",
  a: { users: 3980, mean: 0.112, sd: 0.315 },
  b: { users: 1004, mean: 0.125, sd: 0.331 },
  difference: 0.013,
  relative: 0.116,
  fixed: bounds,
  sequential: { low: -0.016, high: 0.042, p_value: 0.61 },
  verdict: "undecided",
};

/** A/B tests of model versions. */
export const abTestRoutes = {
  create: route({
    method: "POST",
    path: root,
    action: "promote",
    summary: "Makes an A/B test of two versions, and starts it unless it shall wait.",
    body: abTestRequest,
    answer: abTestCreated,
    statuses: [201],
    example: {
      body: {
        test_name: test.test_name,
        model_a_id: test.model_a,
        model_b_id: test.model_b,
        split_ratio: 0.2,
        metrics: [{ name: "clicked", window_hours: 24 }],
      },
      answer: { test, config },
    },
  }),
  list: route({
    method: "GET",
    path: root,
    summary: "A/B tests, newest first; all or in one status.",
    query: abTestListQuery,
    answer: abTestList,
    example: { query: { test_status: "running" }, answer: { items: [test], next_cursor: null } },
  }),
  plan: route({
    method: "POST",
    path: "/api/ml/models/ab-test-plan",
    action: "read",
    summary: "How many people a test needs for an effect, or how surely so many show it.",
    body: abPlanRequest,
    answer: abPlanAnswer,
    example: {
      body: { baseline: 0.11, effect: 0.02, split_ratio: 0.5 },
      answer: { users_a: 4180, users_b: 4180, users: 8360, power: 0.8 },
    },
  }),
  get: route({
    method: "GET",
    path: `${root}/:name`,
    summary: "One A/B test.",
    params: ref,
    answer: abTestAnswer,
    example: one,
  }),
  change: route({
    method: "PATCH",
    path: `${root}/:name`,
    action: "promote",
    summary: "Changes a draft, or the description of a test that began.",
    params: ref,
    body: abTestChange,
    answer: abTestAnswer,
    example: { ...one, body: { description: "with the new columns" } },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:name`,
    summary: "Deletes a test that does not run, with its assignments.",
    params: ref,
    answer: deleted,
    example: { params: cited, answer: { deleted: test.id } },
  }),
  start: route({
    method: "POST",
    path: `${root}/:name/start`,
    action: "promote",
    summary: "Starts a draft.",
    params: ref,
    answer: abTestAnswer,
    example: one,
  }),
  stop: route({
    method: "POST",
    path: `${root}/:name/stop`,
    action: "promote",
    summary: "Ends a test; the winner answers from now on.",
    params: ref,
    body: abStopRequest.nullish(),
    answer: abTestAnswer,
    example: {
      params: cited,
      body: { winner: "b", reason: "more clicks", promote: true },
      answer: { test: { ...test, test_status: "stopped", winner: "b", stop_reason: "more clicks" } },
    },
  }),
  assign: route({
    method: "POST",
    path: `${root}/:name/assign`,
    summary: "Which version a person gets; the same one ever after.",
    params: ref,
    body: assignRequest,
    answer: assignAnswer,
    example: { params: cited, body: { user_id: "u-17" }, answer: { arm: "a", model_id: test.model_a_id } },
  }),
  result: route({
    method: "GET",
    path: `${root}/:name/result`,
    summary: "What a test has shown so far.",
    params: ref,
    answer: abResultAnswer,
    example: {
      params: cited,
      answer: {
        result: {
          test,
          exposures: { a: 3980, b: 1004 },
          sample_ratio: {
            expected: 0.2,
            observed: 0.2014,
            chi_square: 0.065,
            p_value: 0.8,
            always_valid_p_value: 1,
            mismatch: false,
          },
          effects: [effect],
          over_time: [],
          segments: [],
          shadow: null,
          warnings: [],
        },
      },
    },
  }),
};

const report = { stored: 1, repeated: 0, changed: 0, unknown: [], unknown_count: 0 };

/** What came of predictions and of people. */
export const outcomeRoutes = {
  report: route({
    method: "POST",
    path: "/api/ml/predictions/:id/outcome",
    summary: "What came of one prediction: the true value, or a metric's value.",
    params: byId,
    body: predictionOutcome,
    answer: outcomeAnswer,
    example: { params: { id: "01981c52-4410-7b02-a7d3-6f4c0e9d1b35" }, body: { truth: "CONFIRMED" }, answer: { report } },
  }),
  reportFile: route({
    method: "POST",
    path: "/api/ml/predictions/outcomes",
    summary:
      "True values from a CSV file: prediction_id, outcome, and at where it is known; bad lines are told and stop no other.",
    form: outcomeFileFields,
    answer: outcomeFileAnswer,
    example: {
      form: {},
      answer: {
        report: {
          rows: 3,
          stored: 2,
          changed: 0,
          repeated: 0,
          failed: 1,
          errors: [{ line: 4, detail: 'prediction_id must be an id, got "x"' }],
        },
      },
    },
  }),
  reportMany: route({
    method: "POST",
    path: "/api/ml/outcomes",
    summary: "What came of predictions and people; the same report again changes nothing.",
    body: outcomesRequest,
    answer: outcomeAnswer,
    example: {
      body: { outcomes: [{ user_id: "u-17", metric: "clicked", value: true, outcome_id: "click-991" }] },
      answer: { report },
    },
  }),
};
