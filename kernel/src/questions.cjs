"use strict";
// Questions about code that is being written go from the channel thread to the compiler's, whatever the main thread does.

const { markGone } = require("./compiler/begin.cjs");

const types = new Set(["complete_request", "inspect_request", "is_complete_request"]);
const busy = '{"execution_state":"busy"}';
const idle = '{"execution_state":"idle"}';

/**
 * @param {{ compiler: { questions: import("node:worker_threads").MessagePort, memory: SharedArrayBuffer }, outlets: Record<string, ReturnType<import("./outlet.cjs").createOutlet>> }} parts
 *   the compiler takes JSON of `{ number, type, content }` and answers `{ number, content }`
 */
function createQuestions({ compiler, outlets }) {
  /** @type {Map<number, object>} */
  const open = new Map();
  let asked = 0;
  /** The header of the cell that runs. */
  let running;

  const status = (parent, content) => outlets.iopub.send({ ids: ["status"], type: "status", parent, content });

  function put(number) {
    const { header, content } = open.get(number);
    port.postMessage(JSON.stringify({ number, type: header.msg_type, content }));
  }

  function answered(text) {
    const { number, content } = JSON.parse(text);
    const { ids, header: parent } = open.get(number);
    open.delete(number);
    const type = parent.msg_type.replace(/_request$/, "_reply");
    outlets.shell.send({ ids, type, parent, content: JSON.stringify(content) });
    status(parent, idle);
    if (running) status(running, busy); // front ends show the last status they heard
  }

  /** Talks to this compiler from now on; it is asked what the last one has not answered. */
  function connect({ questions, memory }) {
    port = questions;
    port.on("message", answered);
    port.on("close", () => markGone(memory)); // the main thread, which waits for it, does not hear of its end
    for (const number of open.keys()) put(number);
  }

  let port;
  connect(compiler);

  return {
    connect,
    /** Takes a message of the shell channel where it is such a question; answers whether it is. */
    take(message) {
      const { msg_type: type } = message.header;
      if (!types.has(type)) return false;
      asked++;
      open.set(asked, message);
      status(message.header, busy);
      put(asked);
      return true;
    },
    /** Hears what the main thread says of cells that begin and end. */
    heed({ parent, content }) {
      if (parent.msg_type === "execute_request") running = content === busy ? parent : undefined;
    },
  };
}

module.exports = { createQuestions };
