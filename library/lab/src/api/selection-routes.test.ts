import { describe, expect, test } from "vitest";
import "../job-kinds.ts";
import type { ComparisonBoard, SelectFeaturesAnswer } from "../contract/selection.ts";
import type { CrossValidateAnswer, LearningCurveAnswer } from "../contract/validation.ts";
import { uploadDataset } from "../datasets/index.ts";
import { compareModelsOn, getJob, jobKind } from "../jobs/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";
import { getRun, listRuns } from "../tracking/index.ts";

const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
});

async function post<T>(path: string, body: object): Promise<{ code: number; answer: T & { detail: string; field: string } }> {
  const { statusCode, body: text } = await service.app.inject({
    method: "POST",
    url: path,
    headers: { "x-assay": "1" },
    payload: body,
  });
  return { code: statusCode, answer: JSON.parse(text) };
}
const columns = { dataset_id: "flowers", target_column: "kind" };

describe("POST /api/ml/data/select-features", () => {
  const path = "/api/ml/data/select-features";

  test.each(["correlation", "mutual_info", "rfe", "tree_importance", "statistical"])("chooses by %s", async (method) => {
    const { code, answer } = await post<SelectFeaturesAnswer>(path, { ...columns, method, n_features: 2 });
    expect(code).toBe(200);
    expect(answer.dataset_id).toBe("flowers@1");
    expect(answer.selected_features.length).toBe(2);
    expect(
      answer.feature_importance
        .filter(({ selected }) => selected)
        .map(({ feature }) => feature)
        .toSorted(),
    ).toEqual(answer.selected_features.toSorted());
  });

  test("names the field of a column that is not there", async () => {
    const { code, answer } = await post(path, { ...columns, target_column: "kindd" });
    expect([code, answer.field]).toEqual([422, "target_column"]);
    expect(answer.detail).toMatch(/no column "kindd".*kind/);
  });

  test("refuses more features than there are, and an unknown method", async () => {
    expect((await post(path, { ...columns, n_features: 99 })).code).toBe(400);
    expect((await post(path, { ...columns, method: "luck" })).answer.field).toBe("method");
  });
});

describe("POST /api/ml/models/compare", () => {
  const path = "/api/ml/models/compare";
  const models = ["decision_tree", { algorithm: "logistic_regression", hyperparameters: { c: 0.5 } }];

  test("answers with the board, the dummy first, each model a run with the metrics of its folds", async () => {
    const { code, answer } = await post<ComparisonBoard & { experiment_id: string }>(path, {
      ...columns,
      models,
      cv: 3,
      metrics: ["log_loss"],
      experiment: "compared",
    });
    expect(code).toBe(200);
    expect(answer.comparison.map(({ model, baseline }) => [model, baseline])[0]).toEqual(["dummy", true]);
    const best = answer.comparison[1]!;
    expect(best).toMatchObject({ rank: 1, p_value: null, error: null });
    const parent = await getRun(service.session, answer.experiment_id);
    expect(parent).toMatchObject({ status: "completed", experiment: "compared", dataset: "flowers@1" });
    expect(parent.metrics["cv_mean.accuracy"]).toBe(best.mean_score);
    const run = await getRun(service.session, best.run_id!);
    expect(run).toMatchObject({ parent_id: answer.experiment_id, status: "completed", algorithm: best.algorithm });
    expect(run.metrics["cv_mean.accuracy"]).toBe(best.mean_score);
    const { items } = await listRuns(service.session, { experiment: "compared" });
    expect(items.filter(({ parent_id }) => parent_id === answer.experiment_id).length).toBe(3);
  });

  test("names the field of an unknown model, metric and column", async () => {
    const bad = [
      [{ models: ["decision_treee"] }, "models"],
      [{ models: ["ridge"], task_type: "classification" }, "models"],
      [{ metric: "acuracy" }, "metric"],
      [{ feature_columns: ["petals"] }, "feature_columns"],
    ] as const;
    for (const [body, field] of bad) expect((await post(path, { ...columns, ...body })).answer.field).toBe(field);
  });

  test("a model that fails is a failed run, and a row with its error", async () => {
    const failing = { algorithm: "decision_tree", hyperparameters: { max_features: 1.5 } };
    const { answer } = await post<ComparisonBoard>(path, { ...columns, models: [failing], cv: 2 });
    const row = answer.comparison[1]!;
    expect(row.error).toMatch(/maxFeatures must be a whole number or a share below 1/);
    expect(await getRun(service.session, row.run_id!)).toMatchObject({ status: "failed", error: row.error });
  });

  test("in the background it is a job of the kind compare, whose result is the board", async () => {
    const { code, answer } = await post<{ job_id: string; experiment_id: string }>(path, {
      ...columns,
      models,
      cv: 2,
      background: true,
    });
    expect(code).toBe(202);
    const job = await getJob(service.session, answer.job_id);
    expect(job).toMatchObject({ kind: "compare", job_status: "queued", run_id: answer.experiment_id });
    const kind = jobKind("compare");
    const planned = await kind.plan!(service.session, kind.request.parse({ ...columns, models, cv: 2 }));
    const steps: number[] = [];
    const board = (await kind.run(service.session, planned.request, {
      jobId: answer.job_id,
      runId: answer.experiment_id,
      attempt: 1,
      signal: new AbortController().signal,
      checkpoints: undefined as never,
      log: () => {},
      progress: (step, of) => void steps.push(step / of),
    })) as ComparisonBoard;
    expect(board.comparison.map(({ error }) => error)).toEqual([null, null, null]);
    expect(steps.at(-1)).toBe(1);
  });
});

