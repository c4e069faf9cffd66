"use strict";
// A thread of its own for the five sockets, so that output, interrupts and heartbeats flow while a cell holds the main thread.
const { parentPort, workerData } = require("node:worker_threads");
const { beginCompiler } = require("./compiler/begin.cjs");
const { createControl } = require("./control.cjs");
const { log } = require("./log.cjs");
const { createOutlet } = require("./outlet.cjs");
const { createPressure } = require("./pressure.cjs");
const { createQuestions } = require("./questions.cjs");
const { createWire } = require("./wire.cjs");

const { connection, info, memory, published, inbox, compiler, renewals } = workerData;
const wire = createWire(connection);
const pressure = createPressure(published);

open().catch((error) => {
  log(error);
  process.kill(process.pid, "SIGKILL");
});

async function open() {
  const zmq = require("zeromq");
  // a front end may come back under its name before ZeroMQ has seen it go
  const asked = { sendHighWaterMark: 0, linger: 0, handover: true };
  const sockets = {
    iopub: new zmq.XPublisher({ sendHighWaterMark: 0, linger: 0, verbosity: "allSubs" }),
    shell: new zmq.Router(asked),
    stdin: new zmq.Router(asked),
    control: new zmq.Router(asked),
    hb: new zmq.Reply({ linger: 0 }),
  };
  await Promise.all(Object.entries(sockets).map(([name, socket]) => socket.bind(address(connection[`${name}_port`]))));

  const outlets = {
    iopub: createOutlet(sockets.iopub, wire, pressure.remove),
    shell: createOutlet(sockets.shell, wire),
    stdin: createOutlet(sockets.stdin, wire),
    control: createOutlet(sockets.control, wire),
  };
  let arrived = 0;
  const control = createControl({ info, memory, outlets, left: () => left(zmq), tellMain, arrived: () => arrived });

  const questions = createQuestions({ compiler, outlets });

  let renewed;
  /** Begins another compiler, and gives it to the main thread, which waits for it. */
  function renew(facts) {
    renewed?.thread.terminate();
    renewed = beginCompiler(facts);
    questions.connect(renewed);
    renewals.postMessage({ memory: renewed.memory, main: renewed.main }, [renewed.main]);
  }

  parentPort.on("message", ({ channel, message, renewal }) => {
    if (renewal) {
      renew(renewal);
      return;
    }
    if (message === "end") control.end();
    else outlets[channel].send(message);
    if (message.type === "status") questions.heed(message);
  });
  receive(sockets.control, (message) => control.handle(message));
  receive(sockets.stdin, (message) => tellMain(boxed("stdin", message, 0)));
  receive(sockets.shell, (message) => {
    if (questions.take(message)) return;
    tellMain(boxed("shell", message, message.header.msg_type === "execute_request" ? ++arrived : 0));
  });
  welcome(sockets.iopub, outlets.iopub);
  outlets.iopub.send({ ids: ["status"], type: "status", parent: {}, content: '{"execution_state":"starting"}' });
  for await (const beat of sockets.hb) await sockets.hb.send(beat);
}

/**
 * Resolves when what was handed to ZeroMQ has left. All sockets share its one thread, which does what it is told in turn: behind the rest, a message to
 * ourselves arrives.
 */
async function left(zmq) {
  const end = new zmq.Pull({ linger: 0 });
  await end.bind("tcp://127.0.0.1:*");
  const begin = new zmq.Push({ linger: 0 });
  begin.connect(end.lastEndpoint);
  await begin.send("");
  await end.receive();
}

/** A message as the main thread takes it: every field is there, and what people wrote is still text. */
function boxed(type, { ids, header, parent, content, metadata, buffers }, number) {
  const text = JSON.stringify({ header, parent, content, metadata });
  return { type, text, ids, buffers, number, receivedAt: performance.timeOrigin + performance.now() };
}

/** Greets whoever subscribes to the outputs: from then on nothing is missed. */
async function welcome(socket, outlet) {
  for await (const [frame] of socket) {
    if (frame[0] !== 1) continue; // somebody leaves
    const subscription = frame.subarray(1).toString();
    outlet.send({ ids: [subscription], type: "iopub_welcome", parent: {}, content: JSON.stringify({ subscription }) });
  }
}

/** Puts a message into the main thread's box, and rings. Without a message it only rings: what the box holds, no lost ring takes away. */
function tellMain(message) {
  if (message) inbox.postMessage(message);
  parentPort.postMessage("ring");
}

function address(port) {
  return connection.transport === "ipc" ? `ipc://${connection.ip}-${port}` : `${connection.transport}://${connection.ip}:${port}`;
}

/** Reads a socket for ever; a message that is malformed or not signed with our key is logged and dropped. */
async function receive(socket, take) {
  for await (const frames of socket) {
    try {
      take(wire.read(frames));
    } catch (error) {
      log(`ignored ${error.message}`);
    }
  }
}
