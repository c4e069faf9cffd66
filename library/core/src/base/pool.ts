import { AsyncResource } from "node:async_hooks";
import { availableParallelism } from "node:os";
import { isMainThread, MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { FitOptions, Fitted, Progress, Snapshot, Spec } from "./contract.ts";
import { type Crew, openCrew } from "./crew.ts";
import { askedBy, ParamsError, reviveError, StoreError } from "./errors.ts";
import { type FitJob, type Input, word } from "./worker.ts";

// from the sources a worker loads the library's index; the bundle is its own worker
const entry = import.meta.url.endsWith("/base/pool.ts") ? new URL("../index.ts", import.meta.url) : new URL(import.meta.url);
/** After an abort a fit has this long to notice; then its threads are ended and replaced. */
const graceMs = 60;

type UserFunction = (...args: unknown[]) => unknown;
interface Thread {
  /** Started when it is first sent something. */
  worker?: Worker;
  busy: boolean;
  running?: Running | undefined;
}
interface Running {
  readonly id: number;
  readonly team: readonly Thread[];
  /** Starts the team's threads that have not begun. */
  readonly callTeam: () => void;
  readonly resolve: (fitted: Fitted) => void;
  readonly reject: (error: unknown) => void;
  readonly progress: ((event: Progress) => void) | undefined;
  readonly snapshot: ((snapshot: Snapshot) => void) | undefined;
}

const threads: Thread[] = [];
const waiting: (() => void)[] = [];
let jobs = 0;

/** Threads of this process at most: ASSAY_THREADS, else as many as the machine runs at once. Throws ParamsError for one that is no whole number ≥ 1. */
export function poolSize(): number {
  const given = process.env["ASSAY_THREADS"]?.trim();
  if (!given) return availableParallelism();
  const wanted = Number(given);
  if (Number.isInteger(wanted) && wanted >= 1) return wanted;
  throw new ParamsError(`ASSAY_THREADS: must be a whole number ≥ 1, got ${given}`);
}

/** Fits on worker threads that are started on first use, kept, and never hold the process open when idle. */
export async function fitOnPool(spec: Spec, input: Input, options: FitOptions): Promise<Fitted> {
  const asker = new Error();
  options.signal?.throwIfAborted();
  while (threads.filter(({ busy }) => busy).length >= poolSize()) await new Promise<void>((resolve) => waiting.push(resolve));
  options.signal?.throwIfAborted();
  const lead = take()!;
  const team = [lead];
  const helpers: MessagePort[] = [];
  const uncalled = new Map<Thread, MessagePort>();
  const wanted = Math.min(options.threads ?? poolSize(), poolSize());
  while (team.length < wanted) {
    const thread = take();
    if (!thread) break;
    team.push(thread);
    const { port1, port2 } = new MessageChannel();
    helpers.push(port2);
    if (thread.worker) thread.worker.postMessage({ helper: port1 }, [port1]);
    else uncalled.set(thread, port1); // most small fits ask for no help
  }
  const callTeam = (): void => {
    for (const [thread, port] of uncalled) {
      workerOf(thread).postMessage({ helper: port }, [port]);
      workerOf(thread).ref();
    }
    uncalled.clear();
  };
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
        callTeam,
        resolve,
        reject,
        progress: options.observer?.progress && inOwnName((event) => options.observer!.progress!(event)),
        snapshot: options.snapshots && inOwnName((snapshot) => options.snapshots!.take(snapshot)),
      };
      watchAbort(running, words, options.signal);
      const { everyMs = 30_000, from, soon } = options.snapshots ?? {};
      soon?.addEventListener("abort", () => Atomics.store(words, word.snapshot, 1), { once: true });
      for (const thread of team) {
        thread.running = running;
        thread.worker?.ref();
      }
      const snapshots = options.snapshots && { everyMs, from };
      const job: FitJob = { id: running.id, spec: plainSpec, input, words, threads: team.length, calls, helpers, snapshots };
      workerOf(lead).ref();
      workerOf(lead).postMessage({ job }, [...helpers, ...(calls ? [calls] : [])]);
    });
    return { ...fitted, params: spec.params };
  } catch (error) {
    throw thrown[0] ?? askedBy(asker, error);
  } finally {
    for (const port of uncalled.values()) port.close();
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

/** A function that runs in the name of whoever asks for the fit, not of whoever started the thread that calls it: a kernel shows its output with that cell. */
function inOwnName<T>(call: (given: T) => void): (given: T) => void {
  return AsyncResource.bind(call);
}

function helperPort(thread: Thread): MessagePort {
  const { port1, port2 } = new MessageChannel();
  workerOf(thread).postMessage({ helper: port1 }, [port1]);
  return port2;
}

function release(team: readonly Thread[]): void {
  for (const thread of team) {
    thread.busy = false;
    thread.running = undefined;
    thread.worker?.unref();
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
  const idle = threads.filter(({ busy }) => !busy);
  let thread = idle.find(({ worker }) => worker) ?? idle[0];
  if (!thread) {
    if (threads.length >= poolSize()) return undefined;
    thread = { busy: false };
    threads.push(thread);
  }
  thread.busy = true;
  return thread;
}

function workerOf(thread: Thread): Worker {
  thread.worker ??= start(thread);
  return thread.worker;
}

/** A thread inherits this process's flags; --input-type, of a program given as text, would keep it from reading its own file. */
function flags(): { readonly execArgv?: string[] } {
  const { execArgv } = process;
  if (!execArgv.some((flag) => flag.startsWith("--input-type"))) return {};
  return { execArgv: execArgv.filter((flag) => /^--(conditions|import)=/.test(flag)) };
}

function start(thread: Thread): Worker {
  const worker = new Worker(entry, { workerData: { assayWorker: true }, name: "assay", ...flags() });
  worker.unref();
  worker.on(
    "message",
    (message: {
      id: number;
      fitted?: Fitted;
      error?: Error;
      progress?: readonly Progress[];
      snapshot?: Snapshot;
      needsTeam?: boolean;
    }) => {
      const running = thread.running;
      if (!running || running.id !== message.id) return;
      if (message.progress) for (const event of message.progress) running.progress?.(event);
      else if (message.snapshot) running.snapshot?.(message.snapshot);
      else if (message.needsTeam) running.callTeam();
      else if (message.error) running.reject(reviveError(message.error));
      else running.resolve(message.fitted!);
    },
  );
  const lost = (why: string): void => {
    forget(thread);
    const { running } = thread;
    if (!running) return;
    for (const member of running.team) end(member); // the others would wait for its pieces
    running.reject(new StoreError(`a worker thread ended in the middle of a fit: ${why}`));
  };
  worker.on("error", (error) => lost(error.message));
  worker.on("exit", (code) => lost(`exit code ${code}`));
  return worker;
}

function forget(thread: Thread): void {
  const place = threads.indexOf(thread);
  if (place >= 0) threads.splice(place, 1);
}

function end(thread: Thread): void {
  forget(thread);
  void thread.worker?.terminate();
}

function withoutFunctions(value: unknown, found: UserFunction[]): unknown {
  if (typeof value === "function") return { $function: found.push(value as UserFunction) - 1 };
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((entry) => withoutFunctions(entry, found));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withoutFunctions(entry, found)]));
}
