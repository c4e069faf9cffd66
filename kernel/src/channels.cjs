"use strict";
// A thread of its own for the five sockets, so that output, interrupts and heartbeats flow while a cell holds the main thread.
const { parentPort, workerData } = require("node:worker_threads");
const { createControl } = require("./control.cjs");
const { createOutlet } = require("./outlet.cjs");
const { log } = require("./log.cjs");
const { createWire } = require("./wire.cjs");

const { connection, info, memory } = workerData;
const wire = createWire(connection);

open().catch((error) => {
  log(error);
  process.kill(process.pid, "SIGKILL");
});

async function open() {
  const zmq = require("zeromq");
  const sockets = {
    iopub: new zmq.Publisher({ sendHighWaterMark: 0, linger: 0 }),
    shell: new zmq.Router({ sendHighWaterMark: 0, linger: 0 }),
    stdin: new zmq.Router({ sendHighWaterMark: 0, linger: 0 }),
    control: new zmq.Router({ sendHighWaterMark: 0, linger: 0 }),
    hb: new zmq.Reply({ linger: 0 }),
  };
  await Promise.all(Object.entries(sockets).map(([name, socket]) => socket.bind(address(connection[`${name}_port`]))));

  const outlets = {
    iopub: createOutlet(sockets.iopub, wire),
    shell: createOutlet(sockets.shell, wire),
    stdin: createOutlet(sockets.stdin, wire),
    control: createOutlet(sockets.control, wire),
  };
  const control = createControl({ info, memory, outlets, tellMain: (message) => parentPort.postMessage(message) });

  parentPort.on("message", ({ channel, message }) => (message === "end" ? control.end() : outlets[channel].send(message)));
  parentPort.postMessage({ type: "open" });
  receive(sockets.control, (message) => control.handle(message));
  for (const channel of ["shell", "stdin"])
    receive(sockets[channel], (message) =>
      parentPort.postMessage({ type: "message", channel, message, receivedAt: performance.timeOrigin + performance.now() }),
    );
  for await (const beat of sockets.hb) await sockets.hb.send(beat);
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
