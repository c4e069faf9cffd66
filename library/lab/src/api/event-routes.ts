import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { id } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { getRun, subscribe } from "../tracking/index.ts";
import type { App } from "./app.ts";

const heartbeatMs = 15_000;
const over = new Set(["completed", "failed", "cancelled"]);

/** Server-sent events: of the project, of one run, resumed by Last-Event-ID. */
export function eventRoutes(app: App, session: Session): void {
  app.get("/api/ml/events", { schema: { hide: true } }, (request, reply) => stream(session, request, reply, undefined));
  const params = z.object({ id });
  for (const root of ["/api/ml", "/ml"])
    app.get(`${root}/experiments/:id/events`, { schema: { params } }, async (request, reply) => {
      await getRun(session, request.params.id);
      return stream(session, request, reply, request.params.id);
    });
}

/** Writes events until the client leaves; a stream of one run ends with the run. */
export async function stream(
  session: Session,
  request: FastifyRequest,
  reply: FastifyReply,
  subject: string | undefined,
  isRun = subject !== undefined,
): Promise<void> {
  const given = request.headers["last-event-id"] ?? (request.query as { after?: string }).after;
  const after = /^\d+$/.test(String(given)) ? String(given) : isRun ? "0" : undefined;
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "assay-version": "0.1.0",
  });
  raw.write(": open\n\n");
  const end = new AbortController();
  request.raw.on("close", () => end.abort());
  raw.on("error", () => end.abort());
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), heartbeatMs);
  const ended = async (): Promise<boolean> => isRun && over.has((await getRun(session, subject!)).status);
  try {
    const alreadyOver = await ended();
    if (alreadyOver) setTimeout(() => end.abort(), 1000);
    for await (const { id: eventId, event } of subscribe(session, { runId: subject, after, signal: end.signal })) {
      if (!raw.write(`id: ${eventId}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`)) await drained(raw, end.signal);
      if (event.kind === "run" && over.has(event.run_status) && (await ended()) && !alreadyOver)
        setTimeout(() => end.abort(), 300);
    }
  } catch (error) {
    request.log.warn({ err: error }, "a stream of events broke off");
  } finally {
    clearInterval(heartbeat);
    end.abort();
    raw.end();
  }
}

function drained(raw: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    raw.once("drain", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
