import { type Figure, figure, type Recipe, type StepInput, type Table } from "assay";
import type { ChartFigure, ChartSpec, SavedChart } from "../contract/charts.ts";
import type { Dataset, DatasetChange, DatasetInfo, DatasetVersionInfo, StorageUse, VersionDiff } from "../contract/datasets.ts";
import type { SavedSplit, SplitRequest } from "../contract/splits.ts";
import { display, htmlTable, listed } from "../html.ts";
import type { Session } from "../projects/session.ts";
import { deleteChart, drawChart, getChart, listCharts, saveChart } from "./charts.ts";
import { changeDataset, deleteDataset, getDataset, listDatasets } from "./datasets.ts";
import { diffVersions } from "./diff.ts";
import { restoreVersion } from "./restore.ts";
import { createSplit, listSplits, type OpenSplit, openSplit } from "./splits.ts";
import { recipeOf, transformDataset } from "./steps.ts";
import { datasetTable } from "./tables.ts";
import { type Upload, uploadDataset } from "./upload.ts";
import { changeQuota, storageUse } from "./versions.ts";

/** Saved charts of datasets as cells use them. */
export interface Charts {
  list(ref: string): Promise<readonly SavedChart[]>;
  /** Keeps what a chart shows under a name of its own. */
  save(ref: string, name: string, chart: ChartSpec): Promise<SavedChart>;
  /** Draws a saved chart (by id) or one that is described, from a dataset version's rows. Outliers come as a table, without figure. */
  draw(ref: string, chart: string | ChartSpec): Promise<Figure | readonly Record<string, unknown>[]>;
  delete(id: string): Promise<void>;
}

/** Datasets as cells use them. A dataset is cited as `name`, `name@3`, or by its id. */
export interface Datasets {
  /** Stores a file or a table under a name of its own. */
  upload(source: string | Table, upload?: Upload): Promise<DatasetInfo>;
  /** Stores a table under this name: a new dataset, or the next version of the one that is there. */
  put(name: string, table: Table, note?: string): Promise<DatasetInfo>;
  list(query?: { readonly limit?: number }): Promise<readonly Dataset[]>;
  get(ref: string): Promise<DatasetInfo>;
  /** The rows of a dataset. */
  table(ref: string): Promise<Table>;
  /** Changes name, description or target. */
  change(ref: string, change: DatasetChange): Promise<DatasetInfo>;
  /** Versions, newest first: where each comes from, who made it. */
  versions(ref: string): Promise<readonly DatasetVersionInfo[]>;
  /** What differs between two versions: rows, columns, distributions. */
  diff(ref: string, from: number, to: number): Promise<VersionDiff>;
  /** Brings an earlier version back as the newest. */
  restore(ref: string, version: number): Promise<DatasetInfo>;
  /** Makes the next version by cleaning steps; `split` (an id) has them learn from its training rows alone. */
  transform(
    ref: string,
    steps: readonly StepInput[],
    options?: { readonly split?: string; readonly note?: string },
  ): Promise<DatasetInfo>;
  /** What a version's steps learnt, to be applied to new rows. */
  recipe(ref: string): Promise<Recipe>;
  /** Parts the rows and saves which went where; a training takes the split by its id. */
  split(ref: string, split?: Omit<SplitRequest, "dataset_id">): Promise<OpenSplit>;
  splits(ref: string): Promise<readonly SavedSplit[]>;
  /** The rows of a saved split, part by part. */
  openSplit(id: string): Promise<OpenSplit>;
  readonly charts: Charts;
  /** Bytes that the project's datasets take, and how many they may. */
  storage(): Promise<StorageUse>;
  /** Sets how many bytes they may take; null for no bound. */
  changeQuota(quotaBytes: number | null): Promise<StorageUse>;
  /** Refused where runs or models were made from the dataset, unless `force` is given. */
  delete(ref: string, options?: { readonly force?: boolean }): Promise<void>;
}

