import { createReadStream } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { createInterface } from "node:readline";
import { DataError } from "assay";
import { mlflowRun } from "./import-mlflow-run.ts";
import { type ImportedFile, type ImportedPoint, type ImportedRun, splitNames } from "./import-source.ts";
import { type FlatValue, readFlatYaml } from "./import-yaml.ts";

/** Bytes of one parameter or tag, and of one meta file, at most. */
const valueMost = 100_000;
const metaMost = 1_000_000;
/** Points that are handed on at once. */
const batch = 5000;
/** Folders of an experiment that are no runs. */
const reserved = new Set(["tags", "datasets", "traces", "models", "evaluation_datasets"]);

/** A run that was found, and how it is read: its own errors are its own. */
export interface FoundRun {
  /** Its folder's name, or its row's id. */
  readonly name: string;
  readonly experiment: string;
  /** The experiment was deleted there. */
  readonly deleted: boolean;
  /** Throws DataError with file and line. */
  read(): Promise<ImportedRun>;
}

/**
 * The runs of an MLflow file store: `mlruns/<experiment>/<run>/{meta.yaml,params,metrics,tags,artifacts}`, the trash after the
 * others. Links are not followed. Throws DataError where the folder is no store. Source: MLflow 1.0 to 3.17,
 * mlflow/store/tracking/file_store.py.
 */
export async function* mlflowFileRuns(folder: string): AsyncGenerator<FoundRun> {
  const root = await storeRoot(folder);
  for (const [parent, deleted] of [
    [root, false],
    [join(root, ".trash"), true],
  ] as const)
    for (const name of await folders(parent)) {
      const experiment = join(parent, name);
      if (name.startsWith(".") || !(await isFile(join(experiment, "meta.yaml")))) continue;
      const meta = await readMeta(root, experiment);
      const title = String(meta.get("name") ?? name);
      for (const run of await folders(experiment)) {
        if (reserved.has(run) || run.startsWith(".")) continue;
        const path = join(experiment, run);
        if (await isFile(join(path, "meta.yaml")))
          yield {
            name: run,
            experiment: title,
            deleted: deleted || meta.get("lifecycle_stage") === "deleted",
            read: () => readRun(root, path, title),
          };
      }
    }
}

/** The folder that holds the experiments: the one that is given, or its `mlruns`. */
async function storeRoot(folder: string): Promise<string> {
  for (const root of [folder, join(folder, "mlruns")])
    for (const name of await folders(root)) if (name !== ".trash" && (await isFile(join(root, name, "meta.yaml")))) return root;
  throw new DataError(
    "importMlflow: the folder must be an MLflow file store (mlruns/<experiment>/meta.yaml), found no experiment in it",
  );
}

async function readRun(root: string, path: string, experiment: string): Promise<ImportedRun> {
  const meta = await readMeta(root, path);
  const notes: string[] = [];
  const params = await readValues(root, join(path, "params"), notes);
  const tags = await readValues(root, join(path, "tags"), notes);
  const metricFiles = await filesBelow(join(path, "metrics"));
  const metrics = join(path, "metrics");
  const places = splitNames(metricFiles.map(({ name }) => name));
  const dataset = await datasetOf(root, path);
  return mlflowRun(
    {
      id: String(meta.get("run_id") ?? meta.get("run_uuid") ?? ""),
      experiment,
      experimentId: text(meta.get("experiment_id")),
      name: text(meta.get("run_name")) ?? text(meta.get("name")),
      status: meta.get("status") ?? 1,
      startMs: milliseconds(meta.get("start_time")),
      endMs: milliseconds(meta.get("end_time")),
      lifecycle: text(meta.get("lifecycle_stage")),
      artifactUri: text(meta.get("artifact_uri")),
      user: text(meta.get("user_id")),
      sourceName: text(meta.get("source_name")),
      sourceVersion: text(meta.get("source_version")),
      dataset,
      params,
      tags,
      sizes: metricFiles.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      place: relative(root, join(path, "meta.yaml")),
      hasFiles: (await filesBelow(join(path, "artifacts"))).length > 0,
    },
    notes,
    {
      async *points() {
        for (const { name } of metricFiles) yield* readPoints(root, join(metrics, ...name.split("/")), places.get(name)!);
      },
      async *files() {
        yield* await filesBelow(join(path, "artifacts"));
      },
    },
  );
}

