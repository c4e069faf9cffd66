import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { eventRoutes as routes } from "../contract/event-routes.ts";
import type { Event } from "../contract/events.ts";
import { jobRoutes as jobs } from "../contract/job-routes.ts";
import { trainingRoutes as trainings } from "../contract/training-routes.ts";
import { getJob, queueSubject } from "../jobs/index.ts";
import { placeNow, runStatus, type SubscribeOptions, subscribe } from "../tracking/index.ts";
import type { App } from "./app.ts";
import { openStream } from "./event-streams.ts";
import { handle } from "./handle.ts";

const heartbeatMs = 15_000;
const over = new Set(["completed", "failed", "cancelled"]);

/** Server-sent events: of the project, of one run, of one job, resumed by Last-Event-ID. */
export function eventRoutes(app: App): void {
  handle(app, routes.project, (request, reply) => stream(request, reply));

  handle(app, routes.run, async (request, reply) => {
    const { session } = request;
    const runId = request.params.id;
    const isOver = async (): Promise<boolean> => over.has(await runStatus(session, runId));
    await isOver();
    return stream(request, reply, { runId, isOver });
  });

  for (const declared of [jobs.events, trainings.trainingEvents])
    handle(app, declared, async (request, reply) => {
      const { session, params } = request;
      const isOver = async (): Promise<boolean> => over.has((await getJob(session, params.id)).job_status);
      const { run_id } = await getJob(session, params.id);
      return stream(request, reply, { runId: run_id ?? undefined, job: { id: params.id, wokenBy: queueSubject }, isOver });
    });
}

/** What a stream follows: the project, or one subject; one that can be over is told from its beginning, and the stream ends with it. */
interface Followed extends Pick<SubscribeOptions, "runId" | "job"> {
  readonly isOver?: () => Promise<boolean>;
}

/**
 * Answers with events until the client leaves, or what it follows is over. Its place is fixed before the answer begins, and is its first id: whoever reads
 * a list after that misses nothing, nor whoever comes back before anything was told. The answer goes the way of every other, with the headers that let
 * pages of allowed origins read it, and the cookie of a sign-in that was renewed.
 */
export async function stream(request: FastifyRequest, reply: FastifyReply, followed: Followed = {}): Promise<FastifyReply> {
  const after = await placeOf(request, followed);
  const left = openStream();
  const events = new PassThrough();
  reply.raw.once("close", () => events.destroy()); // also where nobody reads it: HEAD has no body
  reply
    .header("content-type", "text/event-stream")
    .header("cache-control", "no-store")
    .header("x-accel-buffering", "no")
    .send(events);
  void tell(request, events, after, followed).finally(left);
  return reply;
}

/** Id behind which the events begin. */
async function placeOf({ headers, query, session }: FastifyRequest, { isOver }: Followed): Promise<string> {
  const given = String(headers["last-event-id"] ?? (query as { after?: string }).after);
  if (/^\d+$/.test(given)) return given;
  return isOver ? "0" : placeNow(session);
}

/** Writes events until the other side closes, or what is followed is over. */
async function tell(
  request: FastifyRequest,
  events: PassThrough,
  after: string,
  { isOver, ...followed }: Followed,
): Promise<void> {
  const end = new AbortController();
  events.on("close", () => end.abort()).on("error", () => end.abort());
  events.write(`: open\n\nid: ${after}\n\n`);
  const heartbeat = setInterval(() => events.write(": still here\n\n"), heartbeatMs);
  try {
    const alreadyOver = await isOver?.();
    if (alreadyOver) setTimeout(() => end.abort(), 1000);
    for await (const { id, event } of subscribe(request.session, { ...followed, after, signal: end.signal })) {
      if (!events.write(`id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`))
        await once(events, "drain", { signal: end.signal });
      if (saysEnd(event) && !alreadyOver && (await isOver?.())) setTimeout(() => end.abort(), 300);
    }
  } catch (error) {
    if (!end.signal.aborted) request.log.warn({ err: error }, "a stream of events broke off");
  } finally {
    clearInterval(heartbeat);
    end.abort();
    events.end();
  }
}

/** Whether an event tells that a run or a job has ended. */
function saysEnd(event: Event): boolean {
  return (event.kind === "run" && over.has(event.run_status)) || (event.kind === "job" && over.has(event.job_status));
}
