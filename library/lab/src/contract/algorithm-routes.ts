import { z } from "zod";
import { route } from "./route.ts";
import { algorithmList, algorithmParams, taskQuery, validateAnswer, validateRequest } from "./training.ts";

const root = "/api/ml/algorithms";

/** What can be trained. */
export const algorithmRoutes = {
  list: route({
    method: "GET",
    path: root,
    summary: "What can be trained; of one task, or all.",
    twin: true,
    query: taskQuery,
    answer: algorithmList,
    example: {
      query: { task_type: "classification" },
      answer: {
        items: [
          {
            name: "random_forest",
            title: "Random forest",
            description: "Trees on bootstrap samples, each split among a few columns.",
            task_types: ["classification", "regression"],
            aliases: ["rf"],
            preset_of: null,
            handles_missing: true,
            handles_categories: true,
            has_probabilities: true,
          },
        ],
      },
    },
  }),
  params: route({
    method: "GET",
    path: `${root}/:name/params`,
    summary: "JSON Schema of an algorithm's hyperparameters, and where they are usually searched.",
    twin: true,
    params: z.object({ name: z.string() }),
    query: taskQuery,
    answer: algorithmParams,
    example: {
      params: { name: "random_forest" },
      query: { task_type: "classification" },
      answer: {
        algorithm: "random_forest",
        task_type: "classification",
        schema: { type: "object", properties: { n_estimators: { type: "integer", minimum: 1, default: 100 } } },
        space: { n_estimators: { kind: "int", low: 50, high: 500 } },
      },
    },
  }),
  validateFeatures: route({
    method: "POST",
    path: "/api/ml/validate-features",
    action: "read",
    summary: "What stands in the way of a training, each with its column and a remedy.",
    twin: true,
    body: validateRequest,
    answer: validateAnswer,
    example: {
      body: { dataset_id: "koi", target_column: "koi_disposition", algorithm: "random_forest" },
      answer: {
        valid: true,
        task_type: "classification",
        problems: [
          {
            column: "kepid",
            severity: "warning",
            problem: "every row has a value of its own",
            remedy: "leave it out of feature_columns",
          },
        ],
      },
    },
  }),
};
