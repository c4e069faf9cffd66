import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { reviveError } from "./errors.ts";

/**
 * Threads that take part in one fit from begin to end. Where `context.parallel` sends messages, a crew shares memory: handing out an
 * operation costs about a microsecond, so an algorithm may do it ten thousand times.
 */
export interface Crew {
  /** Threads that may take pieces, the caller's among them. */
  readonly size: number;
  /**
   * Runs the pieces 0 … pieces − 1 (at most 4095) of an operation on whichever threads are free, this one among them, and returns when
   * all are finished. What a piece needs to know lies in memory that the threads share. Throws what a piece threw.
   */
  run(operation: number, pieces: number): void;
  /** Sends the helpers home; to be called in a `finally`. */
  end(): void;
}

/** Does one piece of an operation. */
export type CrewMember = (operation: number, piece: number) => void;

/** A crew's call to a helper thread. */
export interface CrewCall {
  readonly crew: string;
  readonly shared: unknown;
  readonly control: Int32Array;
}

const crews = new Map<string, (shared: never) => CrewMember>();

/**
 * Defines a crew for `context.crew`: `prepare` runs once a thread on the shared data and gives the function for a piece. Pieces must not
 * depend on each other nor on the thread they run on.
 */
export function defineCrew<S>(name: string, prepare: (shared: S) => CrewMember): void {
  crews.set(name, prepare);
}

/** Places in the control words: `claim` holds the number of the operation (20 bits) over the number of pieces nobody took yet (12). */
const word = { claim: 0, finished: 1, sleepers: 2, operation: 3, ended: 4, failed: 5 } as const;
const pieceBits = 12;
const pieceMask = (1 << pieceBits) - 1;
/** Looks at the claim word before a thread lies down to wait: about 50 µs. */
const spins = 10_000;

/** Makes a crew of this thread and the helpers behind the ports. */
export function openCrew(name: string, shared: unknown, ports: readonly MessagePort[]): Crew {
  const control = new Int32Array(new SharedArrayBuffer(64));
  const member = crews.get(name)!(shared as never);
  for (const port of ports) port.postMessage({ crew: name, shared, control } satisfies CrewCall);
  let operations = 0;

  const run = (operation: number, pieces: number): void => {
    if (ports.length === 0 || pieces === 1) {
      for (let piece = 0; piece < pieces; piece++) member(operation, piece);
      return;
    }
    Atomics.store(control, word.finished, 0);
    Atomics.store(control, word.operation, operation);
    operations = (operations + 1) & 0xf_ffff;
    Atomics.store(control, word.claim, (operations << pieceBits) | pieces);
    if (Atomics.load(control, word.sleepers) > 0) Atomics.notify(control, word.claim);
    for (let piece = claim(control); piece >= 0; piece = claim(control)) {
      member(operation, piece);
      Atomics.add(control, word.finished, 1);
    }
    for (let spin = 0; Atomics.load(control, word.finished) < pieces; spin++)
      if (spin > spins) Atomics.wait(control, word.finished, Atomics.load(control, word.finished), 0.2);
    if (Atomics.load(control, word.failed)) throw firstError(ports);
  };

  const end = (): void => {
    Atomics.store(control, word.ended, 1);
    Atomics.store(control, word.claim, (operations + 1) << pieceBits);
    Atomics.notify(control, word.claim);
  };
  return { size: ports.length + 1, run, end };
}

/** Serves a crew on a helper thread until it ends. */
export function joinCrew({ crew, shared, control }: CrewCall, port: MessagePort): void {
  if (Atomics.load(control, word.ended)) return;
  const member = prepared(crew, shared, control, port);
  for (let idle = 0; !Atomics.load(control, word.ended); ) {
    const piece = claim(control);
    if (piece < 0) {
      if (++idle > spins) sleep(control);
      continue;
    }
    idle = 0;
    try {
      member(Atomics.load(control, word.operation), piece);
    } catch (error) {
      fail(error as Error, control, port);
    }
    Atomics.add(control, word.finished, 1);
  }
}

/** Prepares before the first piece is taken: nobody waits for it. */
function prepared(crew: string, shared: unknown, control: Int32Array, port: MessagePort): CrewMember {
  try {
    return crews.get(crew)!(shared as never);
  } catch (error) {
    fail(error as Error, control, port);
    return () => {};
  }
}

function fail({ name, message, stack }: Error, control: Int32Array, port: MessagePort): void {
  port.postMessage({ error: { name, message, stack } });
  Atomics.store(control, word.failed, 1);
}

/** Takes a piece; −1 when none is left. */
function claim(control: Int32Array): number {
  for (;;) {
    const seen = Atomics.load(control, word.claim);
    const left = seen & pieceMask;
    if (left === 0) return -1;
    if (Atomics.compareExchange(control, word.claim, seen, seen - 1) === seen) return left - 1;
  }
}

/** Waits until the claim word changes; a change between the look and the wait ends it at once. */
function sleep(control: Int32Array): void {
  Atomics.add(control, word.sleepers, 1);
  const seen = Atomics.load(control, word.claim);
  if ((seen & pieceMask) === 0) Atomics.wait(control, word.claim, seen, 50);
  Atomics.sub(control, word.sleepers, 1);
}

function firstError(ports: readonly MessagePort[]): Error {
  for (const port of ports) {
    const received = receiveMessageOnPort(port);
    if (received) return reviveError(received.message.error);
  }
  return new Error("a helper failed without a word");
}
