import { ParamsError, StoreError } from "assay";
import { tableOf } from "../engine/from-arrow.ts";
import type { EngineRow } from "../engine/index.ts";
import {
  type MessageJson,
  mlOf,
  openSession,
  plainRows,
  type SparkMl,
  type SparkSession,
  sparkDialect,
  sqlSettings,
} from "../engine/spark/index.ts";
import type { SparkColumn } from "./columns.ts";

/** A session in which models are fitted and used; the signal ends what runs. */
export interface Workspace {
  readonly session: SparkSession;
  readonly ml: SparkMl;
  /** Few rows of a query. */
  rows(query: string): Promise<readonly EngineRow[]>;
  /** Makes a relation a view, and gives the relation that reads it. */
  view(name: string, relation: MessageJson): Promise<MessageJson>;
  columns(relation: MessageJson): Promise<readonly SparkColumn[]>;
  /** The files that a relation reads. */
  files(relation: MessageJson): Promise<readonly string[]>;
  /** Keeps a relation's rows on the server once they are computed, in memory and then on disk, until the workspace is closed. */
  keep(relation: MessageJson): Promise<void>;
  /** Runs a command. */
  run(command: MessageJson): Promise<void>;
  close(): Promise<void>;
}

/** Opens a session of SPARK_REMOTE. Throws ParamsError where that is not set, and what `openSession` throws. */
export async function openWorkspace(who: string, signal: AbortSignal | undefined): Promise<Workspace> {
  const session = await openSession({ remote: remoteOf(who), config: sqlSettings });
  const kept: MessageJson[] = [];
  const analyzed = async (what: MessageJson): Promise<MessageJson> => {
    signal?.throwIfAborted();
    return session.analyze(what);
  };
  return {
    session,
    ml: mlOf(session, signal),
    async rows(query) {
      const { batches } = await session.execute({ root: { sql: { query } } }, { signal });
      return plainRows(await tableOf(batches));
    },
    async view(name, input) {
      await session.execute({ command: { createDataframeView: { input, name, replace: true } } }, { signal });
      return { read: { namedTable: { unparsedIdentifier: name } } };
    },
    async columns(relation) {
      const { schema } = (await analyzed({ schema: { plan: { root: relation } } })) as {
        readonly schema: { readonly struct?: { readonly fields?: readonly { name?: string; dataType: MessageJson }[] } };
      };
      return (schema.struct?.fields ?? []).map(({ name = "", dataType }) => ({ name, type: Object.keys(dataType)[0]! }));
    },
    async files(relation) {
      const { files = [] } = (await analyzed({ inputFiles: { plan: { root: relation } } })) as {
        readonly files?: readonly string[];
      };
      return files;
    },
    async keep(relation) {
      const storageLevel = { useDisk: true, useMemory: true, useOffHeap: false, deserialized: true, replication: 1 };
      await analyzed({ persist: { relation, storageLevel } });
      kept.push(relation);
    },
    run: async (command) => void (await session.execute({ command }, { signal })),
    async close() {
      for (const relation of kept) await session.analyze({ unpersist: { relation } }).catch(() => {}); // a server that is away keeps nothing
      await session.close();
    },
  };
}

/** The connection string. Throws ParamsError where there is none. */
export function remoteOf(who: string): string {
  const remote = process.env["SPARK_REMOTE"];
  if (!remote)
    throw new ParamsError(
      `${who}: SPARK_REMOTE must name a Spark Connect server, as sc://host:15002, and is not set: start one by sbin/start-connect-server.sh of Spark 4, then set it before the kernel begins`,
    );
  return remote;
}

/** The relation of a table: SQL that Spark knows (it begins with select, with, from or values), else the place of Parquet files. Throws ParamsError for a place that only a folder of this machine would complete. */
export function relationOf(who: string, table: string): MessageJson {
  if (/^([\s(]|--.*\n|\/\*[\s\S]*?\*\/)*(select|with|from|values)[\s(*]/i.test(table)) return { sql: { query: table } };
  if (!/^([a-z][a-z0-9+.-]*:|\/)/i.test(table))
    throw new ParamsError(
      `${who}: table must be SQL, or the whole path or address of Parquet files as the server sees it, got ${JSON.stringify(table)}`,
    );
  return { read: { dataSource: { format: "parquet", paths: [table] } } };
}

/** A value of a category as SQL. */
export function valueSql(value: string | number | boolean): string {
  if (typeof value === "string") return sparkDialect.literal(value);
  return typeof value === "number" && !Number.isInteger(value) ? `${value}D` : String(value);
}

/** Throws StoreError unless a folder that the server wrote is seen here, where its place is one of this machine. */
export function refuseUnseen(who: string, place: string, isThere: boolean): void {
  if (isThere) return;
  throw new StoreError(
    `${who}: the Spark server wrote ${place} on another machine: ASSAY_SPARK_MODELS must name a folder or address that all of Spark's machines share`,
  );
}
