import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "assay";
import { z } from "zod";
import { defineJobKind } from "../jobs/kinds.ts";
import { ActiveRun } from "../tracking/index.ts";

// Jobs that behave as jobs should not; workers of tests know them by NODE_OPTIONS=--import.

/** Gives its request back. */
defineJobKind({ name: "test-echo", request: z.looseObject({}), run: async (_, request) => request });

/** Sleeps; `deaf` ignores the abort and never yields. */
defineJobKind({
  name: "test-sleep",
  request: z.object({ ms: z.number(), deaf: z.boolean().default(false) }),
  async run(_, { ms, deaf }, { signal, log, progress }) {
    log(`sleeping ${ms} ms`);
    progress(1, 4);
    await sleep(700); // long enough for both to be written
    const end = Date.now() + ms;
    if (deaf) while (Date.now() < end) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    else await sleep(ms, undefined, { signal });
    return { slept: ms };
  },
});

/** Ends its process in the middle of it. */
defineJobKind({
  name: "test-crash",
  request: z.object({ how: z.enum(["abort", "exit", "throw", "memory", "away"]), until: z.number().default(1e9) }),
  async run(_, { how, until }, { attempt }) {
    if (attempt >= until) return { attempt };
    if (how === "abort") process.kill(process.pid, "SIGSEGV");
    if (how === "exit") process.exit(7);
    if (how === "away") throw new StoreError("the disk is away");
    if (how === "throw") throw new Error("this job cannot be done");
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(2 ** 24, 1));
      await sleep(10);
    }
  },
});

/** Logs one point a step into its run, and keeps a checkpoint after each; a first attempt goes on behind its third step once the file `after` is there. */
defineJobKind({
  name: "test-steps",
  request: z.object({ steps: z.number(), ms: z.number(), after: z.string().optional() }),
  plan: async (_, request) => ({ request, run: { algorithm: "steps" } }),
  async run(session, { steps, ms, after }, { runId, signal, checkpoints, attempt }) {
    const run = new ActiveRun(session, runId!);
    for (let step = 1 + (checkpoints.latest?.step ?? 0); step <= steps; step++) {
      signal.throwIfAborted();
      run.log({ step, attempt }, { step });
      await run.flush();
      await checkpoints.save({ step, steps, state: { step } });
      await sleep(ms);
      while (attempt === 1 && step === 3 && after !== undefined && !existsSync(after)) {
        signal.throwIfAborted();
        await sleep(20);
      }
    }
    return { steps };
  },
});
