import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EtlPrivacy, EtlStepState } from "../../contract/etl.ts";
import type { SourceTableName } from "../../contract/source-mapping.ts";
import { type Engine, type EngineSchema, identifier } from "../../engine/index.ts";
import { type Copies, countUnplaced, extractPages } from "./extract-pages.ts";
import type { SourceReader } from "./source-reader.ts";
import { etlSteps } from "./steps/index.ts";
import type { EtlFigures, EtlPlan, EtlProblem, EtlStep, StepContext } from "./steps/step.ts";

/** A table that a step wrote. */
interface KeptTable {
  readonly rows: number;
  readonly files: readonly { readonly file: string; readonly sizeBytes: number }[];
}

/** What a step left: under the hash of all that its outcome depends on. */
interface KeptStep {
  readonly key: string;
  readonly tables: Readonly<Record<string, KeptTable>>;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly problems: readonly EtlProblem[];
  readonly elapsedMs: number;
}

/** What the ten steps work with, and who hears of them. */
interface StepsOptions {
  readonly engine: Engine;
  readonly source: SourceReader;
  readonly plan: EtlPlan;
  readonly hashKey: Uint8Array;
  /** Where tables and the record of the steps go; an earlier attempt's are used as far as they fit. */
  readonly folder: string;
  readonly pageRows?: number | undefined;
  readonly log: (message: string) => void;
  readonly onSteps: (steps: readonly EtlStepState[]) => Promise<void> | void;
  readonly signal?: AbortSignal | undefined;
}

/** Where the rows of the dataset lie, and what was measured on the way. */
export interface StepsOutcome extends EtlFigures {
  readonly train: string;
  readonly test: string;
  readonly trainRows: number;
  readonly testRows: number;
  readonly steps: readonly EtlStepState[];
}

/** What the steps are before the first has begun. */
export function pendingSteps(): EtlStepState[] {
  return etlSteps.map(({ number, name }) => ({ step: number, name, step_status: "pending", rows: {}, elapsed_ms: null }));
}

/**
 * Does the ten steps one after the other. The state of each is kept by a hash of its settings and of what it reads: one that was done with the
 * same is not done again. Throws what the failing step throws; its state says failed.
 */
export async function runSteps(options: StepsOptions): Promise<StepsOutcome> {
  const { folder, log, onSteps, engine, plan, signal } = options;
  await mkdir(folder, { recursive: true });
  const record = join(folder, "steps.json");
  const kept: Record<string, KeptStep> = existsSync(record) ? JSON.parse(await readFile(record, "utf8")) : {};
  const states = pendingSteps();
  const tell = async (step: EtlStep, change: Partial<EtlStepState>): Promise<void> => {
    states[step.number - 1] = { ...states[step.number - 1]!, ...change };
    await onSteps(states.map((state) => ({ ...state })));
  };
  const keys: Record<string, string> = {};
  for (const step of etlSteps) {
    signal?.throwIfAborted();
    const key = keyOf(step, plan, options.hashKey, keys);
    for (const table of Object.keys(step.writes)) keys[table] = key;
    const known = kept[step.name];
    if (known && known.key === key && isThere(known)) {
      await show(engine, known);
      await tell(step, { step_status: "kept", rows: rowsOf(known), elapsed_ms: known.elapsedMs });
      log(`step ${step.number} ${step.name}: kept from before`);
      continue;
    }
    await tell(step, { step_status: "running" });
    const begin = performance.now();
    try {
      const done = await doStep(step, key, options);
      kept[step.name] = { ...done, elapsedMs: Math.round(performance.now() - begin) };
    } catch (error) {
      await tell(step, { step_status: "failed", elapsed_ms: Math.round(performance.now() - begin) });
      throw error;
    }
    await writeWhole(record, JSON.stringify(kept));
    const { elapsedMs } = kept[step.name]!;
    const rows = rowsOf(kept[step.name]!);
    await tell(step, { step_status: "completed", rows, elapsed_ms: elapsedMs });
    log(
      `step ${step.number} ${step.name}: ${Object.entries(rows)
        .map(([table, count]) => `${table} ${count.toLocaleString("en")} rows`)
        .join(", ")}, ${(elapsedMs / 1000).toFixed(1)} s`,
    );
  }
  const figures: Record<string, unknown> = Object.assign({}, ...Object.values(kept).map((each) => each.figures));
  const { train, test } = kept["export"]!.tables;
  return {
    train: train!.files[0]!.file,
    test: test!.files[0]!.file,
    trainRows: train!.rows,
    testRows: test!.rows,
    steps: states,
    problems: etlSteps.flatMap(({ name }) => kept[name]!.problems),
    privacy: figures["privacy"] as EtlPrivacy,
  };
}

