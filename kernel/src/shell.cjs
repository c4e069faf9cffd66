"use strict";
// The shell channel: cells wait for each other, everything else is answered at once, also while a cell waits for something. Questions about code
// that is being written do not come here: see questions.cjs.
// of the module: cells may replace the globals
const { setImmediate: inTurn } = require("node:timers");
const { log } = require("./log.cjs");

/**
 * @param {{ info: object, session: object, history: object, cells: object, comms: ReturnType<import("./comm.cjs").createComms>,
 *   flags: ReturnType<import("./signals.cjs").signals>, publishFor(parent: object, type: string, content: object): void,
 *   send(channel: string, message: object): void, end(): void }} parts
 */
function createShell({ info, session, history, cells, comms, flags, publishFor, send, end }) {
  const waiting = [];
  let working = false;

  const answers = {
    kernel_info_request: () => info,
    history_request: ({ content }) => history.answer(content),
    shutdown_request({ header, content }) {
      const answer = { status: "ok", restart: content.restart === true };
      publishFor(header, "shutdown_reply", answer); // for the other front ends
      return answer;
    },
  };

  const status = (state, parent) => publishFor(parent, "status", { execution_state: state });

  function reply({ ids, header: parent }, content) {
    const type = parent.msg_type.replace(/_request$/, "_reply");
    send("shell", { ids, type, parent, content: JSON.stringify(content) });
  }

  /** A fault of the kernel's own is logged, and the request answered all the same. */
  function fault(message, error) {
    log(error);
    reply(message, { status: "error", ename: "KernelError", evalue: String(error?.message ?? error), traceback: [] });
  }

  async function execute({ message, receivedAt }) {
    status("busy", message.header);
    try {
      reply(message, await session.execute(message, receivedAt));
    } catch (error) {
      fault(message, error);
    } finally {
      status("idle", message.header);
    }
  }

  /** Front ends show the last status they heard. */
  function idle(header) {
    status("idle", header);
    if (cells.running) status("busy", cells.running.parent);
  }

  function answer(message) {
    const { header } = message;
    const { msg_type: type } = header;
    status("busy", header);
    try {
      if (Object.hasOwn(answers, type)) reply(message, answers[type](message));
      else log(`shell: unknown request ${JSON.stringify(type)}`);
    } catch (error) {
      fault(message, error);
    } finally {
      idle(header);
    }
    if (type === "shutdown_request") end();
  }

  /** What is said about comms goes to functions of cells, in a turn that is the user's and in the order in which it came. */
  function tellComms(message) {
    if (!flags.free()) {
      inTurn(tellComms, message);
      return;
    }
    const { header, content } = message;
    status("busy", header);
    inTurn(idle, header); // an interrupt takes away all that this turn would still do
    if (header.msg_type === "comm_info_request") reply(message, comms.info(content));
    else comms.take[header.msg_type](message);
  }

  /** Our code holds the main thread but while a cell runs. */
  async function work() {
    working = true;
    for (let request = waiting.shift(); request; request = waiting.shift()) {
      flags.begin(request.number);
      await execute(request);
      flags.end(request.number);
    }
    working = false;
    flags.leave();
  }

  return {
    /** Takes a message from the shell channel: `{ message, number, receivedAt }`; a cell is only put behind the others. */
    handle(request) {
      const type = request.message.header.msg_type;
      if (type === "execute_request") waiting.push(request);
      else if (type === "comm_info_request" || Object.hasOwn(comms.take, type)) inTurn(tellComms, request.message);
      else answer(request.message);
    },
    /** Begins with the cells that wait. */
    proceed() {
      if (!working && waiting.length > 0 && flags.enter()) work();
    },
  };
}

module.exports = { createShell };
