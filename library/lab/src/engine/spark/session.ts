import { randomUUID } from "node:crypto";
import type { Table } from "apache-arrow";
import { LimitError } from "assay";
import { type ChannelOptions, type MessageJson, openChannel, type UnaryMethod } from "./channel.ts";
import { executePlan } from "./execute.ts";
import { parseRemote } from "./remote.ts";
import { backoff } from "./retry.ts";
import { isTransient, sparkError } from "./spark-errors.ts";

/** What a plan's execution gave. */
interface Executed {
  /** Arrow streams (IPC), one after the other. */
  readonly batches: readonly Uint8Array[];
  /** What else the server answered, as JSON: `{ sqlCommandResult }`, `{ mlCommandResult }`, … */
  readonly results: readonly MessageJson[];
}

/** How far a plan's execution is, as far as Spark has planned it: there may be more stages to come. */
export interface SparkProgress {
  readonly tasks: number;
  readonly done: number;
  readonly running: number;
}

/** How a plan is executed. */
interface ExecuteOptions {
  /** Ends the execution on the server too; default the session's. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of it while it runs, every two seconds or so. */
  readonly onProgress?: ((progress: SparkProgress) => void) | undefined;
}

/** How a session is opened. */
export interface SessionOptions extends ChannelOptions {
  /** The connection string; see `parseRemote`. */
  readonly remote: string;
  /** How long a server may be away in the middle of something before it is given up; default 60,000. */
  readonly patienceMs?: number | undefined;
  /** Settings of Spark's SQL for this session. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A session of a Spark Connect server: its views and settings are its own. Plans are Spark Connect's messages as JSON. */
export interface SparkSession {
  readonly id: string;
  /** Host and port. */
  readonly address: string;
  /** Spark's version. */
  readonly version: string;
  /** Runs a `Plan`, which is a relation, `{ root: … }`, or a command, `{ command: … }`. Throws DataError with Spark's message, StoreError where the server is away. */
  execute(plan: MessageJson, options?: ExecuteOptions): Promise<Executed>;
  /** Asks about a plan without running it: `{ schema: { plan } }`, `{ explain: { … } }`; gives that part of the answer. */
  analyze(what: MessageJson): Promise<MessageJson>;
  /** Ends everything that runs in the session, also what other clients of it began. */
  interrupt(): Promise<void>;
  /** Makes a table of Arrow, few MB, a view of the session. Throws LimitError for more than 64 MB, which a file takes better. */
  createView(name: string, table: Table): Promise<void>;
  /** Ends the session, unless it was joined; its views are gone. */
  close(): Promise<void>;
}

const openMs = 5000;
const askMs = 60_000;
const viewBytes = 64 << 20;

/** Opens a session. Throws StoreError where no server answers within five seconds, AuthError for a token that it does not take. */
export async function openSession(options: SessionOptions): Promise<SparkSession> {
  const { remote, patienceMs = 60_000, config = {}, signal } = options;
  const address = parseRemote(remote);
  const channel = await openChannel(address, options);
  const id = address.sessionId ?? randomUUID();
  let observed: string | undefined;
  // once the server's own id of the session is known, a server that began anew refuses instead of beginning an empty session
  const head = (): MessageJson => ({
    ...{ sessionId: id, userContext: { userId: address.userId, userName: address.userId }, clientType: address.userAgent },
    ...(observed === undefined ? {} : { clientObservedServerSideSessionId: observed }),
  });
  const worded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw sparkError(error, channel.address);
    }
  };
  const ask = (method: UnaryMethod, request: MessageJson, patience = patienceMs): Promise<MessageJson> =>
    worded(async () => {
      const waits = backoff(patience);
      for (;;) {
        signal?.throwIfAborted();
        try {
          const answer = await channel.ask(method, { ...head(), ...request }, askMs);
          observed ??= (answer["serverSideSessionId"] as string | undefined) || undefined;
          return answer;
        } catch (error) {
          if (!isTransient(error)) throw error;
          await waits.next(error, signal);
        }
      }
    });
  const execute: SparkSession["execute"] = (plan, { signal: own = signal, onProgress } = {}) =>
    worded(async () => {
      const batches: Uint8Array[] = [];
      const results: MessageJson[] = [];
      for await (const response of executePlan(plan, { channel, head, patienceMs, signal: own })) {
        observed ??= response.serverSideSessionId || undefined;
        const { case: kind, value } = response.responseType;
        if (kind === "arrowBatch") batches.push((value as { readonly data: Uint8Array }).data);
        else if (kind === "executionProgress") onProgress?.(progressOf(value as ExecutionProgress));
        else if (kind !== undefined) results.push({ [kind]: channel.plain(response)[kind]! });
      }
      return { batches, results };
    });
  const close = async (): Promise<void> => {
    // a session that was joined is another's; a server that is away has none
    if (address.sessionId === undefined) await channel.ask("ReleaseSession", head(), openMs).catch(() => {});
    channel.close();
  };
  try {
    const { sparkVersion } = await ask("AnalyzePlan", { sparkVersion: {} }, openMs);
    if (Object.keys(config).length > 0)
      await ask("Config", { operation: { set: { pairs: Object.entries(config).map(([key, value]) => ({ key, value })) } } });
    return {
      ...{ id, address: channel.address, version: String((sparkVersion as MessageJson)["version"]), execute, close },
      interrupt: async () => void (await ask("Interrupt", { interruptType: "INTERRUPT_TYPE_ALL" })),
      async createView(name, table) {
        const { tableToIPC } = await import("apache-arrow");
        const data = Buffer.from(tableToIPC(table, "stream"));
        if (data.length > viewBytes)
          throw new LimitError(
            `spark: the view ${name} has ${data.length} bytes, a message takes ${viewBytes}: write it as Parquet and read() it`,
          );
        const input = { localRelation: { data: data.toString("base64") } };
        await execute({ command: { createDataframeView: { input, name, replace: true } } });
      },
      async analyze(what) {
        const answer = await ask("AnalyzePlan", what);
        return answer[Object.keys(what)[0]!] as MessageJson;
      },
    };
  } catch (error) {
    channel.close();
    throw error;
  }
}

/** Spark's message of progress. */
interface ExecutionProgress {
  readonly stages: readonly { readonly numTasks: bigint; readonly numCompletedTasks: bigint }[];
  readonly numInflightTasks: bigint;
}

function progressOf({ stages, numInflightTasks }: ExecutionProgress): SparkProgress {
  const sum = (of: "numTasks" | "numCompletedTasks"): number => stages.reduce((total, stage) => total + Number(stage[of]), 0);
  return { tasks: sum("numTasks"), done: sum("numCompletedTasks"), running: Number(numInflightTasks) };
}
