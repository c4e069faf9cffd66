"use strict";
// What the main thread and the channel thread tell each other while one of them may be stuck: three shared integers.

/** Nothing of the user's runs. */
const idle = 0;
/** The type checker runs: it must not be torn out of its work. */
const compiling = 1;
/** A cell runs. */
const running = 2;

const phaseAt = 0;
const requestedAt = 1;
const signalledAt = 2;

/**
 * Flags over shared memory.
 * @param {SharedArrayBuffer} memory 12 bytes
 */
function signals(memory = new SharedArrayBuffer(12)) {
  const flags = new Int32Array(memory);
  return {
    memory,
    get phase() {
      return Atomics.load(flags, phaseAt);
    },
    set phase(value) {
      Atomics.store(flags, phaseAt, value);
    },
    /** Runs a piece of the compiler's work, which an interrupt waits for. */
    whileCompiling(work) {
      const before = Atomics.exchange(flags, phaseAt, compiling);
      try {
        return work();
      } finally {
        Atomics.store(flags, phaseAt, before);
      }
    },
    /** An interrupt is wanted and nobody has taken it yet. */
    get requested() {
      return Atomics.load(flags, requestedAt) === 1;
    },
    request: () => Atomics.store(flags, requestedAt, 1),
    /** Takes the wanted interrupt; false when there was none or somebody took it before. */
    take: () => Atomics.exchange(flags, requestedAt, 0) === 1,
    /** The channel thread is about to send SIGINT. */
    signal: () => Atomics.store(flags, signalledAt, 1),
    /** Whether a SIGINT came from the channel thread, asked once. */
    takeSignal: () => Atomics.exchange(flags, signalledAt, 0) === 1,
    /** Forgets every wish: a cell has ended. */
    clear() {
      Atomics.store(flags, requestedAt, 0);
      Atomics.store(flags, signalledAt, 0);
      Atomics.store(flags, phaseAt, idle);
    },
  };
}

module.exports = { signals, idle, compiling, running };
