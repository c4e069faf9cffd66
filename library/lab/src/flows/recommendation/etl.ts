import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConflictError, DataError } from "assay";
import type pg from "pg";
import { type EtlCheck, type EtlPrivacy, type EtlSettings, type EtlStepState, nextVersion } from "../../contract/etl.ts";
import { requireSpace } from "../../db/disk.ts";
import { hashFile } from "../../db/hash-file.ts";
import { explain } from "../../db/store.ts";
import { type DuckdbOptions, openDuckdb, openEngine } from "../../engine/index.ts";
import { checkSource } from "./check-source.ts";
import { checkDataset, type SizeBounds, usualSizes } from "./checks.ts";
import { datasetColumns } from "./columns.ts";
import { type DatasetFigures, measureDataset } from "./dataset-figures.ts";
import { travelMapping } from "./mappings.ts";
import { qualityReport } from "./quality-report.ts";
import { forgetSteps, runSteps, type StepsOutcome } from "./run-steps.ts";
import { openSource } from "./source-reader.ts";
import type { EtlPlan, EtlProblem } from "./steps/step.ts";

/** What a run works with besides its settings. */
export interface EtlOptions {
  /** The application's database. */
  readonly database: pg.ClientConfig;
  /** Where versions go, each in a folder `v1.0` of its own. */
  readonly datasets: string;
  /** Where work in passing goes; a run that broke off goes on there. */
  readonly work: string;
  readonly hashKey: Uint8Array;
  readonly sizes?: SizeBounds | undefined;
  readonly memoryMb?: number | undefined;
  readonly threads?: number | undefined;
  /** The Spark on which the steps run; default SPARK_REMOTE, and DuckDB where that is not set. */
  readonly sparkRemote?: string | undefined;
  /** Rows that are read from the source at a time; by default a part of the table, a million at most. */
  readonly pageRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: (message: string) => void;
  readonly onSteps?: (steps: readonly EtlStepState[]) => Promise<void> | void;
}

/** A dataset that was made. */
export interface EtlOutcome {
  readonly version: string;
  /** Its folder; undefined where a check failed: then nothing is published. */
  readonly folder: string | undefined;
  readonly report: string;
  readonly checks: readonly EtlCheck[];
  readonly privacy: EtlPrivacy;
  readonly problems: readonly EtlProblem[];
  readonly steps: readonly EtlStepState[];
  readonly rows: Readonly<Record<"train" | "test", number>>;
}

/** Names of a version's files. */
export function filesOf(version: string): Readonly<Record<"train" | "test" | "metadata" | "report", string>> {
  return {
    train: `train_v${version}.parquet`,
    test: `test_v${version}.parquet`,
    metadata: `metadata_v${version}.json`,
    report: `quality_report_v${version}.html`,
  };
}

/** A run that broke off longer ago begins anew: its rows are old. */
const freshMs = 24 * 3_600_000;
/** What runs that broke off leave: their steps, in which people's own ids stand, and versions that were not published. */
const leftBehind = /^v\d+\.\d+(-[0-9a-f]{12}|\.draft-\d+)$/;

/**
 * Makes a version of the recommendation dataset from an application's PostgreSQL: ten steps, checks, quality report, metadata. The rows go by COPY into
 * Parquet, through DuckDB or Spark, with equal outcome, and never become values of JavaScript. A version that is there is never overwritten, and
 * none is published whose checks fail. Throws ConflictError for a version that is there, DataError for a source that has not what the mapping
 * names or no interactions in the window, StoreError for a full disk, a database or a Spark that went away: then a run with the same settings
 * goes on where it broke off.
 */
export async function runEtl(settings: EtlSettings, options: EtlOptions): Promise<EtlOutcome> {
  const { datasets, work, log = () => {}, signal } = options;
  const version = settings.version === nextVersion ? await versionBehind(datasets) : settings.version;
  const place = join(datasets, `v${version}`);
  if (existsSync(place)) throw taken(version);
  for (const place of [datasets, work]) {
    requireSpace(place, 0, "etl");
    await forgetOld(place);
  }
  const folder = join(work, `v${version}-${hashOf({ ...settings, version })}`);
  await mkdir(folder, { recursive: true });
  const source = openSource(options.database);
  const { memoryMb, threads, sparkRemote: remote } = options;
  const engine = await openEngine({ folder, memoryMb, threads, remote, signal });
  try {
    const window = await keptWindow(folder);
    const plan = planOf({ ...settings, version }, source.address, window);
    log(`version ${version}: ${plan.window_days} days up to ${plan.until.toISOString()}, from ${source.address}`);
    await checkSource(source, plan);
    if (!window) await keepWindow(folder, plan.until); // a run that the source's check ends reads nothing, and keeps nothing
    const { hashKey, pageRows, onSteps = () => {} } = options;
    const done = await runSteps({ engine, source, plan, hashKey, folder, pageRows, log, onSteps, signal });
    await engine.close();
    const figures = await measured(done, { folder, memoryMb, threads, signal });
    const sizes = { train: (await stat(done.train)).size, test: (await stat(done.test)).size };
    const checks = checkDataset(figures, sizes, options.sizes ?? usualSizes);
    for (const { passed, message } of checks) log(`${passed ? "pass" : "FAIL"} ${message}`);
    const { privacy, problems, steps } = done;
    const report = qualityReport({ version, plan, figures, sizes, checks, privacy, problems, steps });
    const outcome = { version, report, checks, privacy, problems, steps, rows: figures.rows };
    const passes = checks.every(({ passed }) => passed);
    if (passes) await publish(place, folder, version, done, report, { plan, figures, sizes, ...outcome });
    await forgetSteps(folder); // a run that came to its end, well or not, is not gone on with
    if (passes) log(`version ${version} is in ${place}`);
    return { ...outcome, folder: passes ? place : undefined };
  } catch (cause) {
    signal?.throwIfAborted();
    throw explain(cause, work);
  } finally {
    await engine.close().catch(() => {});
    await source.close();
  }
}

