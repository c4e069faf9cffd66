import { createServer, connect as dial, type Socket } from "node:net";

/** A way to the database that can be made to swallow what it carries, as a network does that loses a machine without a word. */
export interface SwallowingProxy {
  readonly port: number;
  /** Connections that are open now carry nothing more, and are not closed; new ones work. */
  swallow(): void;
  close(): void;
}

/** A TCP proxy on the loopback in front of a unix socket. */
export async function swallowingProxy(socket: string): Promise<SwallowingProxy> {
  const open = new Set<{ readonly ends: readonly Socket[]; silent: boolean }>();
  const server = createServer((near) => {
    const far = dial(socket);
    const pair = { ends: [near, far], silent: false };
    open.add(pair);
    near.on("data", (data) => !pair.silent && far.write(data));
    far.on("data", (data) => !pair.silent && near.write(data));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => {});
      one.on("close", () => {
        if (!pair.silent) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    swallow() {
      for (const pair of open) pair.silent = true;
    },
    close() {
      server.close();
      for (const { ends } of open) for (const end of ends) end.destroy();
    },
  };
}
