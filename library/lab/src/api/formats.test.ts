import { expect, test } from "vitest";
import { datasetTable, uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";

const rows = flowers().select(["petal_length", "kind"]);
const service = testService({}, ({ session }) => uploadDataset(session, rows, { name: "sent" }));

test.each([
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["json", "json"],
  ["ndjson", "ndjson"],
  ["excel", "xlsx"],
  ["parquet", "parquet"],
  ["arrow", "arrow"],
])("a dataset that is sent as %s is uploaded again with the same rows", async (format, ending) => {
  const base = `${await service.listen()}/api/ml/datasets`;
  const sent = await fetch(`${base}/sent/export?format=${format}`);
  const form = new FormData();
  form.set("file", new File([await sent.arrayBuffer()], `${format}.${ending}`));
  const taken = await fetch(`${base}/upload`, { method: "POST", headers: { "x-assay": "1" }, body: form });
  expect([sent.status, taken.status]).toEqual([200, 200]);
  expect((await datasetTable(service.session, format)).toRows()).toEqual(rows.toRows());
});