/** What the two files of a version hold: they are here, whichever engine made them. */
async function measured({ train, test }: StepsOutcome, options: DuckdbOptions): Promise<DatasetFigures> {
  const engine = await openDuckdb(options);
  try {
    await engine.read("train", train);
    await engine.read("test", test);
    return await measureDataset(engine);
  } finally {
    await engine.close();
  }
}

function taken(version: string): ConflictError {
  return Object.assign(
    new ConflictError(
      `etl: the version ${version} exists and is never overwritten; take another, or "next" for the one behind the newest`,
    ),
    { field: "version", value: version },
  );
}

/** The refresh behind the newest version of a folder: 1.1 behind 1.0; 1.0 where there is none. */
async function versionBehind(datasets: string): Promise<string> {
  const found = (await readdir(datasets).catch(() => []))
    .map((name) => /^v(\d+)\.(\d+)$/.exec(name))
    .filter((match) => match !== null)
    .map(([, major, minor]) => [Number(major), Number(minor)] as const)
    .sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  return found[0] ? `${found[0][0]}.${found[0][1] + 1}` : "1.0";
}

/** Removes what runs left that broke off too long ago to go on. */
async function forgetOld(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    if (!leftBehind.test(name)) continue;
    const { mtimeMs } = await stat(join(place, name));
    if (Date.now() - mtimeMs > freshMs) await rm(join(place, name), { recursive: true, force: true });
  }
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}

/** Until when an attempt went that broke off a short while ago; undefined where none did. */
async function keptWindow(folder: string): Promise<Date | undefined> {
  const record = windowRecord(folder);
  if (!existsSync(record)) return undefined;
  const { begun, until } = JSON.parse(await readFile(record, "utf8")) as { begun: number; until: string };
  return Date.now() - begun < freshMs ? new Date(until) : undefined;
}

function keepWindow(folder: string, until: Date): Promise<void> {
  return writeFile(windowRecord(folder), JSON.stringify({ begun: Date.now(), until: until.toISOString() }));
}

function windowRecord(folder: string): string {
  return join(folder, "window.json");
}

/** The settings with their window, which is that of an attempt that is gone on with. */
function planOf(settings: EtlSettings, source: string, window: Date | undefined): EtlPlan {
  const until = settings.until === undefined ? (window ?? new Date()) : new Date(settings.until);
  const from = new Date(until.getTime() - settings.window_days * 86_400_000);
  return { ...settings, mapping: settings.mapping ?? travelMapping, source, until, from };
}

async function publish(
  place: string,
  folder: string,
  version: string,
  { train, test }: { readonly train: string; readonly test: string },
  report: string,
  told: Omit<EtlOutcome, "folder" | "report"> & {
    readonly plan: EtlPlan;
    readonly figures: DatasetFigures;
    readonly sizes: Readonly<Record<"train" | "test", number>>;
  },
): Promise<void> {
  const draft = `${place}.draft-${process.pid}`;
  const names = filesOf(version);
  await mkdir(dirname(place), { recursive: true });
  await rm(draft, { recursive: true, force: true });
  try {
    await mkdir(draft);
    await linkOrCopy(train, join(draft, names.train));
    await linkOrCopy(test, join(draft, names.test));
    const hashes = { [names.train]: await hashFile(train), [names.test]: await hashFile(test) };
    await writeFile(join(draft, names.metadata), `${JSON.stringify(metadataOf(told, hashes), null, 2)}\n`);
    await writeFile(join(draft, names.report), report);
    // a folder that is not empty is not replaced: whoever is first has the version
    await rename(draft, place).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === "ENOTEMPTY" || cause.code === "EEXIST" ? taken(version) : cause;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!existsSync(join(place, names.train))) throw new DataError(`etl: version ${version} was not written whole (${folder})`);
}

function metadataOf(
  { version, plan, figures, sizes, checks, privacy, problems, steps }: Parameters<typeof publish>[5],
  hashes: Readonly<Record<string, string>>,
) {
  const { mapping, source, from, until, ...settings } = plan;
  return {
    format: 1,
    version,
    made_at: new Date().toISOString(),
    window: { from, until, days: plan.window_days },
    rows: figures.rows,
    span: figures.span,
    size_bytes: sizes,
    settings,
    hashes,
    lineage: {
      source,
      mapping,
      tables: Object.assign({}, ...steps.slice(0, 3).map(({ rows }) => rows)),
      steps: steps.map(({ step, name, rows, elapsed_ms }) => ({ step, name, rows, elapsed_ms })),
    },
    schema: datasetColumns.map(({ name, type, unit, range, required, description }) => ({
      name,
      type,
      unit,
      range,
      required,
      description,
    })),
    drift: Object.fromEntries(figures.drift),
    checks,
    privacy,
    problems,
  };
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
