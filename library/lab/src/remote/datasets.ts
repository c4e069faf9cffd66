import { basename, join } from "node:path";
import { type ReadTableOptions, readParquet, readTable, recipeFrom, type Table, writeParquet } from "assay";
import type { DatasetInfo } from "../contract/datasets.ts";
import {
  chartColumns,
  datasetColumns,
  shownChart,
  shownDiff,
  shownInfo,
  splitColumns,
  versionColumns,
} from "../datasets/for-cells.ts";
import { type Datasets, type OpenSplit, partsOf, type Upload } from "../datasets/index.ts";
import { checkName } from "../datasets/references.ts";
import { listed } from "../html.ts";
import { fileToSend } from "./file-to-send.ts";
import { inPassing, type Service } from "./service.ts";

/** The datasets of a service. Tables go and come as Parquet files, streamed. */
export function remoteDatasets(service: Service): Datasets {
  const { client } = service;
  const get = async (ref: string): Promise<DatasetInfo> => shownInfo((await client.datasets.get({ id: ref })).dataset);
  const open = (id: string) => openRemoteSplit(service, id);
  return {
    upload: async (source, upload = {}) => get(await sendDataset(service, source, upload)),
    put: async (name, table, note) => get(await sendDataset(service, table, { name, note, newVersion: true })),
    list: async (query) => listed((await client.datasets.list(query)).items, datasetColumns),
    get,
    table: (ref) => remoteTable(service, ref),
    change: async (ref, change) => shownInfo((await client.datasets.change({ ...change, id: ref })).dataset),
    versions: async (ref) => listed((await client.datasets.versions({ id: ref })).items, versionColumns),
    diff: async (ref, from, to) => shownDiff((await client.datasets.diff({ id: ref, n: from, to })).diff),
    restore: async (ref, version) => shownInfo((await client.datasets.restore({ id: ref, n: version })).dataset),
    async transform(ref, steps, { split, note } = {}) {
      const made = await client.data.transform({ dataset_id: ref, steps: [...steps], split_id: split, note });
      return get(made.dataset_id);
    },
    recipe: async (ref) => recipeFrom((await client.datasets.recipe({ id: ref })).recipe),
    split: async (ref, split) => open((await client.splits.create({ ...split, dataset_id: ref })).split_id),
    splits: async (ref) => listed((await client.splits.list({ id: ref })).items, splitColumns),
    openSplit: open,
    charts: {
      list: async (ref) => listed((await client.charts.list({ id: ref })).items, chartColumns),
      save: async (ref, name, chart) => (await client.charts.create({ ...chart, id: ref, name })).chart,
      async draw(ref, chart) {
        const isSaved = typeof chart === "string";
        return shownChart(
          await (isSaved ? client.charts.figure({ id: ref, chart_id: chart }) : client.charts.draw({ ...chart, id: ref })),
        );
      },
      // a chart's own id says which it is, whatever dataset stands in the path
      delete: async (id) => void (await client.charts.delete({ id: "-", chart_id: id })),
    },
    storage: async () => storageOf(await client.storage.get()),
    changeQuota: async (quotaBytes) => storageOf(await client.storage.change({ quota_bytes: quotaBytes })),
    delete: async (ref, options) => void (await client.datasets.delete({ ...options, id: ref })),
  };
}

/** A dataset's rows, by a file in passing. */
export function remoteTable(service: Service, ref: string): Promise<Table> {
  return inPassing(async (folder) => {
    const path = join(folder, "rows.parquet");
    await service.download(`/api/ml/datasets/${encodeURIComponent(ref)}/export?format=parquet`, path);
    return readParquet(path);
  });
}

/** A file as it is, where the service can read it as asked; else, and for a table, Parquet. Gives `id@version`. */
async function sendDataset({ client }: Service, source: string | Table, upload: Upload): Promise<string> {
  const { name, description, target, newVersion, note, read = {} } = upload;
  const send = async (path: string, fileName: string, readFields: Readonly<Record<string, unknown>>): Promise<string> => {
    const file = await fileToSend("upload", path);
    const fields = { name, description, target_column: target, new_version: newVersion, note, ...readFields };
    const { dataset_id, version } = await client.datasets.upload({ ...fields, file, fileName });
    return `${dataset_id}@${version}`;
  };
  const readFields = typeof source === "string" ? fieldsOf(read) : undefined;
  if (typeof source === "string" && readFields) return send(source, upload.fileName ?? basename(source), readFields);
  const table = typeof source === "string" ? await readTable(source, read) : source;
  const title = checkName(name ?? (typeof source === "string" ? basename(source).replace(/\.[^.]+$/, "") : ""));
  return inPassing(async (folder) => {
    const path = join(folder, "rows.parquet");
    await writeParquet(table, path);
    return send(path, `${title}.parquet`, { name: title, format: "parquet" });
  });
}

const spelled: Readonly<Record<string, string>> = {
  format: "format",
  sheet: "sheet",
  header: "header",
  delimiter: "delimiter",
  comment: "comment",
  missing: "missing",
  onBadRow: "on_bad_row",
};

/** Options of a reading as fields of the form; undefined where the form has no word for one. */
function fieldsOf(read: ReadTableOptions): Readonly<Record<string, unknown>> | undefined {
  const given = Object.entries(read).filter(([, value]) => value !== undefined);
  const hasWords = ([key, value]: [string, unknown]): boolean =>
    Object.hasOwn(spelled, key) && (key !== "sheet" || typeof value === "string") && !String(value).startsWith(" ");
  if (!given.every(hasWords) || (read as { missing?: readonly string[] }).missing?.some((each) => /,|^\s|\s$/.test(each)))
    return undefined;
  return Object.fromEntries(given.map(([key, value]) => [spelled[key]!, String(value)]));
}

async function openRemoteSplit(service: Service, id: string): Promise<OpenSplit> {
  const { split, train, validation, test } = await service.client.splits.indices({ id });
  const table = await remoteTable(service, `${split.dataset_id}@${split.version}`);
  const rows = (part: readonly number[]): Int32Array => Int32Array.from(part);
  return partsOf(split, table, { train: rows(train), validation: rows(validation), test: rows(test) });
}

function storageOf({ used_bytes, quota_bytes, datasets }: { used_bytes: number; quota_bytes: number | null; datasets: number }) {
  return { used_bytes, quota_bytes, datasets };
}
