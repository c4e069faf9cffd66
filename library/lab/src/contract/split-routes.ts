import { z } from "zod";
import { datasetRef } from "./dataset-routes.ts";
import { deleted } from "./datasets.ts";
import { exampleDataset as koi } from "./example-dataset.ts";
import { route } from "./route.ts";
import { type SavedSplit, splitAnswer, splitCreated, splitIndicesAnswer, splitList, splitRequest } from "./splits.ts";

const root = "/api/ml/data";
const splitRef = z.object({ id: z.string().describe("Id of a saved split.") });
const counts = { train_samples: 5738, validation_samples: 1913, test_samples: 1913 };
const split: SavedSplit = {
  split_id: "01981c3e-5b00-7c42-9d6f-0b6a51a1d101",
  name: "60/20/20 seed 42",
  dataset_id: koi.dataset_id,
  dataset: "koi@1",
  version: 1,
  content_hash: koi.content_hash!,
  ...counts,
  recipe: { test: 0.2, validation: 0.2, stratify: "koi_disposition", seed: 42 },
  created_by: "ada",
  created_at: "2026-07-18T09:10:00.000Z",
};
const cited = { id: split.split_id };

/** Saved splits: which rows are for training, validation, test. */
export const splitRoutes = {
  create: route({
    method: "POST",
    path: `${root}/split`,
    summary: "Splits a dataset version and saves which rows went where.",
    body: splitRequest,
    answer: splitCreated,
    example: {
      body: { dataset_id: "koi@1", target_column: "koi_disposition", test_size: 0.2, validation_size: 0.2, stratify: true },
      answer: { split_id: split.split_id, ...counts, split },
    },
  }),
  list: route({
    method: "GET",
    path: "/api/ml/datasets/:id/splits",
    summary: "Splits of a dataset's versions.",
    params: datasetRef,
    answer: splitList,
    example: { params: { id: "koi" }, answer: { items: [split] } },
  }),
  get: route({
    method: "GET",
    path: `${root}/splits/:id`,
    summary: "A saved split: its sizes, and how the rows were drawn.",
    params: splitRef,
    answer: splitAnswer,
    example: { params: cited, answer: { split } },
  }),
  indices: route({
    method: "GET",
    path: `${root}/splits/:id/indices`,
    summary: "The rows of each part.",
    params: splitRef,
    answer: splitIndicesAnswer,
    example: { params: cited, answer: { split, train: [0, 2, 3], validation: [4], test: [1] } },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/splits/:id`,
    summary: "Deletes a saved split; runs that used it keep their indices.",
    params: splitRef,
    answer: deleted,
    example: { params: cited, answer: { deleted: split.split_id } },
  }),
};
