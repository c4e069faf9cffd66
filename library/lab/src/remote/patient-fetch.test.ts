import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { patientFetch } from "./patient-fetch.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const post = { method: "POST", body: "once" };

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
