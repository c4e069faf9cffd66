import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { contentHash, readTable, type Table, table } from "assay";
import { describe, expect, test } from "vitest";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { createRun } from "../tracking/index.ts";
import {
  changeDataset,
  changeQuota,
  createSplit,
  datasetTable,
  datasetVersion,
  deleteDataset,
  deleteSplit,
  diffVersions,
  drawChart,
  exportDataset,
  getDataset,
  holdDataset,
  listCharts,
  listSplits,
  openSplit,
  recoverDatasets,
  restoreVersion,
  saveChart,
  savedIndices,
  storageUse,
  uploadDataset,
} from "./index.ts";

const session = sessionOfTests();

const put = (name: string, rows: Table) => uploadDataset(session(), rows, { name, newVersion: true });
const files = () => readdirSync(session().store.path(`datasets/project_${session().projectId}`));

describe("versions", () => {
  test("tell where they come from: origin, parent, note, who and when", async () => {
    await put("history", flowers());
    await uploadDataset(session(), flowers().head(9), { name: "history", newVersion: true, note: "only nine" });
    const { versions } = await getDataset(session(), "history");
    expect(versions).toMatchObject([
      { version: 2, parent: 1, origin: "upload", note: "only nine", rows: 9, columns: 5, restored: null },
      { version: 1, parent: null, origin: "upload", note: "", rows: 150 },
    ]);
    expect(versions[0]!.created_by).toBeTypeOf("string");
  });

  test("of equal content lie in one file, named by the content's hash", async () => {
    const rows = flowers().head(31);
    const { content_hash } = await put("same a", rows);
    await put("same b", rows);
    expect(content_hash).toBe(contentHash(rows));
    expect(files().filter((file) => file === `${content_hash}.parquet`)).toHaveLength(1);
    await deleteDataset(session(), "same a");
    expect((await datasetTable(session(), "same b")).rows).toBe(31);
    await deleteDataset(session(), "same b");
    expect(files()).not.toContain(`${content_hash}.parquet`);
  });

  test("that are restored come back as the newest, the history stays", async () => {
    await put("restored", flowers());
    await put("restored", flowers().head(5));
    const { versions, rows } = await restoreVersion(session(), "restored", 1);
    expect(rows).toBe(150);
    expect(versions.map(({ version, origin, restored }) => [version, origin, restored])).toEqual([
      [3, "restore", 1],
      [2, "upload", null],
      [1, "upload", null],
    ]);
    await expect(restoreVersion(session(), "restored", 3)).rejects.toThrow('version 3 of "restored" is the active one');
    await expect(restoreVersion(session(), "restored", 9)).rejects.toThrow("has no version 9");
  });

  test("written by ten at once are numbered without a gap", async () => {
    await put("crowd", flowers());
    await Promise.all(Array.from({ length: 9 }, (_, k) => put("crowd", flowers().head(k + 1))));
    const { versions } = await getDataset(session(), "crowd");
    expect(versions.map(({ version }) => version)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});

describe("a difference of versions", () => {
  test("counts rows and names columns that were added, removed, changed", async () => {
    const first = flowers();
    await put("diff", first);
    const second = first
      .take([...Array.from({ length: 140 }, (_, i) => i), 0])
      .drop(["field"])
      .derive({ area: (row) => Number(row["petal_length"]) * 2, petal_length: (row) => Number(row["petal_length"]) + 3 });
    await put("diff", second);
    const diff = await diffVersions(session(), "diff", 1, 2);
    expect(diff).toMatchObject({ from: 1, to: 2, rows: [150, 141], rows_added: 141, rows_removed: 150 });
    const of = (name: string) => diff.columns.find((column) => column.name === name)!;
    expect(of("area").change).toBe("added");
    expect(of("field").change).toBe("removed");
    expect(of("petal_length").ks).toBeGreaterThan(0.5);
    expect(of("petal_length").psi).toBeGreaterThan(0.25);
  });

  test("of equal versions is none", async () => {
    await put("no diff", flowers());
    await put("no diff", flowers());
    const diff = await diffVersions(session(), "no diff", 1, 2);
    expect(diff).toMatchObject({ rows_added: 0, rows_removed: 0 });
    expect(diff.columns.every(({ change, psi }) => change === "same" && (psi === null || psi === 0))).toBe(true);
  });

  test("counts a row that stands twice twice", async () => {
    await put("twice", table([{ a: 1 }, { a: 1 }, { a: 2 }]));
    await put("twice", table([{ a: 1 }, { a: 2 }, { a: 3 }]));
    expect(await diffVersions(session(), "twice", 1, 2)).toMatchObject({ rows_added: 1, rows_removed: 1 });
  });
});

describe("a delete", () => {
  test("is refused where a run was made from the dataset, unless forced", async () => {
    await put("used", flowers());
    const { id } = await datasetVersion(session(), "used");
    await createRun(session(), { experiment: "of used", datasetVersionId: id });
    await expect(deleteDataset(session(), "used")).rejects.toThrow('"used" is used by 1 run; delete it with force');
    await deleteDataset(session(), "used", { force: true });
    await expect(getDataset(session(), "used")).rejects.toThrow("no dataset");
  });
});

describe("a dataset whose process ended while it was read", () => {
  const status = async (name: string) => (await getDataset(session(), name)).processing_status;
  const strand = (name: string) =>
    session().db.updateTable("datasets").set({ status: "processing" }).where("name", "=", name).execute();
  test("is failed without a version and ready with one, and says why", async () => {
    await put("stranded", flowers());
    await put("stranded new", flowers());
    await strand("stranded");
    await strand("stranded new");
    await session().db.updateTable("datasets").set({ active_version: null }).where("name", "=", "stranded new").execute();
    expect(await recoverDatasets(session(), { settleMs: 0 })).toHaveLength(2);
    expect([await status("stranded"), await status("stranded new")]).toEqual(["ready", "failed"]);
    expect((await getDataset(session(), "stranded")).error).toContain("its process ended");
  });
  test("is left alone while somebody reads it", async () => {
    await put("in work", flowers());
    await strand("in work");
    const release = await holdDataset(session(), "in work");
    expect(await recoverDatasets(session(), { settleMs: 0 })).toEqual([]);
    await release();
    expect(await recoverDatasets(session(), { settleMs: 0 })).toHaveLength(1);
  });
});

describe("a quota", () => {
  test("that is no number of bytes is refused", () =>
    expect(changeQuota(session(), -1)).rejects.toThrow("storage: quota must be a whole number of bytes ≥ 0 or null, got -1"));

  test("refuses what is beyond it, and names both sizes", async () => {
    const { used_bytes } = await storageUse(session());
    expect((await changeQuota(session(), used_bytes + 10)).quota_bytes).toBe(used_bytes + 10);
    await expect(put("too much", flowers().head(77))).rejects.toThrow(
      /may store \d+ bytes and holds \d+, the new version takes \d+/,
    );
    await changeQuota(session(), null);
    expect(await getDataset(session(), "too much")).toMatchObject({ processing_status: "failed" });
    expect((await put("too much", flowers().head(77))).processing_status).toBe("ready");
  });
});

describe("a change", () => {
  test("renames, and sets a target that is a column", async () => {
    await put("old name", flowers());
    const { dataset_id } = await changeDataset(session(), "old name", { name: "new name", target_column: "kind" });
    expect(await getDataset(session(), "new name")).toMatchObject({ dataset_id, target_column: "kind" });
    await expect(changeDataset(session(), dataset_id, { target_column: "knid" })).rejects.toThrow("did you mean kind");
    await expect(changeDataset(session(), dataset_id, { name: "history" })).rejects.toThrow('the name "history" is taken');
  });
});

describe("a saved split", () => {
  test("parts the rows as ml.split does, and gives them back by its id", async () => {
    await put("split", flowers());
    const split = await createSplit(session(), {
      dataset_id: "split",
      test_size: 0.2,
      validation_size: 0.1,
      stratify: "kind",
      seed: 7,
    });
    expect(split).toMatchObject({ train_samples: 105, validation_samples: 15, test_samples: 30, dataset: "split@1" });
    expect(split.name).toBe("70/10/20 by kind, seed 7");
    const open = await openSplit(session(), split.split_id);
    expect(open.test.toRows()).toEqual(flowers().take(open.indices.test).toRows());
    const { indices } = await savedIndices(session(), split.split_id);
    expect([...indices.train, ...indices.validation, ...indices.test].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 150 }, (_, i) => i),
    );
  });

  test("keeps its version when the dataset gets another", async () => {
    await put("kept", flowers());
    const { split_id, content_hash } = await createSplit(session(), { dataset_id: "kept" });
    await put("kept", flowers().head(20));
    expect((await openSplit(session(), split_id)).train.rows).toBe(120);
    expect((await listSplits(session(), "kept"))[0]).toMatchObject({ dataset: "kept@1", content_hash });
  });

  test("of a name that is there, or with a wrong share, is refused", async () => {
    await put("refused", flowers());
    await createSplit(session(), { dataset_id: "refused", name: "a" });
    await expect(createSplit(session(), { dataset_id: "refused", name: "a" })).rejects.toThrow('has a split named "a"');
    await expect(createSplit(session(), { dataset_id: "refused", test_size: 2 })).rejects.toThrow("test_size");
    await expect(createSplit(session(), { dataset_id: "refused", stratify: true })).rejects.toThrow("needs target_column");
  });

  test("is gone when it was deleted", async () => {
    await put("short split", flowers());
    const { split_id } = await createSplit(session(), { dataset_id: "short split" });
    await deleteSplit(session(), split_id);
    await expect(openSplit(session(), split_id)).rejects.toThrow("no split");
  });
});

describe("a saved chart", () => {
  test("is drawn again from the rows of any version", async () => {
    await put("charted", flowers());
    const chart = await saveChart(session(), "charted", "lengths", {
      type: "histogram",
      configuration: { column: "petal_length", by: "kind" },
    });
    expect(await listCharts(session(), "charted")).toEqual([chart]);
    await put("charted", flowers().head(30));
    const rows = async (ref: string): Promise<number> => {
      const { figure } = await drawChart(session(), ref, { type: "histogram", configuration: { column: "petal_length" } });
      return (figure!.data[0]!["y"] as number[]).reduce((a, b) => a + b, 0);
    };
    expect([await rows("charted@1"), await rows("charted")]).toEqual([150, 30]);
  });

  test.each([
    ["box", {}],
    ["scatter", { x: "petal_length", y: "petal_width", by: "kind" }],
    ["scatter_matrix", {}],
    ["correlation", {}],
    ["missing", {}],
  ] as const)("of type %s has traces", async (type, configuration) => {
    await put("charted", flowers());
    const { figure } = await drawChart(session(), "charted", { type, configuration } as never);
    expect(figure!.data.length).toBeGreaterThan(0);
  });

  test("of outliers is a table, the furthest cell first", async () => {
    await put("far", table([...Array.from({ length: 50 }, (_, i) => ({ a: i % 10 })), { a: 99 }, { a: 40 }]));
    const { table: rows } = await drawChart(session(), "far", { type: "outliers", configuration: {} });
    expect(rows).toMatchObject({ total_rows: 2, column_names: ["row", "column", "value", "lowest", "highest"] });
    expect(rows!.rows.map(([row, column, value]) => [row, column, value])).toEqual([
      [50, "a", 99],
      [51, "a", 40],
    ]);
  });

  test("of a column that is not there names the near one", async () => {
    await expect(
      saveChart(session(), "charted", "x", { type: "histogram", configuration: { column: "petal_lenght" } }),
    ).rejects.toThrow("did you mean petal_length");
  });
});

describe("an export", () => {
  const odd = table([
    { a: "=1+1", b: -1.5, c: "x,y" },
    { a: "@sum", b: null, c: 'say "hi"' },
    { a: "plain", b: 2, c: "+1" },
  ]);
  test("as data leaves values alone", async () => {
    await put("odd", odd);
    const { path, fileName } = await exportDataset(session(), "odd", "csv");
    expect(fileName).toBe("odd@1.csv");
    expect((await readFile(path, "utf8")).split("\n")[1]).toBe('=1+1,-1.5,"x,y"');
  });
  test("for spreadsheets keeps text from being a formula, numbers stay numbers", async () => {
    const { path } = await exportDataset(session(), "odd", "spreadsheet");
    expect((await readFile(path, "utf8")).split("\n").slice(0, 4)).toEqual([
      "\ufeffa,b,c",
      '\'=1+1,-1.5,"x,y"',
      '\'@sum,,"say ""hi"""',
      "plain,2,'+1",
    ]);
  });
  test.each(["tsv", "json", "ndjson", "arrow", "excel"] as const)("as %s is read back with the same rows", async (format) => {
    await put("sent", flowers().select(["petal_length", "kind"]));
    const { path, fileName } = await exportDataset(session(), "sent", format);
    const back = await readTable(path, { name: fileName });
    expect(back.toRows()).toEqual(flowers().select(["petal_length", "kind"]).toRows());
  });
  test("as Parquet is the stored file", async () => {
    const { path, passing } = await exportDataset(session(), "odd", "parquet");
    expect([existsSync(path), passing]).toEqual([true, false]);
  });
});

describe("a file", () => {
  const file = async (name: string, text: string): Promise<string> => {
    const path = `${session().store.folder}-${name}`;
    await writeFile(path, text);
    return path;
  };

  test.each([
    ["people.json", '[{"age": 31, "name": "Ada"}, {"age": null, "name": "Grace"}]'],
    ["people.ndjson", '{"age": 31, "name": "Ada"}\n{"age": null, "name": "Grace"}\n'],
    ["people.arff", "@relation people\n@attribute age numeric\n@attribute name string\n@data\n31,Ada\n?,Grace\n"],
    ["people.tsv", "age\tname\n31\tAda\n\tGrace\n"],
    ["people.data", "age;name\n31;Ada\n;Grace\n"],
  ])("%s becomes a dataset", async (name, text) => {
    const path = await file(name, text);
    await uploadDataset(session(), path, { fileName: name, name });
    expect((await datasetTable(session(), name)).toRows()).toEqual([
      { age: 31, name: "Ada" },
      { age: null, name: "Grace" },
    ]);
  });

  test("with lines that are left out tells of them in its history", async () => {
    const path = await file("left.csv", "a,b\n1,2\n3\n4,5\n");
    await uploadDataset(session(), path, { name: "left", read: { onBadRow: "skip" } });
    const { versions, rows } = await getDataset(session(), "left");
    expect(rows).toBe(2);
    expect(versions[0]!.note).toContain("1 line was left out: line 3 has 1 field");
  });

  test("of 17 MB is read in a process of its own, its errors are the same", async () => {
    const before = readdirSync(session().store.path("incoming"));
    const line = `${"x".repeat(90)},1\n`;
    const path = await file("large.csv", `text,number\n${line.repeat(190_000)}`);
    expect(await uploadDataset(session(), path, { name: "large" })).toMatchObject({ rows: 190_000, columns: 2, version: 1 });
    const ragged = await file("large-ragged.csv", `text,number\n${line.repeat(190_000)}y\n`);
    await expect(uploadDataset(session(), ragged, { name: "ragged" })).rejects.toMatchObject({
      name: "DataError",
      message: expect.stringContaining("line 190002 has 1 field"),
      rejects: [expect.objectContaining({ line: 190_002 })],
    });
    expect(readdirSync(session().store.path("incoming"))).toEqual(before);
  });
});

test("a second file that cannot be read leaves the dataset ready, with its first version", async () => {
  await put("steady", flowers());
  const path = `${session().store.folder}-worse.csv`;
  await writeFile(path, "a,b\n1,2\n3\n");
  await expect(uploadDataset(session(), path, { name: "steady", newVersion: true })).rejects.toThrow("line 3");
  expect(await getDataset(session(), "steady")).toMatchObject({ processing_status: "ready", version: 1 });
});