async function doStep(step: EtlStep, key: string, options: StepsOptions): Promise<Omit<KeptStep, "elapsedMs">> {
  const { engine, source, plan, folder, pageRows, hashKey, log } = options;
  const tables: Record<string, KeptTable> = {};
  const figures: Record<string, unknown> = {};
  const problems: EtlProblem[] = [];
  const context: StepContext = {
    engine,
    plan,
    hashKey,
    log,
    async extract(...names) {
      const copies: Copies = { running: new Set(), failed: false };
      const read = (table: SourceTableName) =>
        extractPages(table, { source, engine, plan, folder: join(folder, `${table}-${key.slice(0, 16)}`), pageRows, copies });
      // each to its end: pages that are under way when another fails are kept
      const outcomes = await Promise.allSettled(names.map(read));
      for (const [k, outcome] of outcomes.entries()) {
        if (outcome.status === "rejected") throw outcome.reason;
        const pages = outcome.value;
        const files = pages.flatMap((page) => page.files);
        tables[names[k]!] = { rows: pages.reduce((sum, { rows }) => sum + rows, 0), files };
        await engine.read(
          names[k]!,
          files.map(({ file }) => file),
        );
      }
      const unplaced = await Promise.all(names.map((table) => countUnplaced(table, options)));
      context.found(unplaced.filter((each) => each !== undefined));
    },
    async write(table, query) {
      const file = join(folder, `${table}.parquet`);
      const isLast = step.number === etlSteps.length; // it makes the files of the version
      const { rows, files } = await engine.write(inSchema(query, step.writes[table]!), file, {
        compression: isLast ? "zstd" : "snappy",
        single: isLast,
      });
      await engine.read(
        table,
        files.map((each) => each.file),
      );
      tables[table] = { rows, files };
      return rows;
    },
    keep: async (name, value) => void (figures[name] = value),
    found(more) {
      problems.push(...more);
      for (const { problem, rows, done } of more) if (rows > 0) log(`${problem}: ${rows} rows, ${done}`);
    },
  };
  await step.run(context);
  return { key, tables, figures, problems };
}

/** A query's rows in the columns and types that are declared. */
function inSchema(query: string, schema: EngineSchema): string {
  const columns = Object.entries(schema).map(
    ([name, type]) => `cast(${identifier(name)} as ${type === "VARCHAR" ? "string" : type}) as ${identifier(name)}`,
  );
  return `select ${columns.join(", ")} from (${query}) made`;
}

/** Hash of a step's settings, of its tables' columns, and of the steps that made what it reads. */
function keyOf(step: EtlStep, plan: EtlPlan, hashKey: Uint8Array, made: Readonly<Record<string, string>>): string {
  const key = step.name === "privacy" ? createHash("sha256").update(hashKey).digest("hex") : null;
  const read = Object.keys(step.reads).map((table) => [table, made[table]]);
  return createHash("sha256")
    .update(JSON.stringify([step.name, step.settings(plan), step.reads, step.writes, read, key, step.run.toString()]))
    .digest("hex");
}

function isThere({ tables }: KeptStep): boolean {
  return Object.values(tables)
    .flatMap(({ files }) => files)
    .every(({ file, sizeBytes }) => statSync(file, { throwIfNoEntry: false })?.size === sizeBytes);
}

async function show(engine: Engine, { tables }: KeptStep): Promise<void> {
  for (const [table, { files }] of Object.entries(tables))
    await engine.read(
      table,
      files.map(({ file }) => file),
    );
}

function rowsOf({ tables }: Pick<KeptStep, "tables">): Record<string, number> {
  return Object.fromEntries(Object.entries(tables).map(([table, { rows }]) => [table, rows]));
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.draft`, text);
  await rename(`${path}.draft`, path);
}

/** Removes what the steps left: people's own ids stand in it. */
export async function forgetSteps(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
