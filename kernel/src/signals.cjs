"use strict";
// Who holds the main thread, and which request is to stop: three shared integers, changed in single steps, since either thread may be stuck.
//
// What runs may be ended from outside only while the thread is the user's. Our code takes the thread by the same integer: it has it before an
// ending is aimed, or waits until that has struck. So it is never torn out of its work, and an ending meets no other cell than it was meant for.

/** Our code holds the main thread. */
const ours = 0;
/** The user's code holds it, or nobody does. */
const users = 1;
/** It is the user's, and what runs is being ended. */
const ending = 2;

const heldAt = 0;
const wishedAt = 1;
const endedAt = 2;

/**
 * Flags over shared memory. Requests that execute code are numbered from 1 as they arrive; 0 stands for what runs between them.
 * @param {SharedArrayBuffer} memory 12 bytes
 */
function signals(memory = new SharedArrayBuffer(12)) {
  const words = new Int32Array(memory);
  const held = (request, holder) => request * 4 + holder;
  const request = () => Atomics.load(words, heldAt) >> 2;
  const holder = () => Atomics.load(words, heldAt) & 3;
  const change = (at, from, to) => Atomics.compareExchange(words, at, from, to) === from;
  /** One more than the request that is to stop; 0 where none is. */
  const wish = (number) => number + 1;

  const enter = () => change(heldAt, held(request(), users), held(request(), ours));
  const leave = () => Atomics.store(words, heldAt, held(request(), users));

  return {
    memory,

    // the main thread's

    /** Takes the thread for our code; false while what runs is being ended: the channel thread rings again after that. */
    enter,
    /** Gives the thread to the user's code. */
    leave,
    /** Whether the thread is the user's, or nobody's. */
    free: () => holder() === users,
    /** Runs our code without a break, which an ending waits for; while one is under way, `otherwise` is run in its place. */
    own(work, otherwise = () => undefined) {
      const nested = holder() === ours;
      if (!nested && !enter()) return otherwise();
      try {
        return work();
      } finally {
        if (!nested) leave();
      }
    },
    /** Our code begins with a request. */
    begin(number) {
      Atomics.store(words, heldAt, held(number, ours));
      change(wishedAt, wish(0), 0); // what ran before has given the thread back by itself
    },
    /** Our code is done with a request. */
    end(number) {
      Atomics.store(words, endedAt, number);
      Atomics.store(words, heldAt, held(0, ours));
    },
    /** Takes the wish that what runs now should stop; false where there is none. */
    heed: () => holder() !== ending && change(wishedAt, wish(request()), 0),

    /** Whether there is such a wish; it stays. */
    asked: () => Atomics.load(words, wishedAt) === wish(request()),

    // the channel thread's

    /** Wishes that the oldest request that has not ended should stop, else what runs between them; answers its number. */
    wish(arrived) {
      const ended = Atomics.load(words, endedAt);
      const number = ended < arrived ? ended + 1 : 0;
      Atomics.store(words, wishedAt, wish(number));
      return number;
    },
    /** Whether the wish is still open. */
    wished: (number) => Atomics.load(words, wishedAt) === wish(number) && (number === 0 || Atomics.load(words, endedAt) < number),
    /** Whether the user's code of a request holds the main thread. */
    runs: (number) => Atomics.load(words, heldAt) === held(number, users),
    /** Keeps our code from taking the thread of a request until `struck`; false where it has the thread. */
    aim: (number) => change(heldAt, held(number, users), held(number, ending)),
    /** What ran has been ended, and its request is still to stop. */
    struck(number) {
      Atomics.store(words, wishedAt, wish(number));
      Atomics.store(words, heldAt, held(number, users));
    },
  };
}

module.exports = { signals };
