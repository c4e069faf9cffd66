import { isIP } from "node:net";
import { ParamsError, PermissionError } from "assay";
import type { FastifyReply, FastifyRequest } from "fastify";
import { authRoutes as routes } from "../contract/auth-routes.ts";
import {
  changePassword,
  changeProfile,
  checkGrant,
  createToken,
  endSignIn,
  getUser,
  listSignIns,
  listTokens,
  type Origin,
  register,
  revokeToken,
  type Session,
  type SignedIn,
  signIn,
  signInFromHub,
  toUser,
  useInvitation,
} from "../projects/index.ts";
import { beginSignIn } from "../projects/sign-ins.ts";
import type { App } from "./app.ts";
import { type Caller, clearCookie, setCookie } from "./caller.ts";
import { handle } from "./handle.ts";

/** Signing in and out, sign-ins, tokens, oneself. People are no project's: all of it works on the service's own connections. */
export function authRoutes(app: App, { db }: Session): void {
  const signedIn = (request: FastifyRequest, reply: FastifyReply, { user, signIn }: SignedIn) => {
    setCookie(request, reply, signIn);
    return { user: toUser(user) };
  };
  handle(app, routes.register, async (request, reply) =>
    signedIn(request, reply, await register(db, request.body, { ...originOf(request), local: isLocal(request) })),
  );
  handle(app, routes.login, async (request, reply) =>
    signedIn(request, reply, await signIn(db, request.body, originOf(request))),
  );
  handle(app, routes.redeem, async (request, reply) => {
    const user = await useInvitation(db, request.body.code, request.body.password);
    return signedIn(request, reply, { user, signIn: await beginSignIn(db, user.id, originOf(request)) });
  });
  handle(app, routes.jupyterhub, async ({ body }) => {
    const hub = process.env["JUPYTERHUB_API_URL"];
    if (!hub) throw new ParamsError("sign-in: this service belongs to no JupyterHub: start it with JUPYTERHUB_API_URL");
    const { user, token, expiresAt } = await signInFromHub(db, hub, body.hub_token);
    return { token, expires_at: expiresAt.toISOString(), user: toUser(user) };
  });
  handle(app, routes.logout, async (request, reply) => {
    const { signInId, userId } = request.caller;
    if (signInId === undefined) throw new ParamsError("logout: this request is not signed in by a cookie");
    await endSignIn(db, userId, signInId);
    clearCookie(request, reply);
  });
  ownRoutes(app, db);
  tokenRoutes(app, db);
}

function ownRoutes(app: App, db: Session["db"]): void {
  handle(app, routes.me, async ({ caller, session }) => ({
    user: toUser(await getUser(db, caller.userId)),
    signed_in_by: caller.by,
    scopes: [...(caller.grant?.scopes ?? (["admin"] as const))],
    project_id: session.projectId,
    bound: typeof caller.grant?.projectId === "string",
  }));
  handle(app, routes.change, async ({ caller, body }) => {
    checkOwn(caller);
    return { user: await changeProfile(db, caller.userId, body) };
  });
  handle(app, routes.changePassword, async (request, reply) => {
    checkOwn(request.caller);
    const user = await getUser(db, request.caller.userId);
    const begun = await changePassword(db, user, request.body, originOf(request));
    if (request.caller.by === "session") setCookie(request, reply, begun);
  });
  handle(app, routes.sessions, async ({ caller }) => {
    checkOwn(caller);
    return { items: await listSignIns(db, caller.userId, caller.signInId), next_cursor: null };
  });
  handle(app, routes.endSession, async ({ caller, params }) => {
    checkOwn(caller);
    await endSignIn(db, caller.userId, params.session_id);
  });
}

function tokenRoutes(app: App, db: Session["db"]): void {
  handle(app, routes.createToken, async ({ caller, body }) => {
    checkOwn(caller);
    const { secret, token } = await createToken(db, caller.userId, body);
    return { token: secret, token_info: token };
  });
  handle(app, routes.tokens, async ({ caller, query }) => {
    checkOwn(caller);
    const { items, next_cursor } = await listTokens(db, caller.userId, query);
    return { items: [...items], next_cursor };
  });
  handle(app, routes.revokeToken, async ({ caller, params }) => {
    checkOwn(caller);
    await revokeToken(db, caller.userId, params.token_id);
  });
}

/** Throws PermissionError for a token that may not act for the whole of its user: one that is bound, or has no scope admin. */
export function checkOwn({ grant }: Caller): void {
  checkGrant(grant, "admin");
  if (grant && grant.projectId !== null) throw new PermissionError("a token of one project may not change its user's account");
}

function originOf({ ip, headers }: FastifyRequest): Origin {
  return { address: ip ?? "socket", program: headers["user-agent"] };
}

/** Whether a request was made on this machine, past no proxy. */
function isLocal({ ip, headers }: FastifyRequest): boolean {
  const passed = Object.keys(headers).some((name) => name.startsWith("x-forwarded-") || name === "forwarded" || name === "via");
  const address = ip ?? "";
  return !passed && (isIP(address) === 0 || /^(127\.|::1$|::ffff:127\.)/.test(address));
}
