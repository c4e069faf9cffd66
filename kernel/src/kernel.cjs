#!/usr/bin/env node
"use strict";
// `node kernel.cjs connection.json`: the Jupyter kernel. This thread runs cells; channels.cjs holds the sockets on another.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Worker } = require("node:worker_threads");
const { log } = require("./log.cjs");

const major = Number(process.versions.node.split(".")[0]);
if (major < 22) fail(`needs Node 22 or newer, got ${process.version}`);

const { installRunTimeResolution } = require("./resolve.cjs");
installRunTimeResolution();
const { createCells } = require("./cell.cjs");
const { createConverter, ts } = require("./compiler.cjs");
const { installDisplay } = require("./display.cjs");
const { createExecution } = require("./execution.cjs");
const { createHistory } = require("./history.cjs");
const { kernelInfo } = require("./info.cjs");
const { installInput } = require("./input.cjs");
const { catchOutput } = require("./output.cjs");
const { createSession } = require("./session.cjs");
const { createShell } = require("./shell.cjs");
const { signals } = require("./signals.cjs");
const { bindTimers } = require("./timers.cjs");
const { createTracebacks } = require("./traceback.cjs");

start(readConnection(process.argv[2]));

function start(connection) {
  const flags = signals();
  const cells = createCells();
  const tracebacks = createTracebacks();
  const history = createHistory();
  const info = kernelInfo(ts.version);

  const channels = new Worker(join(__dirname, "channels.cjs"), { workerData: { connection, info, memory: flags.memory } });
  channels.on("error", (error) => {
    log(error);
    process.kill(process.pid, "SIGKILL");
  });
  const send = (channel, message) => channels.postMessage({ channel, message });
  const publish = (type, content, cell = cells.owner()) => {
    if (cell) send("iopub", { ids: [Buffer.from(type)], type, parent: cell.parent, content: JSON.stringify(content) });
  };
  const stream = (name, text, cell = cells.owner()) => {
    if (cell) send("iopub", { stream: name, text, parent: cell.parent });
    else log(text);
  };
  const warn = (text, cell) => stream("stderr", text, cell);

  catchOutput({ stream, describe: tracebacks.describe });
  const converter = flags.whileCompiling(() => createConverter());
  const execution = createExecution({ converter, cells, flags, tracebacks });
  const session = createSession({ execution, history, tracebacks, publish, warn });
  const shell = createShell({
    info,
    session,
    executor: execution.executor,
    history,
    cells,
    send,
    end: () => send("control", "end"),
  });
  const answered = installInput({
    cell: () => cells.running,
    ask: ({ ids, parent }, content) => send("stdin", { ids, type: "input_request", parent, content: JSON.stringify(content) }),
  });
  installDisplay({ publish, cell: () => cells.running, warn });
  bindTimers(cells.owner);

  // exit handlers have run by then; the sockets' native threads must not be waited for
  process.reallyExit = () => process.kill(process.pid, "SIGKILL");
  const interrupt = () => flags.take() && execution.interrupt();
  process.on("SIGINT", () => (flags.takeSignal() ? interrupt() : execution.interrupt()));
  channels.on("message", ({ type, channel, message, receivedAt }) => {
    if (type === "interrupt") interrupt();
    else if (type === "end") process.exit();
    else if (channel === "stdin") answered(message.content);
    else if (channel === "shell") shell.handle(message, receivedAt);
  });
}

function readConnection(file) {
  if (!file) fail("needs the path of a connection file");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return fail(`the connection file must be readable JSON, got ${error.message}`);
  }
}

function fail(sentence) {
  process.stderr.write(`assay-kernel: ${sentence}\n`);
  process.exit(1);
}
