"use strict";
// Starts a compiler's thread: the first one from the main thread, later ones from the channel thread, since cells may have broken what Node needs
// to start a thread.
const { join } = require("node:path");
const { MessageChannel, Worker } = require("node:worker_threads");
const { log } = require("../log.cjs");

/** The shared integers of a compiler and who asks it. */
const words = { answered: 0, urgent: 1, stop: 2, ready: 3, gone: 4 };

/**
 * @param {{ kind: string, folder: string, kernelFile: string | undefined }} facts folder is the notebook's, kernelFile the kernel's program
 * @returns the thread, its `memory`, the port `main` for tasks and the port `questions`
 */
function beginCompiler({ kind, folder, kernelFile }) {
  const memory = new SharedArrayBuffer(4 * Object.keys(words).length);
  const { port1: main, port2: work } = new MessageChannel();
  const { port1: questions, port2: answers } = new MessageChannel();
  const thread = new Worker(join(__dirname, "thread.cjs"), {
    workerData: { kind, folder, memory, work, questions: answers, kernelFile },
    transferList: [work, answers],
    execArgv: [],
  });
  thread.unref();
  thread.on("error", log);
  thread.on("exit", () => markGone(memory));
  return { thread, memory, main, questions };
}

/** Says that a compiler's thread has ended, to who waits for it. */
function markGone(memory) {
  const flags = new Int32Array(memory);
  Atomics.store(flags, words.gone, 1);
  Atomics.notify(flags, words.answered);
}

module.exports = { beginCompiler, markGone, words };
