import { table } from "assay";
import { describe, expect, test } from "vitest";
import { cleanRequest } from "../contract/steps.ts";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import {
  changeDataset,
  cleanDataset,
  createSplit,
  datasetTable,
  getDataset,
  openSplit,
  previewLastStep,
  recipeOf,
  transformDataset,
  uploadDataset,
  writeCell,
} from "./index.ts";

const session = sessionOfTests();

const put = (name: string, rows = flowers()) => uploadDataset(session(), rows, { name, newVersion: true });
const median = { step: "impute", columns: ["petal_width"], strategy: "median" };

describe("steps", () => {
  test("make a version that tells its steps, with defaults, and its parent", async () => {
    await put("steps");
    const { version, rows } = await transformDataset(session(), { dataset_id: "steps", steps: [median], note: "filled" });
    expect([version, rows]).toEqual([2, 150]);
    const { versions, missing_values } = await getDataset(session(), "steps");
    expect(versions[0]).toMatchObject({ version: 2, parent: 1, origin: "steps", note: "filled" });
    expect(versions[0]!.steps).toEqual([{ ...median, value: 0, indicator: false }]);
    expect(missing_values["petal_width"]).toBe(0);
    expect((await getDataset(session(), "steps@1")).missing_values["petal_width"]).toBeGreaterThan(0);
  });

  test("with a split learn from its training rows alone, and the split goes on over the rows that are left", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ x: i === 3 ? null : i, kind: i % 2 ? "a" : "b" }));
    await put("leak", table(rows));
    const { split_id } = await createSplit(session(), { dataset_id: "leak", test_size: 0.25, name: "quarter", seed: 1 });
    const before = await openSplit(session(), split_id);
    const steps = [{ step: "drop_missing" }, { step: "scale", columns: ["x"], method: "min_max" }];
    const made = await transformDataset(session(), { dataset_id: "leak", steps, split_id });
    const after = await openSplit(session(), made.splitId!);
    const training = after.train.values("x") as number[];
    expect([Math.min(...training), Math.max(...training)]).toEqual([0, 1]);
    expect(after.split).toMatchObject({ dataset: "leak@2", test_samples: before.split.test_samples });
    expect(after.train.rows + after.test.rows).toBe(39);
    const again = await recipeOf(session(), made.ref);
    const known = before.train.values("x").filter((x) => x !== null) as number[];
    const applied = await again.apply(table([{ x: Math.max(...known), kind: "a" }]));
    expect(applied.values("x")).toEqual([1]);
  });

  test("of one version are replayed on another dataset as they were fitted", async () => {
    await put("origin", table([{ a: 0 }, { a: 10 }]));
    await transformDataset(session(), { dataset_id: "origin", steps: [{ step: "scale", method: "min_max" }] });
    await put("news", table([{ a: 5 }, { a: 20 }]));
    await transformDataset(session(), { dataset_id: "news", recipe_of: "origin@2" });
    expect((await datasetTable(session(), "news")).values("a")).toEqual([0.5, 2]);
    await expect(transformDataset(session(), { dataset_id: "news", recipe_of: "origin@1" })).rejects.toThrow(
      "was not made by steps",
    );
    await expect(transformDataset(session(), { dataset_id: "news" })).rejects.toThrow("needs either steps or recipe_of");
  });

  test("that cannot work leave the dataset as it is", async () => {
    await put("calm");
    const wrong = { dataset_id: "calm", steps: [{ step: "imput" }] };
    await expect(transformDataset(session(), wrong)).rejects.toThrow("did you mean impute");
    const none = { dataset_id: "calm", steps: [{ step: "filter", where: "petal_length > 1e9" }] };
    await expect(transformDataset(session(), none)).rejects.toThrow("no rows");
    expect(await getDataset(session(), "calm")).toMatchObject({ version: 1, processing_status: "ready" });
  });

  test("leave the target alone where no columns are named", async () => {
    await put("target");
    await changeDataset(session(), "target", { target_column: "kind" });
    await transformDataset(session(), { dataset_id: "target", steps: [{ step: "encode", method: "ordinal" }] });
    const { column_info } = await getDataset(session(), "target");
    expect(column_info.find(({ name }) => name === "kind")!.kind).toBe("category");
    expect(column_info.find(({ name }) => name === "colour")!.kind).toBe("number");
  });
});

test("a preview tells rows touched and columns before and after, and stores nothing", async () => {
  await put("preview");
  const preview = await previewLastStep(session(), { dataset_id: "preview", steps: [median] });
  const missing = (await getDataset(session(), "preview")).missing_values["petal_width"]!;
  expect(preview).toMatchObject({ rows: [150, 150], rows_touched: missing, cells_touched: missing, changed_columns: 1 });
  expect(preview.columns).toMatchObject([{ name: "petal_width", before: { missing }, after: { missing: 0 } }]);
  expect(preview.columns[0]!.after!.histogram!.counts.length).toBeGreaterThan(1);
  expect((await getDataset(session(), "preview")).versions).toHaveLength(1);
});

test("steps are written as a cell that opens the version", async () => {
  await put("cell");
  const code = await writeCell(session(), { dataset_id: "cell", steps: [median] });
  expect(code).toContain('const table = await lab.datasets.table("cell@1");');
  expect(code).toContain('{ step: "impute", columns: ["petal_width"] }');
  expect(code.match(/^import /gm)).toHaveLength(2);
});

test("clean does markers, outliers and missing cells in one call", async () => {
  await put("dirty", table([...Array.from({ length: 20 }, (_, i) => ({ a: String(i % 7), b: i % 5 })), { a: "?", b: 999 }]));
  const request = { dataset_id: "dirty", missing_markers: ["?"], outlier_method: "iqr", missing_strategy: "median" };
  const { ref, originalRows, rows, steps } = await cleanDataset(session(), cleanRequest.parse(request));
  expect([originalRows, rows, steps.map(({ step }) => step)]).toEqual([21, 21, ["replace_markers", "outliers", "impute"]]);
  const cleaned = await datasetTable(session(), ref);
  expect(cleaned.kind("a")).toBe("number");
  expect(Math.max(...(cleaned.values("b") as number[]))).toBeLessThan(20);
});
