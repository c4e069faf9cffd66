import { exampleDataset as koi } from "./example-dataset.ts";
import { route } from "./route.ts";
import {
  cleanAnswer,
  cleanRequest,
  previewAnswer,
  previewRequest,
  stepForms,
  stepsCellAnswer,
  stepsCellRequest,
  transformAnswer,
  transformRequest,
} from "./steps.ts";

const root = "/api/ml/data";
const made = `${koi.dataset_id}@2`;
const impute = { step: "impute", strategy: "median" };
const asked = { dataset_id: "koi@1", steps: [impute] };

/** Versions made of datasets by steps. */
export const dataRoutes = {
  steps: route({
    method: "GET",
    path: `${root}/steps`,
    summary: "Every kind of step, with the JSON Schema of its settings.",
    answer: stepForms,
    example: {
      answer: {
        items: [
          {
            step: "drop_duplicates",
            title: "Drop duplicate rows",
            description: "Keeps the first of equal rows.",
            schema: { type: "object", properties: { step: { const: "drop_duplicates" } } },
          },
        ],
      },
    },
  }),
  preview: route({
    method: "POST",
    path: `${root}/preview`,
    action: "read",
    summary: "What the last of some steps would do; nothing is stored.",
    body: previewRequest,
    answer: previewAnswer,
    example: {
      body: asked,
      answer: {
        preview: {
          rows: [9564, 9564],
          rows_touched: 363,
          cells_touched: 363,
          examples: [4, 17],
          columns: [],
          changed_columns: 1,
        },
      },
    },
  }),
  transform: route({
    method: "POST",
    path: `${root}/transform`,
    summary: "Makes a version by steps: to be fitted now, or as another version fitted them.",
    body: transformRequest,
    answer: transformAnswer,
    example: {
      body: { ...asked, note: "depth imputed" },
      answer: { dataset_id: made, version: 2, original_rows: 9564, rows: 9564, split_id: null },
    },
  }),
  clean: route({
    method: "POST",
    path: `${root}/clean`,
    summary: "Makes a version by the most usual steps: missing values, then outliers.",
    body: cleanRequest,
    answer: cleanAnswer,
    example: {
      body: { dataset_id: "koi", missing_strategy: "median", missing_markers: ["?"], outlier_method: "iqr" },
      answer: { cleaned_dataset_id: made, original_rows: 9564, cleaned_rows: 9564, steps: [impute] },
    },
  }),
  cell: route({
    method: "POST",
    path: `${root}/cell`,
    action: "read",
    summary: "Steps as TypeScript that does the same.",
    body: stepsCellRequest,
    answer: stepsCellAnswer,
    example: { body: asked, answer: { code: 'const koi = await lab.datasets.read("koi@1");' } },
  }),
};