test("a cell compares with the same words as ml.compareModels", async () => {
  const board = await compareModelsOn(service.session, "cells", "flowers", {
    target: "kind",
    models: ["decision_tree"],
    folds: 3,
  });
  expect(board.rows.map(({ name }) => name)).toEqual(["dummy", "decision_tree"]);
  expect(Object.keys(board.runs)).toEqual(["dummy", "decision_tree"]);
});

describe("POST /api/ml/models/cross-validate", () => {
  const path = "/api/ml/models/cross-validate";
  const tree = { ...columns, algorithm: "decision_tree", cv: 3 };

  test("answers each metric of each fold, and stores no run", async () => {
    const before = (await listRuns(service.session)).items.length;
    const { code, answer } = await post<CrossValidateAnswer>(path, { ...tree, metrics: ["accuracy", "f1_macro"] });
    expect([code, answer.dataset, answer.task_type]).toEqual([200, "flowers@1", "classification"]);
    expect(answer.metrics.map(({ name, folds }) => [name, folds.length])).toEqual([
      ["accuracy", 3],
      ["f1_macro", 3],
    ]);
    expect(answer.out_of_fold).toBeNull();
    expect((await listRuns(service.session)).items).toHaveLength(before);
  });

  test("answers each row's prediction by the model that did not see it", async () => {
    const { answer } = await post<CrossValidateAnswer>(path, { ...tree, out_of_fold: true });
    expect(answer.out_of_fold).toHaveLength(answer.folds.reduce((rows, fold) => rows + fold.test_rows, 0));
  });

  test("names the field of what is wrong", async () => {
    expect((await post(path, { ...tree, metrics: ["accurracy"] })).answer).toMatchObject({ field: "metrics" });
    expect((await post(path, { ...tree, algorithm: "decision_tre" })).answer.detail).toContain("did you mean decision_tree");
    expect((await post(path, { ...tree, cv: 1 })).answer.field).toBe("cv");
  });
});

describe("POST /api/ml/models/learning-curve", () => {
  test("answers scores by number of rows, and a figure", async () => {
    const { code, answer } = await post<LearningCurveAnswer>("/api/ml/models/learning-curve", {
      ...columns,
      algorithm: "decision_tree",
      cv: 3,
      sizes: [0.5, 1],
    });
    expect([code, answer.metric, answer.greater_is_better]).toEqual([200, "accuracy", true]);
    expect(answer.rows[1]).toBe(2 * answer.rows[0]!);
    expect([answer.train_mean, answer.test_sd].map((list) => list.length)).toEqual([2, 2]);
    expect(answer.figure.data.length).toBeGreaterThan(0);
  });
});
