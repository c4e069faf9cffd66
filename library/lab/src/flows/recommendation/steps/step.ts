import type { EtlPrivacy, EtlSettings } from "../../../contract/etl.ts";
import type { SourceTableName } from "../../../contract/source-mapping.ts";
import type { Engine, EngineSchema } from "../../../engine/index.ts";

/** Settings with what was decided when the run began. */
export interface EtlPlan extends Omit<EtlSettings, "until" | "mapping"> {
  readonly mapping: NonNullable<EtlSettings["mapping"]>;
  /** The window: from ≤ shown_at < until. */
  readonly from: Date;
  readonly until: Date;
  /** Host, port, database and user of the source, without a password. */
  readonly source: string;
}

/** What a step works with. */
export interface StepContext {
  readonly engine: Engine;
  readonly plan: EtlPlan;
  /** Key under which users' ids are hashed. */
  readonly hashKey: Uint8Array;
  /** Reads tables of the source side by side, in pages; those that an earlier attempt has read are not read again. */
  extract(...tables: readonly SourceTableName[]): Promise<void>;
  /** Writes a query's rows as the table of this name, in the columns and types that the step declares. Gives the number of rows. */
  write(table: string, query: string): Promise<number>;
  /** Keeps figures beside the tables. */
  keep(name: "privacy", value: unknown): Promise<void>;
  /** Tells rows in which something was wrong; they stand in the run's problems, and in its log where there are any. */
  found(problems: readonly EtlProblem[]): void;
  log(message: string): void;
}

/** One of the ten steps. */
export interface EtlStep {
  readonly number: number;
  readonly name: string;
  /** Tables of earlier steps, and what it takes of them. */
  readonly reads: Readonly<Record<string, EngineSchema>>;
  readonly writes: Readonly<Record<string, EngineSchema>>;
  /** What of the plan its outcome depends on, besides what it reads. */
  settings(plan: EtlPlan): unknown;
  run(context: StepContext): Promise<void>;
}

/** The columns of a schema by name, to be read by another step. */
export function pick<S extends EngineSchema>(schema: S, ...names: (keyof S & string)[]): EngineSchema {
  return Object.fromEntries(names.map((name) => [name, schema[name]!]));
}

/** Rows in which something was wrong, and what became of them. */
export interface EtlProblem {
  readonly problem: string;
  readonly rows: number;
  readonly done: string;
}

/** What the steps have measured. */
export interface EtlFigures {
  readonly problems: readonly EtlProblem[];
  readonly privacy: EtlPrivacy;
}
