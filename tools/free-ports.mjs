import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Of these a system gives none by itself: neither to who asks for any port nor to who connects. */
const [first, last] = [10_000, 32_767];

/** So many ports of this machine that nobody listens on, all different; until they are bound, nobody is given them by chance. */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** One of them. */
export const freePort = async () => (await freePorts(1))[0];

async function listening() {
  for (;;) {
    const server = createServer();
    const isFree = await new Promise((resolve, reject) => {
      server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
      server.listen(randomInt(first, last + 1), "127.0.0.1", () => resolve(true));
    });
    if (isFree) return server;
  }
}
