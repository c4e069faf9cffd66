import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import "@fastify/cookie";
import { AuthError, ParamsError } from "assay";
import type { FastifyReply, FastifyRequest } from "fastify";
import { projectDatabase } from "../db/database.ts";
import { authorize, type Grant } from "../projects/authorize.ts";
import { homeProject } from "../projects/own-user.ts";
import { hashSecret } from "../projects/secrets.ts";
import type { Session } from "../projects/session.ts";
import { findSignIn, lifeDays, type OpenSignIn } from "../projects/sign-ins.ts";
import { findToken, type TokenHolder } from "../projects/tokens.ts";
import { makeDecisions, type Question } from "./decisions.ts";
import { type ShownToken, shownToken } from "./shown-token.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; not set on routes that need nobody. */
    caller: Caller;
    /** The caller in the project that the request names, else in their own. */
    session: Session;
    /** The same once more, with the fields of a form, which are read last and may name the project too. */
    inProject(form: unknown): Promise<Session>;
  }
}

/** Who asks, and how we know. */
export interface Caller {
  readonly userId: string;
  /** The unix socket of this machine's user, the operator's ASSAY_TOKEN, a cookie, or a token. */
  readonly by: "machine" | "operator" | "session" | "token";
  readonly grant?: Grant;
  /** Of the cookie. */
  readonly signInId?: string;
}

/** The parts of a request that may name its project, as `project_id` or `workspace_key`. */
export interface Naming {
  readonly query?: unknown;
  readonly body?: unknown;
}

/** The parts of a request that may show a token. */
type Showing = Pick<IncomingMessage, "headers" | "socket">;

/** How callers are known. */
export interface CallerOptions {
  /** The operator's token, ASSAY_TOKEN. */
  readonly token?: string | undefined;
  /** Whether people sign in; without it and a token, whoever reaches the service is the machine's user. */
  readonly signIn?: boolean | undefined;
}

