import { Socket } from "node:net";
import { StoreError } from "assay";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "./app.ts";
import type { ServerLimits } from "./server-limits.ts";

const tickMs = 100;
const retrySeconds = 2;
/** Asked by whoever decides whether the service lives: never refused. */
const kept = new Set(["/health", "/ready", "/metrics"]);

/**
 * Keeps a service that has too much to do answering: no more connections than it can hold, 503 with Retry-After while the event loop lags
 * again and again, 408 for a body that stops coming. The answer tells whether requests are refused now.
 */
export function guardOverload(app: App, { connections, lagMs, bodyIdleMs }: ServerLimits): () => boolean {
  app.server.maxConnections = connections;
  const lag = watchLag();
  const isOverloaded = (): boolean => lag.ms() > lagMs;
  app.addHook("onClose", async () => lag.end());
  app.addHook("onRequest", async (request, reply) => {
    if (isOverloaded() && !kept.has(request.routeOptions.url ?? "")) {
      reply.header("retry-after", String(retrySeconds));
      throw new StoreError(`the service is overloaded: try again in ${retrySeconds} s`);
    }
    watchBody(request, reply, bodyIdleMs);
  });
  return isOverloaded;
}

/** How late timers come, until it is ended: the less of the last two, so that one long moment refuses nobody. */
export function watchLag(): { ms(): number; end(): void } {
  const late = [0, 0];
  let due = performance.now() + tickMs;
  const timer = setInterval(() => {
    late.push(Math.max(0, performance.now() - due));
    late.shift();
    due = performance.now() + tickMs;
  }, tickMs);
  timer.unref();
  return { ms: () => Math.min(...late), end: () => clearInterval(timer) };
}

/** Answers 408 and hangs up when nothing of a body came for so long. */
function watchBody({ raw, headers }: FastifyRequest, reply: FastifyReply, idleMs: number): void {
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  if (!hasBody || !(raw.socket instanceof Socket)) return;
  const { socket } = raw;
  raw.setTimeout(idleMs, () => {
    if (!reply.raw.headersSent) socket.write("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    socket.destroySoon();
  });
  raw.once("end", () => socket.setTimeout(0));
}
