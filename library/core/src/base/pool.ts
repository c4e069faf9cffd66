import { availableParallelism } from "node:os";
import { isMainThread, MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { FitOptions, Fitted, Progress, Snapshot, Spec } from "./contract.ts";
import { type Crew, openCrew } from "./crew.ts";
import { reviveError, StoreError } from "./errors.ts";
import { type FitJob, type Input, word } from "./worker.ts";

// from the sources a worker loads the library's index; the bundle is its own worker
const entry = import.meta.url.endsWith("/base/pool.ts") ? new URL("../index.ts", import.meta.url) : new URL(import.meta.url);
/** After an abort a fit has this long to notice; then its threads are ended and replaced. */
const graceMs = 60;

type UserFunction = (...args: unknown[]) => unknown;
interface Thread {
  readonly worker: Worker;
  busy: boolean;
  running?: Running | undefined;
}
interface Running {
  readonly id: number;
  readonly team: readonly Thread[];
  readonly resolve: (fitted: Fitted) => void;
  readonly reject: (error: unknown) => void;
  readonly progress: ((event: Progress) => void) | undefined;
  readonly snapshot: ((snapshot: Snapshot) => void) | undefined;
}

const threads: Thread[] = [];
const waiting: (() => void)[] = [];
let jobs = 0;

/** Threads of this process at most: ASSAY_THREADS, else as many as the machine runs at once. */
export function poolSize(): number {
  const wanted = Number(process.env["ASSAY_THREADS"]);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

/** Fits on worker threads that are started on first use, kept, and never hold the process open when idle. */
export async function fitOnPool(spec: Spec, input: Input, options: FitOptions): Promise<Fitted> {
  options.signal?.throwIfAborted();
  while (threads.filter(({ busy }) => busy).length >= poolSize()) await new Promise<void>((resolve) => waiting.push(resolve));
  options.signal?.throwIfAborted();
  const lead = take()!;
  const team = [lead];
  const helpers: MessagePort[] = [];
  const wanted = Math.min(options.threads ?? poolSize(), poolSize());
  while (team.length < wanted) {
    const thread = take();
    if (!thread) break;
    team.push(thread);
    helpers.push(helperPort(thread));
  }
  const functions: UserFunction[] = [];
  const plainSpec: Spec = {
    task: spec.task,
    name: spec.name,
    params: withoutFunctions(spec.params, functions) as Spec["params"],
  };
  const words = new Int32Array(new SharedArrayBuffer(16));
  const thrown: unknown[] = [];
  const calls = functions.length > 0 ? answerCalls(functions, words, thrown) : undefined;
  try {
    const fitted = await new Promise<Fitted>((resolve, reject) => {
      const running: Running = {
        id: jobs++,
        team,
        resolve,
        reject,
        progress: options.observer?.progress?.bind(options.observer),
        snapshot: options.snapshots && ((snapshot) => options.snapshots!.take(snapshot)),
      };
      watchAbort(running, words, options.signal);
      const { everyMs = 30_000, from, soon } = options.snapshots ?? {};
      soon?.addEventListener("abort", () => Atomics.store(words, word.snapshot, 1), { once: true });
      for (const thread of team) {
        thread.running = running;
        thread.worker.ref();
      }
      const snapshots = options.snapshots && { everyMs, from };
      const job: FitJob = { id: running.id, spec: plainSpec, input, words, threads: team.length, calls, helpers, snapshots };
      lead.worker.postMessage({ job }, [...helpers, ...(calls ? [calls] : [])]);
    });
    return { ...fitted, params: spec.params };
  } catch (error) {
    throw thrown[0] ?? error;
  } finally {
    release(team);
  }
}

/**
 * A crew of this thread and idle ones of the pool, for work that must answer at once (predictions). Threads that are still starting join when they are up, and
 * nobody waits for them. On a worker thread, where the pool is somebody else's, a crew of one.
 */
export function crewOfPool(name: string, shared: unknown, threads: number): Crew {
  const team: Thread[] = [];
  const ports: MessagePort[] = [];
  while (isMainThread && team.length < Math.min(threads, poolSize()) - 1) {
    const thread = take();
    if (!thread) break;
    team.push(thread);
    ports.push(helperPort(thread));
  }
  const crew = openCrew(name, shared, ports);
  const end = (): void => {
    crew.end();
    for (const port of ports) port.close();
    release(team);
  };
  return { ...crew, end };
}

function helperPort({ worker }: Thread): MessagePort {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ helper: port1 }, [port1]);
  return port2;
}

function release(team: readonly Thread[]): void {
  for (const thread of team) {
    thread.busy = false;
    thread.running = undefined;
    thread.worker.unref();
  }
  for (const wake of waiting.splice(0)) wake();
}

function watchAbort(running: Running, words: Int32Array, signal: AbortSignal | undefined): void {
  signal?.addEventListener(
    "abort",
    () => {
      Atomics.store(words, word.abort, 1);
      Atomics.notify(words, word.answered);
      setTimeout(() => {
        if (running.team[0]!.running !== running) return;
        for (const thread of running.team) end(thread);
        running.reject(signal.reason);
      }, graceMs);
    },
    { once: true },
  );
}

/** Answers a fit's questions to functions of the user, on this thread; the original error is kept in `thrown`. */
function answerCalls(functions: readonly UserFunction[], words: Int32Array, thrown: unknown[]): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.on("message", async ({ call, args }: { call: number; args: unknown[] }) => {
    let answer: object;
    try {
      answer = { value: await functions[call]!(...args) };
    } catch (error) {
      thrown.push(error);
      answer = { thrown: true };
    }
    port2.postMessage(answer);
    Atomics.store(words, word.answered, 1);
    Atomics.notify(words, word.answered);
  });
  return port1;
}

function take(): Thread | undefined {
  let thread = threads.find(({ busy }) => !busy);
  if (!thread) {
    if (threads.length >= poolSize()) return undefined;
    thread = start();
    threads.push(thread);
  }
  thread.busy = true;
  return thread;
}

function start(): Thread {
  const worker = new Worker(entry, { workerData: { assayWorker: true }, name: "assay" });
  const thread: Thread = { worker, busy: false };
  worker.unref();
  worker.on("message", (message: { id: number; fitted?: Fitted; error?: Error; progress?: Progress; snapshot?: Snapshot }) => {
    const running = thread.running;
    if (!running || running.id !== message.id) return;
    if (message.progress) running.progress?.(message.progress);
    else if (message.snapshot) running.snapshot?.(message.snapshot);
    else if (message.error) running.reject(reviveError(message.error));
    else running.resolve(message.fitted!);
  });
  const lost = (why: string): void => {
    forget(thread);
    const { running } = thread;
    if (!running) return;
    for (const member of running.team) end(member); // the others would wait for its pieces
    running.reject(new StoreError(`a worker thread ended in the middle of a fit: ${why}`));
  };
  worker.on("error", (error) => lost(error.message));
  worker.on("exit", (code) => lost(`exit code ${code}`));
  return thread;
}

function forget(thread: Thread): void {
  const place = threads.indexOf(thread);
  if (place >= 0) threads.splice(place, 1);
}

function end(thread: Thread): void {
  forget(thread);
  void thread.worker.terminate();
}

function withoutFunctions(value: unknown, found: UserFunction[]): unknown {
  if (typeof value === "function") return { $function: found.push(value as UserFunction) - 1 };
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((entry) => withoutFunctions(entry, found));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withoutFunctions(entry, found)]));
}