/** Tells who asks, and in which project. */
export interface Callers {
  /** Undefined for nobody we know. Throws AuthError for a token that is wrong. */
  identify(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined>;
  /** Who shows a token, or needs none; undefined for any other. Throws AuthError for a token that is wrong. */
  byToken(request: Showing): Promise<Caller | undefined>;
  /** The same as far as it was decided a moment ago; undefined for any other, and for a token that is wrong. */
  byTokenNow(request: Showing): Caller | undefined;
  /** A caller's session in the project that a request names, else in their own. Throws NotFoundError, PermissionError, ParamsError. */
  sessionOf(caller: Caller, naming: Naming): Promise<Session>;
  /** The same as far as it was decided a moment ago. Throws ParamsError. */
  sessionNow(caller: Caller, naming: Naming): Session | undefined;
  /** The caller in a project, on connections that see people too: for the routes of projects themselves. */
  enter(caller: Caller, projectId?: string): Promise<Session>;
  /** Every session that was opened. */
  sessions(): Iterable<Session>;
  /** Forgets what was decided about callers. */
  forget(): void;
  /** Remembers decisions from now on, and forgets them when they change. */
  remember(): Promise<void>;
  /** Ends that. */
  close(): Promise<void>;
}

/** The name of the cookie. */
const cookieName = "assay_session";
const sessionsMost = 5000;

/** Callers of a service that works with the base session: its user is the machine's. */
export function makeCallers(base: Session, { token, signIn }: CallerOptions): Callers {
  const open = new Map<string, Session>();
  const decisions = makeDecisions();
  const operator = token === undefined ? undefined : hashSecret(token);
  const needsSignIn = token !== undefined || signIn === true;

  const machine: Caller = { userId: base.userId, by: "machine" };
  const theOperator: Caller = { userId: base.userId, by: "operator" };
  const holderOf = ({ key, secret }: ShownToken): Question<TokenHolder | undefined> => [key, () => findToken(base.db, secret)];
  const isOperator = ({ hash }: ShownToken): boolean => operator !== undefined && timingSafeEqual(hash, operator);

  const byTokenNow = ({ headers, socket }: Showing): Caller | undefined => {
    if (!needsSignIn) return machine;
    const shown = shownToken(socket, headers.authorization);
    if (!shown) return undefined;
    if (isOperator(shown)) return theOperator;
    const holder = decisions.now(...holderOf(shown));
    return holder && { ...holder, by: "token" };
  };
  const byToken = async (request: Showing): Promise<Caller | undefined> => {
    const now = byTokenNow(request);
    const shown = now ? undefined : shownToken(request.socket, request.headers.authorization);
    if (!shown) return now;
    const holder = await decisions.of(...holderOf(shown));
    if (!holder) throw new AuthError("the token is wrong, expired or revoked");
    return { ...holder, by: "token" };
  };

  const byCookie = async (secret: string, request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> => {
    const found = await decisions.of(`cookie ${hashSecret(secret).toString("base64url")}`, () => findSignIn(base.db, secret));
    if (!found) return undefined;
    if (found.secret !== undefined) setCookie(request, reply, found);
    return { userId: found.userId, by: "session", signInId: found.id };
  };

  const readable = async (caller: Caller, wanted: string | undefined): Promise<string> => {
    const projectId = wanted ?? caller.grant?.projectId ?? (await homeOf(caller));
    await decisions.of(...mayRead(caller, projectId));
    return projectId;
  };
  const readableNow = (caller: Caller, wanted: string | undefined): string | undefined => {
    const projectId = wanted ?? caller.grant?.projectId ?? homeNow(caller);
    return projectId !== undefined && decisions.now(...mayRead(caller, projectId)) ? projectId : undefined;
  };
  const mayRead = ({ userId, grant }: Caller, projectId: string): Question<true> => [
    `read ${userId} ${projectId} ${grantKey(grant)}`,
    async () => {
      await authorize({ db: base.db, userId, projectId, ...(grant && { grant }) }, "read");
      return true;
    },
  ];
  const homeOf = async ({ userId }: Caller): Promise<string> =>
    userId === base.userId ? base.projectId : decisions.of(...home(userId));
  const homeNow = ({ userId }: Caller): string | undefined =>
    userId === base.userId ? base.projectId : decisions.now(...home(userId));
  const home = (userId: string): Question<string> => [`home ${userId}`, () => homeProject(base.db, userId)];

  const isOwn = ({ by }: Caller, wanted: string | undefined): boolean =>
    by === "machine" && (wanted === undefined || wanted === base.projectId);
  const make = (caller: Caller, projectId: string): Session => {
    const { userId, grant } = caller;
    const key = `${userId} ${projectId} ${grantKey(grant)}`;
    let session = open.get(key);
    if (session) return session;
    session = { db: projectDatabase(base.db, projectId), store: base.store, userId, projectId, ...(grant && { grant }) };
    open.set(key, session);
    if (open.size > sessionsMost) open.delete(open.keys().next().value!);
    return session;
  };

  return {
    async identify(request, reply) {
      const known = await byToken(request.raw);
      const secret = request.cookies[cookieName];
      return known ?? (secret === undefined ? undefined : byCookie(secret, request, reply));
    },
    byToken,
    byTokenNow,
    async sessionOf(caller, naming) {
      const wanted = projectNamed(naming);
      return isOwn(caller, wanted) ? base : make(caller, await readable(caller, wanted));
    },
    sessionNow(caller, naming) {
      const wanted = projectNamed(naming);
      if (isOwn(caller, wanted)) return base;
      const projectId = readableNow(caller, wanted);
      return projectId === undefined ? undefined : make(caller, projectId);
    },
    async enter(caller, wanted) {
      const projectId = await readable(caller, wanted);
      return { ...base, userId: caller.userId, projectId, ...(caller.grant && { grant: caller.grant }) };
    },
    sessions: () => open.values(),
    forget: () => decisions.forget(),
    remember: () => decisions.remember(),
    close: () => decisions.close(),
  };
}

/** The project that a request names, in its query or its body: `project_id`, or `workspace_key`. Throws ParamsError for two, or for no id. */
function projectNamed({ query, body }: Naming): string | undefined {
  const named = [query, body].flatMap((part) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return [];
    const { project_id: project, workspace_key: workspace } = part as Record<string, unknown>;
    return [project, workspace].filter((value) => value !== undefined && value !== null);
  });
  const [first] = named;
  if (first === undefined) return undefined;
  if (typeof first !== "string" || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(first))
    throw new ParamsError(`project_id: must be the id of a project, got ${JSON.stringify(first).slice(0, 100)}`);
  if (named.some((other) => other !== first)) throw new ParamsError("project_id: query and body name two projects");
  return first.toLowerCase();
}

function grantKey(grant: Grant | undefined): string {
  return grant ? `${grant.scopes.join()} ${grant.projectId}` : "";
}

/** Puts a sign-in's secret into the caller's cookie: no script reads it, no foreign page sends it along. */
export function setCookie(request: FastifyRequest, reply: FastifyReply, { secret }: OpenSignIn): void {
  writeCookie(request, reply, secret ?? "");
}

/** Takes the cookie away. */
export function clearCookie(request: FastifyRequest, reply: FastifyReply): void {
  writeCookie(request, reply, "", 0);
}

function writeCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge = lifeDays * 86_400): void {
  const secure = isEncrypted(request);
  reply.setCookie(cookieName, value, { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge });
}

/** Whether the caller's connection is https, here or at the proxy in front. */
function isEncrypted({ protocol, headers }: FastifyRequest): boolean {
  return protocol === "https" || headers["x-forwarded-proto"] === "https";
}
