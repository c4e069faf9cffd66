import { type MessagePort, parentPort, receiveMessageOnPort, type Transferable } from "node:worker_threads";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import type { FitContext, FitSnapshots, Fitted, Progress, ReadTarget, Snapshot, Spec } from "./contract.ts";
import { type CrewCall, joinCrew, openCrew } from "./crew.ts";
import { reviveError } from "./errors.ts";
import { fitSync } from "./run.ts";

/** The input of a fit, ready to cross to a thread: large arrays lie in shared memory. */
export interface Input {
  readonly x: Matrix | ColumnInput;
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Number of classes; 0 outside classification. */
  readonly classes: number;
  /** Number of each row's query, for rankers (n). */
  readonly groups?: Int32Array;
  /** The model to go on from. */
  readonly warmStart?: Fitted;
  /** All targets, for estimators of several outputs. */
  readonly targets?: readonly ReadTarget[];
}

/** A table's columns; row-major order is made on the worker. */
export interface ColumnInput {
  readonly rows: number;
  readonly names: readonly string[];
  readonly levels: readonly (readonly string[] | undefined)[];
  /** Numbers; codes with −1 for missing; booleans with 255 for missing. */
  readonly values: readonly (Float64Array | Int32Array | Uint8Array)[];
}

/** A fit as it is sent to a thread. */
export interface FitJob {
  readonly id: number;
  readonly spec: Spec;
  readonly input: Input;
  /** Words shared with the caller: see `word`. */
  readonly words: Int32Array;
  readonly threads: number;
  /** Where functions of the user are asked for, when the parameters hold some. */
  readonly calls: MessagePort | undefined;
  /** Ports to the threads that help, once they have been called. */
  readonly helpers: readonly MessagePort[];
  /** How often the fit's state is kept, and the one to go on from. */
  readonly snapshots?: { readonly everyMs: number; readonly from: Snapshot | undefined } | undefined;
}

/** Places in a job's shared words. */
export const word = { abort: 0, answered: 1, snapshot: 2 } as const;

/** Progress is told so often. */
const betweenMs = 100;
/** Steps with metrics are all told, up to so many in that time: a solver of a million sweeps does not flood its observer. */
const stepsMost = 1000;

interface Work {
  readonly name: string;
  readonly shared: unknown;
  readonly count: number;
  /** Word 0: the next piece; word 1: pieces finished. */
  readonly counter: Int32Array;
  readonly words: Int32Array;
}
interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}
type Piece = { readonly index: number; readonly value: unknown } | { readonly error: PlainError };

const works = new Map<string, (shared: never) => (index: number, checkpoint: () => void) => unknown>();

/**
 * Defines a work that `context.parallel` spreads over threads: `prepare` runs once a thread on the shared data and gives the function
 * for one piece, whose result is plain data. Pieces must not depend on each other or on the thread they run on.
 */
export function defineWork<S, R>(name: string, prepare: (shared: S) => (index: number, checkpoint: () => void) => R): void {
  works.set(name, prepare);
}

/** Makes this worker thread serve the pool. */
export function serve(): void {
  parentPort!.on("message", (message: { job?: FitJob; helper?: MessagePort }) => {
    if (message.helper) help(message.helper);
    else runJob(message.job!);
  });
}

function runJob(job: FitJob): void {
  const told = inBatches((progress) => parentPort!.postMessage({ id: job.id, progress }));
  const context = makeContext(job.input, job.threads, () => Atomics.load(job.words, word.abort) === 1, told.add, job);
  const tellRest = (): void => {
    context.tellLast();
    told.flush();
  };
  try {
    const spec = job.calls ? { ...job.spec, params: withFunctions(job.spec.params, job) as Spec["params"] } : job.spec;
    const fitted = fitSync(spec, assemble(job.input.x), job.input.y, { ...context, snapshots: openSnapshots(job, tellRest) });
    const { value, transfer } = portable(fitted.state);
    tellRest();
    parentPort!.postMessage({ id: job.id, fitted: { ...fitted, params: null, state: value } }, transfer);
  } catch (error) {
    tellRest();
    parentPort!.postMessage({ id: job.id, error: plainError(error) });
  } finally {
    for (const port of job.helpers) port.close();
    job.calls?.close();
  }
}

