"use strict";
// The control channel: answered on the channel thread, whatever the main thread is doing.
const inspector = require("node:inspector");
const { log } = require("./log.cjs");
const { signals, compiling, running } = require("./signals.cjs");
const { createUsage } = require("./usage.cjs");

const stepMs = 10;
const quietMs = 250;
const interruptLimitMs = 10_000;
/** What has been handed to ZeroMQ leaves on a thread of its own. */
const flushMs = 50;
const graceMs = 1_000;
const parentPollMs = 1_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {{ info: object, memory: SharedArrayBuffer, outlets: Record<string, ReturnType<import("./outlet.cjs").createOutlet>>,
 *   tellMain: (message: { type: string }) => void }} parts info is the content of kernel_info_reply
 */
function createControl({ info, memory, outlets, tellMain }) {
  const flags = signals(memory);
  const usage = createUsage();
  watchParent(end);

  /**
   * Stops the running cell. A cell's synchronous first part is stopped by SIGINT, waiting code by the main thread itself; code that
   * holds the main thread later (a loop after an await, or in a timer) is terminated through the inspector.
   */
  async function interrupt() {
    flags.request();
    tellMain({ type: "interrupt" });
    let signalled = false;
    let quiet = 0;
    for (let waited = 0; waited < interruptLimitMs && flags.requested; waited += stepMs) {
      if (flags.phase === running && !signalled) {
        signalled = true;
        flags.signal();
        process.kill(process.pid, "SIGINT");
      }
      quiet = flags.phase === compiling ? 0 : quiet + stepMs;
      if (quiet >= quietMs) {
        quiet = 0;
        terminate();
      }
      await sleep(stepMs);
    }
    flags.take();
    return { status: "ok" };
  }

  /** Lets the main thread run its exit handlers, then ends the process even if that thread is stuck. */
  async function end() {
    await Promise.all([outlets.iopub.drained(), outlets.shell.drained(), outlets.control.drained()]);
    await sleep(flushMs);
    tellMain({ type: "end" });
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
      const status = (state) =>
        outlets.iopub.send({
          ids: [Buffer.from("status")],
          type: "status",
          parent,
          content: JSON.stringify({ execution_state: state }),
        });
      status("busy");
      try {
        if (!Object.hasOwn(answers, type)) log(`control: unknown request ${JSON.stringify(type)}`);
        else {
          const content = JSON.stringify(await answers[type](message));
          outlets.control.send({ ids, type: type.replace(/_request$/, "_reply"), parent, content });
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
function terminate() {
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => session.disconnect());
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
