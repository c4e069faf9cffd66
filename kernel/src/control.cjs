"use strict";
// The control channel: answered on the channel thread, whatever the main thread is doing.
const inspector = require("node:inspector");
const { log } = require("./log.cjs");
const { signals } = require("./signals.cjs");
const { createUsage } = require("./usage.cjs");

const stepMs = 10;
/** So long may code hold the main thread after an interrupt. */
const heldMs = 250;
/** So long may code between cells keep a cell from its turn: an idle thread, which looks the same, begins with it sooner. */
const keptMs = 400;
const interruptLimitMs = 10_000;
const graceMs = 1_000;
const parentPollMs = 1_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {{ info: object, memory: SharedArrayBuffer, outlets: Record<string, ReturnType<import("./outlet.cjs").createOutlet>>,
 *   left: () => Promise<void>, tellMain: (message?: { type: string }) => void, arrived: () => number }} parts info is the content of
 *   kernel_info_reply, left resolves when what was handed to ZeroMQ has left, arrived is how many requests to execute have come
 */
function createControl({ info, memory, outlets, left, tellMain, arrived }) {
  const flags = signals(memory);
  const usage = createUsage();
  watchParent(end);

  /**
   * Stops the oldest cell that has not ended, and no later one. The main thread does so by itself as soon as it is free; user's code that
   * holds it is ended. Where that is the code of a timer, which no cell awaits, a cell that waits for its turn gets it.
   */
  async function interrupt() {
    let number = flags.wish(arrived());
    tellMain();
    let held = 0;
    let kept = 0;
    for (let waited = 0; waited < interruptLimitMs && flags.wished(number); waited += stepMs) {
      held = flags.runs(number) ? held + stepMs : 0;
      kept = flags.runs(0) ? kept + stepMs : 0;
      const running = kept >= keptMs ? 0 : number;
      if ((held >= heldMs || kept >= keptMs) && flags.aim(running)) {
        number = running;
        held = kept = 0;
        await Promise.race([strike(number), sleep(interruptLimitMs - waited)]);
      }
      await sleep(stepMs);
    }
    return { status: "ok" };
  }

  async function strike(number) {
    await new Promise((done) => {
      terminate(done);
      tellMain(); // a thread that waits for something is struck when it next does anything
    });
    flags.struck(number);
    tellMain();
  }

  /** Lets the main thread run its exit handlers, then ends the process even if that thread is stuck. */
  async function end() {
    const drained = Promise.all([outlets.iopub.drained(), outlets.shell.drained(), outlets.control.drained()]);
    const late = sleep(graceMs);
    await Promise.race([drained.then(left).catch(() => late), late]);
    tellMain({ type: "end", text: "{}", ids: [], buffers: [], number: 0, receivedAt: 0 });
    await sleep(graceMs);
    process.kill(process.pid, "SIGKILL");
  }

  const answers = {
    kernel_info_request: () => info,
    interrupt_request: interrupt,
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
    usage_request: () => usage(),
  };

  return {
    end,
    /** Answers a request between `busy` and `idle`; an unknown one is logged. */
    async handle(message) {
      const { ids, header: parent } = message;
      const type = parent.msg_type;
      const publish = (kind, content) => outlets.iopub.send({ ids: [kind], type: kind, parent, content });
      const status = (state) => publish("status", JSON.stringify({ execution_state: state }));
      status("busy");
      try {
        if (!Object.hasOwn(answers, type)) log(`control: unknown request ${JSON.stringify(type)}`);
        else {
          const content = JSON.stringify(await answers[type](message));
          outlets.control.send({ ids, type: type.replace(/_request$/, "_reply"), parent, content });
          if (type === "shutdown_request") publish("shutdown_reply", content); // for the other front ends
        }
      } catch (error) {
        log(error);
      }
      status("idle");
      if (type === "shutdown_request") await end();
    },
  };
}

/** Ends whatever the main thread executes. The session lasts only as long: Node does not exit while a debugger is connected. */
function terminate(done) {
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    done();
  });
}

/** Calls `gone` when the Jupyter server that started this process has died; a kernel started by hand has no such server. */
function watchParent(gone) {
  if (!process.env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, parentPollMs);
}

module.exports = { createControl };
