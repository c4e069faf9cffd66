import type { DatasetInfo } from "./datasets.ts";

/** A dataset as examples of routes show it: Kepler's objects of interest. */
export const exampleDataset: DatasetInfo = {
  dataset_id: "01981c3e-5a00-7c42-9d6f-0b6a51a1d001",
  name: "koi",
  description: "Kepler's objects of interest",
  processing_status: "ready",
  error: null,
  file_name: "koi.csv",
  size_bytes: 3_415_207,
  rows: 9564,
  columns: 2,
  target_column: "koi_disposition",
  version: 1,
  created_at: "2026-07-18T09:00:00.000Z",
  column_info: [
    { name: "koi_period", kind: "number", missing: 0, distinct: 9564, mean: 75.67, sd: 1334.74, min: 0.24, max: 129995.78 },
    {
      name: "koi_disposition",
      kind: "category",
      missing: 0,
      distinct: 3,
      levels: ["CANDIDATE", "CONFIRMED", "FALSE POSITIVE"],
    },
  ],
  missing_values: { koi_period: 0, koi_disposition: 0 },
  memory_bytes: 86_076,
  content_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  versions: [
    {
      version: 1,
      rows: 9564,
      columns: 2,
      content_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      origin: "upload",
      parent: null,
      restored: null,
      steps: [],
      note: "",
      file_name: "koi.csv",
      size_bytes: 81_920,
      memory_bytes: 86_076,
      created_by: "ada",
      created_at: "2026-07-18T09:00:00.000Z",
    },
  ],
};
