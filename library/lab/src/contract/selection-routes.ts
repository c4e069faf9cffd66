import { z } from "zod";
import { idempotencyHeaders } from "./jobs.ts";
import { route } from "./route.ts";
import {
  type ComparedRow,
  compareModelsAnswer,
  compareModelsBody,
  compareModelsQueued,
  selectFeaturesAnswer,
  selectFeaturesRequest,
} from "./selection.ts";
import { crossValidateAnswer, crossValidateRequest, learningCurveAnswer, learningCurveRequest } from "./validation.ts";

const models = "/api/ml/models";
const asked = { dataset_id: "koi", target_column: "koi_disposition" };
const scored = { dataset: "koi@1", task_type: "classification" };
const forest: ComparedRow = {
  model: "random_forest",
  algorithm: "random_forest",
  preset: null,
  baseline: false,
  rank: 1,
  mean_score: 0.783,
  std_score: 0.006,
  scores: [0.779, 0.79, 0.78],
  metrics: { accuracy: 0.783 },
  preprocessing: "impute",
  fit_ms: 812,
  predict_ms: 21,
  p_value: null,
  p_holm: null,
  letters: "a",
  error: null,
  run_id: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a02",
};

/** Choosing columns and models. */
export const selectionRoutes = {
  selectFeatures: route({
    method: "POST",
    path: "/api/ml/data/select-features",
    action: "read",
    summary: "Scores the columns by what they tell of the target, and chooses some.",
    body: selectFeaturesRequest,
    answer: selectFeaturesAnswer,
    example: {
      body: { ...asked, method: "mutual_info", n_features: 1 },
      answer: {
        dataset_id: "koi@1",
        method: "mutual_info",
        measure: "mutual information",
        selected_features: ["koi_period"],
        feature_importance: [{ feature: "koi_period", selected: true, score: 0.21, p_value: null, rank: 1 }],
        notes: [],
      },
    },
  }),
  compareModels: route({
    method: "POST",
    path: `${models}/compare`,
    summary:
      "Cross-validates algorithms on the same folds of a dataset; with `background` a job does it, and the answer is its id.",
    headers: idempotencyHeaders,
    body: compareModelsBody,
    answer: z.union([compareModelsAnswer, compareModelsQueued]),
    statuses: [200, 202],
    example: {
      body: { ...asked, models: ["random_forest"], cv: 3 },
      answer: {
        experiment_id: "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01",
        comparison: [forest],
        task_type: "classification",
        metric: "accuracy",
        greater_is_better: true,
        cv: 3,
        warnings: [],
        stopped: null,
      },
    },
  }),
  crossValidate: route({
    method: "POST",
    path: `${models}/cross-validate`,
    action: "read",
    summary: "Scores an algorithm on folds of a dataset; nothing is stored.",
    body: crossValidateRequest,
    answer: crossValidateAnswer,
    example: {
      body: { ...asked, algorithm: "random_forest", cv: 3, metrics: ["accuracy"] },
      answer: {
        ...scored,
        preprocessing: "imputer",
        metrics: [{ name: "accuracy", mean: 0.783, sd: 0.006, folds: [0.779, 0.79, 0.78] }],
        folds: [{ train_rows: 6376, test_rows: 3188, fit_ms: 270, predict_ms: 7 }],
        out_of_fold: null,
      },
    },
  }),
  learningCurve: route({
    method: "POST",
    path: `${models}/learning-curve`,
    action: "read",
    summary: "Scores an algorithm as it learns from ever more rows: does it want more data, or another model; nothing is stored.",
    body: learningCurveRequest,
    answer: learningCurveAnswer,
    example: {
      body: { ...asked, algorithm: "random_forest", cv: 3, sizes: [0.5, 1] },
      answer: {
        ...scored,
        metric: "accuracy",
        greater_is_better: true,
        rows: [3188, 6376],
        train_mean: [1, 1],
        train_sd: [0, 0],
        test_mean: [0.77, 0.783],
        test_sd: [0.008, 0.006],
        fit_ms: [140, 270],
        figure: { data: [{ type: "scatter", x: [3188, 6376], y: [0.77, 0.783] }], layout: {} },
      },
    },
  }),
};