/** Progress of a tenth of a second goes to the caller in one message; `flush` sends what waits. */
function inBatches(send: (events: readonly Progress[]) => void) {
  let waiting: Progress[] = [];
  let sent = -Infinity;
  const flush = (): void => {
    if (waiting.length > 0) send(waiting);
    waiting = [];
    sent = performance.now();
  };
  const add = (event: Progress): void => {
    waiting.push(event);
    if (event.step === event.steps || performance.now() - sent >= betweenMs) flush();
  };
  return { add, flush };
}

/** Sends the fit's state to the caller when it is time, or when the caller asks; what was told of the steps up to it goes before. */
function openSnapshots({ id, snapshots, words }: FitJob, flush: () => void): FitSnapshots | undefined {
  if (!snapshots) return undefined;
  let last = performance.now();
  return {
    from: snapshots.from?.state,
    keep(step, steps, make) {
      const isAsked = Atomics.exchange(words, word.snapshot, 0) === 1;
      if (!isAsked && performance.now() - last < snapshots.everyMs) return;
      const snapshot: Snapshot = { step, steps, state: portable(make()).value };
      flush();
      parentPort!.postMessage({ id, snapshot }); // copied, not moved: the fit goes on with its arrays
      last = performance.now();
    },
  };
}

/** Serves another thread's fit until it closes the port. */
function help(port: MessagePort): void {
  port.on("message", (work: Work | CrewCall) => {
    if ("crew" in work) return joinCrew(work, port);
    const checkpoint = (): void => {
      if (Atomics.load(work.words, word.abort)) throw aborted();
    };
    let run: ((index: number, checkpoint: () => void) => unknown) | undefined;
    for (let index = next(work); index < work.count; index = next(work)) {
      try {
        run ??= works.get(work.name)!(work.shared as never);
        const { value, transfer } = portable(run(index, checkpoint));
        port.postMessage({ index, value } satisfies Piece, transfer);
      } catch (error) {
        port.postMessage({ error: plainError(error) } satisfies Piece);
      }
      Atomics.add(work.counter, 1, 1);
      Atomics.notify(work.counter, 1);
    }
  });
}

function next({ counter }: Work): number {
  return Atomics.add(counter, 0, 1);
}

/**
 * What a fit may ask of its surroundings; without a job everything happens on this thread. Of more than a thousand steps in a tenth of a second some are
 * left out; whoever runs the fit calls `tellLast` behind it, so that the last step is never one of them.
 */
export function makeContext(
  input: Pick<Input, "classes" | "weights" | "groups" | "warmStart" | "targets">,
  threads: number,
  isAborted: () => boolean,
  report: (progress: Progress) => void,
  job?: Pick<FitJob, "id" | "words" | "helpers">,
): FitContext & { tellLast(): void } {
  const begin = performance.now();
  let last = -Infinity;
  let counted = 0;
  let countedSince = begin;
  let told: number | undefined;
  let untold: Progress | undefined;
  const tellLast = (): void => {
    if (untold) report(untold);
    untold = undefined;
  };
  const checkpoint: FitContext["checkpoint"] = (step, steps = 0, metrics) => {
    if (isAborted()) throw aborted();
    if (step === undefined) return;
    const now = performance.now();
    const isNews = metrics !== undefined && step !== told;
    if (now - countedSince >= betweenMs) [counted, countedSince] = [0, now];
    const isTold = step === steps || (isNews ? counted < stepsMost : now - last >= betweenMs);
    if (!isTold && !isNews) return;
    const event = { step, steps, metrics: metrics ?? {}, elapsedMs: now - begin };
    if (!metrics) tellLast(); // a step without metrics does not make up for one with them
    untold = isTold ? undefined : event;
    if (!isTold) return;
    counted++;
    last = now;
    told = step;
    report(event);
  };
  let isCalled = false;
  /** Threads that have not begun are started when a fit first has work for them. */
  const callHelpers = (): readonly MessagePort[] => {
    if (job && job.helpers.length > 0 && !isCalled) parentPort!.postMessage({ id: job.id, needsTeam: true });
    isCalled = true;
    return job?.helpers ?? [];
  };
  return {
    classes: input.classes,
    weights: input.weights,
    groups: input.groups,
    targets: input.targets,
    warmStart: input.warmStart,
    snapshots: undefined,
    threads,
    checkpoint,
    tellLast,
    parallel: (name, shared, count, done) =>
      parallel(
        name,
        shared,
        count,
        checkpoint,
        { words: job?.words ?? new Int32Array(1), helpers: count > 1 ? callHelpers() : [] },
        done,
      ),
    crew: (name, shared, limit = threads) => openCrew(name, shared, limit > 1 ? callHelpers().slice(0, limit - 1) : []),
  };
}

