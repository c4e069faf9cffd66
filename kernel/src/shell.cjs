"use strict";
// The shell channel: cells wait for each other, everything else is answered at once, also while a cell waits for something.
const { complete, inspect, isComplete } = require("./complete.cjs");
const { log } = require("./log.cjs");

/**
 * @param {{ info: object, session: object, executor: object, history: object, cells: object,
 *   send(channel: string, message: object): void, end(): void }} parts
 */
function createShell({ info, session, executor, history, cells, send, end }) {
  let queue = Promise.resolve();

  const answers = {
    kernel_info_request: () => info,
    complete_request: ({ content }) => complete(executor, content),
    inspect_request: ({ content }) => inspect(executor, content),
    is_complete_request: ({ content }) => isComplete(content),
    history_request: ({ content }) => history.answer(content),
    comm_info_request: () => ({ status: "ok", comms: {} }),
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
  };

  /** Messages without a reply: this kernel has no comm targets, and says so to whoever opens one. */
  const notices = {
    comm_open: ({ header, content }) => publish("comm_close", { comm_id: content.comm_id, data: {} }, header),
    comm_msg() {},
    comm_close() {},
  };

  function publish(type, content, parent) {
    send("iopub", { ids: [Buffer.from(type)], type, parent, content: JSON.stringify(content) });
  }

  const status = (state, parent) => publish("status", { execution_state: state }, parent);

  function reply({ ids, header: parent }, content) {
    const type = parent.msg_type.replace(/_request$/, "_reply");
    send("shell", { ids, type, parent, content: JSON.stringify(content) });
  }

  /** A fault of the kernel's own is logged, and the request answered all the same. */
  function fault(message, error) {
    log(error);
    reply(message, { status: "error", ename: "KernelError", evalue: String(error?.message ?? error), traceback: [] });
  }

  async function execute(message, receivedAt) {
    status("busy", message.header);
    try {
      reply(message, await session.execute(message, receivedAt));
    } catch (error) {
      fault(message, error);
    } finally {
      status("idle", message.header);
    }
  }

  function answer(message) {
    const { header } = message;
    const type = header.msg_type;
    status("busy", header);
    try {
      if (Object.hasOwn(answers, type)) reply(message, answers[type](message));
      else if (Object.hasOwn(notices, type)) notices[type](message);
      else log(`shell: unknown request ${JSON.stringify(type)}`);
    } catch (error) {
      fault(message, error);
    } finally {
      status("idle", header);
      // front ends show the last status they heard
      if (cells.running) status("busy", cells.running.parent);
    }
    if (type === "shutdown_request") end();
  }

  return {
    /** Takes a message from the shell channel. */
    handle(message, receivedAt) {
      if (message.header.msg_type !== "execute_request") answer(message);
      else queue = queue.then(() => execute(message, receivedAt)).catch(log);
    },
  };
}

module.exports = { createShell };
