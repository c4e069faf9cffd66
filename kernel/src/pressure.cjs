"use strict";
// How much of what cells publish has not left yet. A cell that publishes more than leaves waits, so that neither memory nor the time to its
// interrupt grows: the channel thread never has more than this before it when an interrupt comes.

/** Characters and bytes. */
const limit = 4_000_000;
/** What a message weighs beside its text. */
const envelope = 500;
const heaviest = 2 ** 28;
const lookMs = 20;

/** @param {SharedArrayBuffer} memory 4 bytes */
function createPressure(memory = new SharedArrayBuffer(4)) {
  const words = new Int32Array(memory);
  return {
    memory,
    /** What a message weighs, by the length of its text and its buffers. */
    weigh: (length) => Math.min(heaviest, envelope + length),
    /** The main thread's: has published so much. */
    add: (weight) => void Atomics.add(words, 0, weight),
    /** The main thread's, while cells hold it: waits while there is too much. What runs may be ended here. */
    yield() {
      for (let now = Atomics.load(words, 0); now > limit; now = Atomics.load(words, 0)) Atomics.wait(words, 0, now, lookMs);
    },
    /** The channel thread's: so much has left. */
    remove(weight) {
      Atomics.sub(words, 0, weight);
      Atomics.notify(words, 0);
    },
  };
}

module.exports = { createPressure };
