import { AuthError, PermissionError } from "assay";
import type { FastifyReply, FastifyRequest } from "fastify";
import { healthRoutes as routes } from "../contract/health-routes.ts";
import { readiness } from "../operations/index.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";
import type { Callers } from "./caller.ts";
import { handle } from "./handle.ts";
import type { Metrics } from "./metrics.ts";

/** Whether the service lives, whether it can work, and its measures. */
export function healthRoutes(app: App, session: Session, callers: Callers, metrics: Metrics): void {
  handle(app, routes.live, async () => {});

  handle(app, routes.ready, async () => readiness(session.db));

  handle(app, routes.metrics, async (request, reply) => {
    if (!isLocal(request)) await checkStranger(session, callers, request, reply);
    reply.header("content-type", metrics.contentType).header("cache-control", "no-store");
    return metrics.text();
  });
}

/** Whether a request comes over the unix socket, or from this machine and through no proxy. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  if (headers["x-forwarded-for"] !== undefined || headers["forwarded"] !== undefined) return false;
  const { remoteAddress } = socket;
  return remoteAddress === undefined || /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
}

/** Throws unless the caller holds a token, or administers. */
async function checkStranger({ db }: Session, callers: Callers, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const caller = await callers.identify(request, reply);
  if (!caller) throw new AuthError("metrics: needs a token, or the sign-in of an administrator");
  if (caller.by !== "session") return;
  const user = await db.selectFrom("users").select("admin").where("id", "=", caller.userId).executeTakeFirst();
  if (!user?.admin) throw new PermissionError("metrics: this user does not administer the service");
}