/** The datasets of a session. */
export function datasetsOf(session: Session): Datasets {
  return {
    upload: async (source, upload) => shownInfo(await uploadDataset(session, source, upload)),
    put: async (name, table, note) => shownInfo(await uploadDataset(session, table, { name, note, newVersion: true })),
    list: async (query) => listed((await listDatasets(session, query)).items, datasetColumns),
    get: async (ref) => shownInfo(await getDataset(session, ref)),
    table: (ref) => datasetTable(session, ref),
    change: async (ref, change) => shownInfo(await changeDataset(session, ref, change)),
    versions: async (ref) => listed((await getDataset(session, ref)).versions, versionColumns),
    diff: async (ref, from, to) => shownDiff(await diffVersions(session, ref, from, to)),
    restore: async (ref, version) => shownInfo(await restoreVersion(session, ref, version)),
    async transform(ref, steps, { split, note } = {}) {
      const made = await transformDataset(session, { dataset_id: ref, steps: [...steps], split_id: split, note });
      return shownInfo(await getDataset(session, made.ref));
    },
    recipe: (ref) => recipeOf(session, ref),
    split: async (ref, split) => openSplit(session, (await createSplit(session, { ...split, dataset_id: ref })).split_id),
    splits: async (ref) => listed(await listSplits(session, ref), splitColumns),
    openSplit: (id) => openSplit(session, id),
    charts: chartsOf(session),
    storage: () => storageUse(session),
    changeQuota: (quotaBytes) => changeQuota(session, quotaBytes),
    delete: async (ref, options) => void (await deleteDataset(session, ref, options)),
  };
}

/** What a list of datasets shows. */
export const datasetColumns = ["name", "processing_status", "rows", "columns", "version"] as const;
/** What a list of versions shows. */
export const versionColumns = ["version", "origin", "parent", "rows", "columns", "note", "created_by", "created_at"] as const;
/** What a list of splits shows. */
export const splitColumns = ["split_id", "name", "dataset", "created_at"] as const;
/** What a list of charts shows. */
export const chartColumns = ["chart_id", "name", "type", "created_by", "created_at"] as const;

function chartsOf(session: Session): Charts {
  return {
    list: async (ref) => listed(await listCharts(session, ref), chartColumns),
    save: (ref, name, chart) => saveChart(session, ref, name, chart),
    async draw(ref, chart) {
      const spec = typeof chart === "string" ? await getChart(session, chart) : chart;
      return shownChart(await drawChart(session, ref, { type: spec.type, configuration: spec.configuration } as ChartSpec));
    },
    delete: (id) => deleteChart(session, id),
  };
}

/** A drawn chart as a figure; outliers as rows, drawn as a table in a notebook. */
export function shownChart({ figure: drawn, table }: Omit<ChartFigure, "status">): Figure | readonly Record<string, unknown>[] {
  if (drawn) return figure("", drawn.data, drawn.layout);
  const { column_names, rows } = table!;
  const items = rows.map((row) => Object.fromEntries(column_names.map((name, j) => [name, row[j]])));
  return display(items, () => htmlTable(items));
}

/** A dataset, drawn with its columns in a notebook. */
export function shownInfo(info: DatasetInfo): DatasetInfo {
  const { name, processing_status: status, rows, columns, version, target_column: target, error } = info;
  const facts = { name, version, status, rows, columns, ...(target !== null && { target }), ...(error !== null && { error }) };
  const column = ({ name, kind, missing, distinct, levels }: DatasetInfo["column_info"][number]) => ({
    column: name,
    kind,
    missing,
    distinct,
    values: levels?.slice(0, 8).join(", "),
  });
  return display(info, () => htmlTable([facts]) + htmlTable(info.column_info.map(column)));
}

/** What differs between two versions, drawn in a notebook. */
export function shownDiff(diff: VersionDiff): VersionDiff {
  const columns = diff.columns.map(({ name, change, kinds, missing, psi, ks }) => ({
    column: name,
    change,
    kind: kinds.join(" → "),
    missing: missing.join(" → "),
    psi,
    ks,
  }));
  const facts = { from: diff.from, to: diff.to, rows: diff.rows.join(" → "), added: diff.rows_added, removed: diff.rows_removed };
  return display(diff, () => htmlTable([facts]) + htmlTable(columns));
}