function parallel<R>(
  name: string,
  shared: unknown,
  count: number,
  checkpoint: () => void,
  { words, helpers }: Pick<FitJob, "words" | "helpers">,
  done: (finished: number) => void = () => {},
): R[] {
  const run = works.get(name)!(shared as never);
  const results = new Array<R>(count);
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const work: Work = { name, shared, count, counter, words };
  for (const port of helpers) port.postMessage(work);
  let finished = 0;
  const collect = (): void => {
    for (const port of helpers)
      for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port)) {
        const piece = message.message as Piece;
        if ("error" in piece) {
          Atomics.store(counter, 0, count);
          throw reviveError(piece.error);
        }
        results[piece.index] = piece.value as R;
        done(++finished);
      }
  };
  try {
    for (let index = next(work); index < count; index = next(work)) {
      results[index] = run(index, checkpoint) as R;
      done(++finished);
      Atomics.add(counter, 1, 1);
      collect();
    }
    while (finished < count) {
      const seen = Atomics.load(counter, 1);
      collect();
      checkpoint();
      if (finished < count) Atomics.wait(counter, 1, seen, 20);
    }
  } catch (error) {
    Atomics.store(counter, 0, count); // nobody begins another piece
    throw error;
  }
  return results;
}

/** Row-major from columns, in blocks so that both sides stay in cache. */
export function assemble(x: Input["x"]): Matrix {
  if ("data" in x) return x;
  const { rows, names, levels, values } = x;
  const columns = values.length;
  const data = sharedFloat64(rows * columns);
  for (let begin = 0; begin < rows; begin += 512) {
    const end = Math.min(rows, begin + 512);
    for (let j = 0; j < columns; j++) {
      const column = values[j]!;
      if (column instanceof Float64Array) for (let i = begin; i < end; i++) data[i * columns + j] = column[i]!;
      else {
        const none = column instanceof Int32Array ? -1 : 255;
        for (let i = begin; i < end; i++) data[i * columns + j] = column[i] === none ? Number.NaN : column[i]!;
      }
    }
  }
  return { rows, columns, data, names, levels };
}

/** A function of the user becomes one that asks the caller's thread and waits for the answer. */
function withFunctions(value: unknown, job: FitJob): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if ("$function" in value) return (...args: unknown[]) => ask(job, value.$function as number, args);
  if (Array.isArray(value)) return value.map((entry) => withFunctions(entry, job));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withFunctions(entry, job)]));
}

function ask({ words, calls }: FitJob, call: number, args: unknown[]): unknown {
  Atomics.store(words, word.answered, 0);
  calls!.postMessage({ call, args });
  while (Atomics.load(words, word.answered) === 0) {
    Atomics.wait(words, word.answered, 0, 1000);
    if (Atomics.load(words, word.abort)) throw aborted();
  }
  const answer = receiveMessageOnPort(calls!)!.message as { value?: unknown; thrown?: boolean };
  if (answer.thrown) throw new Error("the user's function threw"); // the caller keeps the original error
  return answer.value;
}

/** State ready to be moved: whole unshared buffers are transferred, views of larger or shared memory are copied first. */
function portable(state: unknown): { value: unknown; transfer: Transferable[] } {
  const transfer = new Set<ArrayBuffer>();
  const walk = (value: unknown): unknown => {
    if (typeof value === "function" || typeof value === "symbol")
      throw new TypeError(`state must be plain data, it holds a ${typeof value}`);
    if (ArrayBuffer.isView(value)) {
      const own = ownBuffer(value as Float64Array);
      transfer.add(own.buffer as ArrayBuffer);
      return own;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, walk(entry)]));
    }
    return value;
  };
  return { value: walk(state), transfer: [...transfer] };
}

function ownBuffer(array: Float64Array): Float64Array {
  const whole = array.byteLength === array.buffer.byteLength && !(array.buffer instanceof SharedArrayBuffer);
  if (whole) return array;
  const kind = array.constructor as new (values: ArrayLike<number>) => Float64Array;
  return new kind(array);
}

/** The error that ends an aborted fit. */
function aborted(): DOMException {
  return new DOMException("the fit was aborted", "AbortError");
}

function plainError(error: unknown): PlainError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack };
}
