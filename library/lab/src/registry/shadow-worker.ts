import { Worker } from "node:worker_threads";
import { programFlags, programPath } from "../program.ts";
import type { ShadowAnswer, ShadowQuestion } from "./shadow-thread.ts";

/** A shadow that has said nothing for so long is ended with its thread. */
const patienceMs = 30_000;

let thread: Worker | undefined;
let hear: ((answer: ShadowAnswer) => void) | undefined;

/**
 * Asks a shadow in the thread that all of them share: however slow it is, answers are made meanwhile, and what it does to the thread ends the
 * thread only; the next question gets another. To be asked one at a time. Never rejects.
 */
export async function askShadowThread(question: ShadowQuestion): Promise<ShadowAnswer> {
  const worker = (thread ??= startThread());
  worker.ref();
  const late = setTimeout(() => {
    fail(`was ended: it said nothing for ${patienceMs / 1000} s`);
    endShadowThread();
  }, patienceMs);
  try {
    return await new Promise<ShadowAnswer>((resolve) => {
      hear = resolve;
      worker.postMessage(question);
    });
  } finally {
    hear = undefined;
    clearTimeout(late);
    worker.unref(); // an idle one holds no process
  }
}

/** Ends the thread; another starts with the next question. */
export function endShadowThread(): void {
  void thread?.terminate();
  thread = undefined;
}

function startThread(): Worker {
  const worker = new Worker(programPath(), { argv: ["shadow"], execArgv: programFlags(), stdout: true, stderr: true });
  worker.on("message", (answer: ShadowAnswer) => hear?.(answer));
  worker.on("error", (error) => thread === worker && fail(`failed: ${error.message}`));
  worker.on("exit", (code) => {
    if (thread !== worker) return;
    thread = undefined;
    fail(`ended with code ${code}`);
  });
  return worker;
}

function fail(why: string): void {
  hear?.({ error: `the shadow's thread ${why}`, broken: true });
}
