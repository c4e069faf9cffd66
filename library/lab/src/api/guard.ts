import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { AuthError, PermissionError } from "assay";
import type { FastifyRequest } from "fastify";
import { actionOf, type Route } from "../contract/route.ts";
import { authorizeOften } from "../projects/authorize-often.ts";
import type { Session } from "../projects/session.ts";
import { accountPaths } from "./account-page.ts";
import type { App } from "./app.ts";
import type { Caller, CallerOptions, Callers, Naming } from "./caller.ts";
import { refuseOddRequest } from "./odd-values.ts";

/** Who may call, and from which pages. */
export interface GuardOptions extends CallerOptions {
  /** Origins of pages elsewhere that may ask with a token, as `https://app.example.org`; ASSAY_ALLOWED_ORIGINS. */
  readonly origins?: readonly string[] | undefined;
  /** Names under which the service is reached, beside its addresses; another Host is refused. Default: any, for a unix socket. */
  readonly hosts?: readonly string[] | undefined;
  /** Addresses of the proxies in front, whose word on the caller's address and protocol is taken; ASSAY_TRUSTED_PROXIES. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** Has every request of a context pass the guard: the page that sent it, who calls, in which project, with which right; public routes the first alone. */
export function guard(context: App, base: Session, callers: Callers, options: GuardOptions): void {
  context.addHook("onRequest", async (request, reply) => {
    checkPage(request.raw, options);
    if (isPublic(request)) return;
    const caller = await callers.identify(request, reply);
    if (!caller) throw new AuthError("needs a sign-in (POST /api/auth/login), or the header Authorization: Bearer with a token");
    request.caller = caller;
  });
  context.addHook("preValidation", refuseOddRequest);
  context.addHook("preValidation", async (request) => {
    const { caller, query, routeOptions } = request;
    request.session = isPublic(request) ? base : await letIn(callers, caller, routeOptions.config?.route, request);
    request.inProject = (form) => letIn(callers, caller, routeOptions.config?.route, { query, body: form });
  });
}

const reading: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Routes by which people, tokens, sign-ins and members change. */
const ofPeople = /^\/api\/(auth|users|projects)\b/;

/** Has what was decided about callers forgotten before a change to people is answered: the database tells of it too, but perhaps a moment later. */
export function forgetOnChange(context: App, callers: Callers): void {
  context.addHook("onSend", async ({ method, routeOptions }, reply) => {
    if (!reading.has(method) && reply.statusCode < 400 && ofPeople.test(routeOptions.url ?? "")) callers.forget();
  });
}

/**
 * Throws PermissionError for a request that no page of ours sent. A browser sends cookies along with a foreign page's request, and the Jupyter proxy
 * does not check for us: a request that changes something needs a header of its own, which a foreign page cannot set, and an Origin, where
 * there is one, must be the Host's or one that is allowed. A name that a stranger points at this machine is no name of ours.
 */
export function checkPage({ method, headers }: Pick<IncomingMessage, "method" | "headers">, options: GuardOptions): void {
  const { origins = [], hosts } = options;
  const { origin, host } = headers;
  if (hosts && !isOwnHost(hosts, host))
    throw new PermissionError(
      `the host ${String(host).slice(0, 100)} is not this service's: ASSAY_ALLOWED_ORIGINS of the service names those behind a proxy`,
    );
  if (origin !== undefined && !origins.includes(origin) && !sameHost(origin, headers))
    throw new PermissionError(
      `requests from ${origin.slice(0, 100)} are not allowed: ASSAY_ALLOWED_ORIGINS of the service names the pages that may ask`,
    );
  if (!reading.has(method) && headers["x-assay"] === undefined)
    throw new PermissionError("a request that changes something needs the header X-Assay: 1");
}

/** A caller's session in the project that a request names, where they may do what its route does. Throws NotFoundError, PermissionError, ParamsError. */
export async function letIn(callers: Callers, caller: Caller, route: Route | undefined, naming: Naming): Promise<Session> {
  const session = await callers.sessionOf(caller, naming);
  const changes = route && changingAction(route);
  if (changes) await authorizeOften(session, changes);
  return session;
}

/** The same as far as it was decided a moment ago, for a route that reads; undefined for any other. Throws ParamsError. */
export function letInNow(callers: Callers, caller: Caller, route: Route, naming: Naming): Session | undefined {
  return changingAction(route) ? undefined : callers.sessionNow(caller, naming);
}

/** What a route changes in the project that the request names; undefined for one that reads, or that asks for rights itself. */
function changingAction(route: Route): "write" | "delete" | "promote" | "protect" | undefined {
  const action = actionOf(route);
  return action === "write" || action === "delete" || action === "promote" || action === "protect" ? action : undefined;
}

const open = new Set(["/health", "/ready", ...accountPaths]);

/** Whether a route needs no known caller. */
function isPublic({ routeOptions, url }: FastifyRequest): boolean {
  return routeOptions.config?.route?.public === true || open.has(url.split("?")[0]!);
}

/** Whether a Host is a name of ours, or an address: a stranger's name can be pointed at this machine, an address cannot. */
function isOwnHost(hosts: readonly string[], host = ""): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  return hosts.includes(name) || isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/** Whether an Origin is the host that was asked; behind a proxy, the host that the proxy was asked. */
export function sameHost(origin: string, headers: IncomingHttpHeaders): boolean {
  try {
    const { host } = new URL(origin);
    return [headers["x-forwarded-host"], headers.host].flat().includes(host);
  } catch {
    return false;
  }
}
