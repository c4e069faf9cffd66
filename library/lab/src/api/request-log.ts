import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import type { App } from "./app.ts";

/** Asked every few seconds by machines: told at level debug only. */
const quiet = new Set(["/health", "/ready", "/metrics"]);
const runRoute = /\/(?:runs|experiments)\/:id/;

/** The id of a request: the caller's x-request-id where it is a plain word of up to 100 signs, else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}

/** The route's pattern, never the address: that may hold what is nobody's business. */
export function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? "(unknown)";
}

const reasons = new WeakMap<FastifyRequest, string>();

/** Has the line of a request say why it was not answered. */
export function tellWhy(request: FastifyRequest, reason: string): void {
  reasons.set(request, reason);
}

/** Tells every request as it ends: method, route, status, time, user and request id, and where the service could not answer it the reason; sends the id back as x-request-id. */
export function logRequests(app: App): void {
  app.addHook("onRequest", async (request, reply) => void reply.header("x-request-id", request.id));
  app.addHook("onResponse", async (request, reply) => {
    const { method, log, caller, params } = request;
    const route = routeOf(request);
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const told = {
      method,
      route,
      status,
      ms,
      ...(caller && { userId: caller.userId }),
      ...(runRoute.test(route) && { runId: (params as { id?: string }).id }),
    };
    const level = status >= 500 ? "warn" : quiet.has(route) ? "debug" : "info";
    const why = reasons.get(request);
    log[level](told, `${method} ${route} ${status} ${ms} ms${why === undefined ? "" : `: ${why}`}`);
  });
}
