"use strict";
// The kernel's main thread: cells run here, one after another; channels.cjs holds the sockets on another.
const { join } = require("node:path");
const { MessageChannel, receiveMessageOnPort, Worker } = require("node:worker_threads");
const { log } = require("./log.cjs");
const { installRunTimeResolution } = require("./resolve.cjs");
installRunTimeResolution();
const { createCells } = require("./cell.cjs");
const { createComms } = require("./comm.cjs");
const { createConverter, typescriptVersion } = require("./compiler.cjs");
const { installDisplay } = require("./display.cjs");
const { createExecution } = require("./execution.cjs");
const { createHistory } = require("./history.cjs");
const { kernelInfo } = require("./info.cjs");
const { installInput } = require("./input.cjs");
const { catchOutput } = require("./output.cjs");
const { createPressure } = require("./pressure.cjs");
const { createSession } = require("./session.cjs");
const { createShell } = require("./shell.cjs");
const { signals } = require("./signals.cjs");
const { bindTimers } = require("./timers.cjs");
const { createTracebacks } = require("./traceback.cjs");

// cells may put others in their place
const kill = process.kill.bind(process);
const { pid } = process;
/** Nobody changes it: to wait on. */
const still = new Int32Array(new SharedArrayBuffer(4));
const renewalLookMs = 20;

/**
 * Opens the channels and answers until the process ends.
 * @param {string} connection JSON of the connection file
 */
function start(connection) {
  const flags = signals();
  const cells = createCells();
  const tracebacks = createTracebacks();
  const history = createHistory();
  const pressure = createPressure();
  const info = kernelInfo(typescriptVersion());
  const converter = createConverter({ stopped: flags.asked, another });

  const { port1: inbox, port2: outside } = new MessageChannel();
  const { port1: compilers, port2: renewals } = new MessageChannel();
  const channels = new Worker(join(__dirname, "channels.cjs"), {
    workerData: {
      connection: JSON.parse(connection),
      info,
      memory: flags.memory,
      published: pressure.memory,
      inbox: outside,
      compiler: { questions: converter.questions, memory: converter.memory },
      renewals,
    },
    transferList: [outside, converter.questions, renewals],
  });
  const end = () => kill(pid, "SIGKILL");
  channels.on("error", (error) => {
    log(error);
    end();
  });
  const send = (channel, message) => channels.postMessage({ channel, message });
  /** Another compiler, from the channel thread. */
  function another(facts) {
    try {
      converter.close();
    } catch {
      // cells have broken what that needs, and it goes on until it is done
    }
    channels.postMessage({ renewal: facts });
    for (;;) {
      const got = receiveMessageOnPort(compilers);
      if (got) return got.message;
      Atomics.wait(still, 0, 0, renewalLookMs);
    }
  }
  /** Puts a message among the outputs; what cells publish faster than it leaves, they wait for. */
  const put = (message, length) => {
    const weight = pressure.weigh(length);
    send("iopub", { ...message, weight });
    pressure.add(weight);
    if (flags.free()) pressure.yield();
  };
  const publishFor = (parent, type, content, { metadata, buffers = [] } = {}) => {
    const text = JSON.stringify(content);
    const length = buffers.reduce((total, { byteLength }) => total + byteLength, text.length);
    put({ ids: [type], type, parent, content: text, metadata: JSON.stringify(metadata ?? {}), buffers }, length);
  };
  const publish = (type, content, cell = cells.owner(), more = undefined) => {
    if (cell) publishFor(cell.parent, type, content, more);
  };
  const stream = (name, text, cell = cells.owner()) => {
    if (cell) put({ stream: name, text, parent: cell.parent }, text.length);
    else log(text);
  };
  const warn = (text, cell) => stream("stderr", text, cell);

  catchOutput({ stream, describe: tracebacks.describe });
  const execution = createExecution({ converter, cells, flags, tracebacks });
  const session = createSession({ execution, history, tracebacks, publish, warn });
  const comms = createComms({ publish, cells, describe: tracebacks.describe, warn });
  const shell = createShell({
    info,
    session,
    history,
    cells,
    comms,
    flags,
    publishFor,
    send,
    end: () => send("control", "end"),
  });
  const answered = installInput({
    cell: () => cells.running,
    ask: ({ ids, parent }, content, id) =>
      send("stdin", { ids, id, type: "input_request", parent, content: JSON.stringify(content) }),
  });
  installDisplay({ publish, cell: () => cells.running, warn, comms });
  bindTimers(cells.owner);

  // exit handlers have run by then; the sockets' native threads must not be waited for
  process.reallyExit = end;
  process.on("SIGINT", execution.interrupt);
  const exit = process.exit.bind(process);
  const take = {
    shell: shell.handle,
    stdin: ({ message }) => answered(message),
    end: () => exit(),
  };
  flags.leave();
  channels.on("message", () => {
    if (flags.heed()) execution.interrupt();
    flags.own(() => {
      for (let got = receiveMessageOnPort(inbox); got; got = receiveMessageOnPort(inbox))
        take[got.message.type](opened(got.message));
    });
    shell.proceed();
  });
}

/** A message from the channel thread; its JSON is read here, so that it is made of objects that cells cannot reach. */
function opened({ text, ids, buffers, number, receivedAt }) {
  return { message: { ...JSON.parse(text), ids, buffers }, number, receivedAt };
}

module.exports = { start };
