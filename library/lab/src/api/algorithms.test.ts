import { hyperparameterSchema, type PredictTask } from "assay";
import { describe, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";

interface Listed {
  readonly name: string;
  readonly task_types: readonly PredictTask[];
  readonly preset_of: string | null;
}

const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
});

async function get<T>(url: string): Promise<T> {
  return (await service.app.inject({ url })).json();
}

const shared = [
  "random_forest",
  "xgboost",
  "lightgbm",
  "svm",
  "decision_tree",
  "knn",
  "gradient_boosting",
  "adaboost",
  "neural_network",
];
const promised = {
  classification: [
    ...shared,
    "decision_tree_c45",
    "decision_tree_chaid",
    "logistic_regression",
    "gaussian_nb",
    "multinomial_nb",
    "bernoulli_nb",
    "complement_nb",
  ],
  regression: [...shared, "linear_regression", "polynomial_regression", "ridge", "lasso", "elastic_net"],
};

describe.each(Object.entries(promised))("the algorithms for %s", (task, names) => {
  test("are what was promised at least", async () => {
    const { items } = await get<{ items: Listed[] }>(`/api/ml/algorithms?task_type=${task}`);
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  test("name what they are presets of", async () => {
    const { items } = await get<{ items: Listed[] }>(`/api/ml/algorithms?task_type=${task}`);
    const presets = items.filter(({ preset_of }) => preset_of !== null);
    expect(presets.map(({ name, preset_of }) => [name, preset_of])).toEqual([
      ["lightgbm", "hist_gradient_boosting"],
      ["xgboost", "hist_gradient_boosting"],
    ]);
  });

  test("have a title and a kind for each hyperparameter", async () => {
    const { items } = await get<{ items: Listed[] }>(`/api/ml/algorithms?task_type=${task}`);
    for (const { name } of items) {
      const { schema } = await get<{ schema: { properties: Record<string, Record<string, unknown>> } }>(
        `/api/ml/algorithms/${name}/params?task_type=${task}`,
      );
      expect(schema).toEqual(JSON.parse(JSON.stringify(hyperparameterSchema(name, task as PredictTask))));
      for (const [key, property] of Object.entries(schema.properties)) {
        expect(property["title"], `${name}.${key}`).toBeTypeOf("string");
        expect(property["type"] ?? property["anyOf"], `${name}.${key}`).toBeDefined();
      }
    }
  });

  test("refuse an unknown hyperparameter by its name", async () => {
    const { items } = await get<{ items: Listed[] }>(`/api/ml/algorithms?task_type=${task}`);
    for (const { name } of items) {
      const answer = await service.app.inject({
        method: "POST",
        url: "/api/ml/experiments/create",
        headers: { "x-assay": "1" },
        payload: {
          name: "refused",
          dataset_id: "flowers",
          target_column: task === "regression" ? "petal_length" : "kind",
          task_type: task,
          algorithm: name,
          hyperparameters: { no_such_thing: 1 },
        },
      });
      expect([answer.statusCode, answer.json().field], name).toEqual([400, "hyperparameters.no_such_thing"]);
    }
  });
});

test("recommenders are listed for their own task, behind what predicts columns where no task is named, each with its schema", async () => {
  const { items } = await get<{ items: Listed[] }>("/api/ml/algorithms?task_type=recommendation");
  const names = items.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["popularity", "segment_popularity", "item_knn", "ease", "als", "bpr", "two_tower"]),
  );
  const all = await get<{ items: Listed[] }>("/api/ml/algorithms");
  expect(all.items.slice(-names.length).map(({ name }) => name)).toEqual(names);
  for (const name of names) {
    const { schema, task_type } = await get<{ schema: { properties: Record<string, { title?: string }> }; task_type: string }>(
      `/api/ml/algorithms/${name}/params`,
    );
    expect(task_type).toBe("recommendation");
    for (const [key, { title }] of Object.entries(schema.properties)) expect(title, `${name}.${key}`).toBeTypeOf("string");
  }
});
