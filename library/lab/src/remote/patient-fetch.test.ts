import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { patientFetch } from "./patient-fetch.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const post = { method: "POST", body: "once" };

/** A service in a thread of its own, which hangs up when it is told to. */
const ofItsOwn = `
  const { parentPort, workerData } = require("node:worker_threads");
  const server = require("node:http").createServer((request, reply) => request.resume().on("end", () => reply.end("done")));
  const sockets = [];
  server.on("connection", (socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
  parentPort.on("message", () => {
    for (const socket of sockets) socket.destroy();
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });`;

test("a request that changes something arrives though the service hung up while the caller computed", async () => {
  const hungUp = new Int32Array(new SharedArrayBuffer(4));
  const service = new Worker(ofItsOwn, { eval: true, workerData: hungUp });
  closers.push(() => service.terminate());
  const [port] = await once(service, "message");
  const address = `http://127.0.0.1:${port}`;
  const send = patientFetch(address);
  expect(await (await send(address, post)).text()).toBe("done");
  service.postMessage("hang up");
  Atomics.wait(hungUp, 0, 0); // the event loop stands still
  expect(await (await send(address, post)).text()).toBe("done");
});

test("a request that did not come whole is sent again, whatever it does", async () => {
  const statuses = [200, 408, 200];
  const server = createServer((request, reply) => {
    request.resume().on("end", () => reply.writeHead(statuses.shift()!, { connection: "close" }).end());
  });
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = patientFetch(address);
  await send(address, post);
  expect([(await send(address, post)).status, statuses]).toEqual([200, []]);
});
