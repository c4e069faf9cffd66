import { createServer, connect as dial, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** A way to a server that breaks when it is told to. */
export interface BreakingProxy {
  readonly port: number;
  /** Cuts every connection once so many more bytes have come from the server. */
  cutAfter(bytes: number): void;
  /** Cuts every connection, and so many that are opened next. */
  cut(next?: number): void;
  /** Connections that were cut. */
  readonly cuts: number;
  close(): void;
}

/** A TCP proxy on the loopback, encrypted on its near side where it is given a certificate. */
export async function breakingProxy(target: number, certificate?: TlsOptions): Promise<BreakingProxy> {
  const open = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  let refused = 0;
  let cuts = 0;
  const cut = (next = 0): void => {
    refused = next;
    cuts += open.size / 2;
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const take = (near: Socket): void => {
    if (refused > 0) {
      refused--;
      cuts++;
      near.destroy();
      return;
    }
    const far = dial(target, "127.0.0.1");
    near.pipe(far).pipe(near);
    far.on("data", ({ length }) => {
      left -= length;
      if (left > 0) return;
      left = Number.POSITIVE_INFINITY;
      cut();
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        other.destroy();
        open.delete(one);
      });
    }
  };
  const server = certificate ? createTlsServer({ ALPNProtocols: ["h2"], ...certificate }, take) : createServer(take);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    cutAfter(bytes) {
      left = bytes;
    },
    cut,
    get cuts() {
      return cuts;
    },
    close() {
      server.close();
      cut();
    },
  };
}