/** Points of one file, a line each: milliseconds, value, step (0 in old stores), what more recent ones say behind. */
async function* readPoints(root: string, path: string, place: { name: string; split: string }): AsyncGenerator<ImportedPoint[]> {
  const input = createReadStream(path, { encoding: "utf8" });
  let points: ImportedPoint[] = [];
  let at = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      at++;
      if (line.trim() === "") continue;
      const [ms, value, step = "0"] = line.trim().split(/\s+/);
      const point = { ...place, at: Number(ms), value: pythonFloat(value), step: Number(step) };
      if (value === undefined || !/^-?\d+(\.\d+)?$/.test(ms!) || point.value === undefined || !Number.isSafeInteger(point.step))
        throw new DataError(
          `import: line ${at} must be "milliseconds value step", got ${JSON.stringify(line.slice(0, 80))} (${relative(root, path)})`,
        );
      points.push(point as ImportedPoint);
      if (points.length === batch) {
        yield points;
        points = [];
      }
    }
  } finally {
    input.destroy();
  }
  if (points.length > 0) yield points;
}

/** A number as Python writes it; undefined for what is none. */
function pythonFloat(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[-+]?nan$/i.test(text)) return Number.NaN;
  if (/^[-+]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A value a file, named by its path. One that is too large is left out, and noted. */
async function readValues(root: string, folder: string, notes: string[]): Promise<Record<string, string>> {
  const values: [string, string][] = [];
  for (const { name, path, sizeBytes } of await filesBelow(folder)) {
    if (sizeBytes > valueMost)
      notes.push(`${relative(root, path)} has ${sizeBytes} bytes, more than ${valueMost}, and was left out`);
    else values.push([name, await readFile(path, "utf8")]);
  }
  return Object.fromEntries(values);
}

/** Name and digest of the first dataset that a run was given. */
async function datasetOf(root: string, run: string): Promise<{ name: string; digest: string } | null> {
  for (const input of await folders(join(run, "inputs"))) {
    const meta = join(run, "inputs", input, "meta.yaml");
    if (!(await isFile(meta))) continue;
    const id = text((await readMeta(root, join(run, "inputs", input))).get("source_id"));
    if (id === null || !/^[\w-]+$/.test(id)) continue;
    const folder = join(run, "..", "datasets", id);
    if (!(await isFile(join(folder, "meta.yaml")))) continue;
    const dataset = await readMeta(root, folder);
    return { name: String(dataset.get("name") ?? id), digest: String(dataset.get("digest") ?? "") };
  }
  return null;
}

async function readMeta(root: string, folder: string): Promise<Map<string, FlatValue>> {
  const path = join(folder, "meta.yaml");
  const { size } = await lstat(path);
  if (size > metaMost) throw new DataError(`import: must have at most ${metaMost} bytes, got ${size} (${relative(root, path)})`);
  return readFlatYaml(await readFile(path, "utf8"), relative(root, path));
}

function text(value: FlatValue | undefined): string | null {
  return value === null || value === undefined || value === "" ? null : String(value);
}

function milliseconds(value: FlatValue | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Names of folders, in order; none where there is no such folder. */
async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Files below a folder by their path with slashes, in order, at most 20 folders deep; links are passed by. */
async function filesBelow(folder: string, depth = 0, top = folder): Promise<ImportedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: ImportedFile[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < 20) found.push(...(await filesBelow(path, depth + 1, top)));
    else if (entry.isFile())
      found.push({ name: relative(top, path).split(sep).join("/"), path, sizeBytes: (await lstat(path)).size });
  }
  return found;
}
