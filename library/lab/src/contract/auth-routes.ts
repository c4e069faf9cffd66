import { z } from "zod";
import {
  hubAnswer,
  hubRequest,
  invitationUse,
  loginRequest,
  meAnswer,
  passwordChange,
  profileChange,
  registerRequest,
  signInList,
  tokenCreate,
  tokenCreated,
  tokenList,
  type User,
  userAnswer,
} from "./people.ts";
import { route } from "./route.ts";
import { id, page } from "./values.ts";

const root = "/api/auth";
const paged = page.omit({ project_id: true });

const ada: User = {
  user_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0a1",
  username: "ada",
  full_name: "Ada Lovelace",
  email: "ada@example.org",
  avatar: null,
  active: true,
  admin: false,
  signs_in_by: "password",
  created_at: "2026-07-18T09:30:00.000Z",
  seen_at: "2026-07-18T09:30:00.000Z",
};
const projectId = "01981c3e-7a10-7c42-9d6f-0b6a51a1c0b2";
const session = {
  session_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0c3",
  current: true,
  address: "127.0.0.1",
  program: "Mozilla/5.0",
  created_at: "2026-07-18T09:30:00.000Z",
  seen_at: "2026-07-18T09:30:00.000Z",
  expires_at: "2026-08-01T09:30:00.000Z",
};
const ci = {
  token_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0d4",
  name: "nightly training",
  hint: "assay_Q2hh",
  scopes: ["write" as const],
  project_id: projectId,
  created_at: "2026-07-18T09:30:00.000Z",
  expires_at: "2026-10-16T09:30:00.000Z",
  used_at: null,
};
const secret = "correct horse battery staple";
const shownOnce = "assay_Q2hhbmdlIG1lLCBJIGFtIGFuIGV4YW1wbGUgb25seQ0";

/** Signing in, sign-ins, tokens, oneself. */
export const authRoutes = {
  register: route({
    method: "POST",
    path: `${root}/register`,
    summary: "Makes a user and signs them in: the first one from the service's machine, later ones where registration is open.",
    public: true,
    body: registerRequest,
    answer: userAnswer,
    statuses: [201],
    example: { body: { username: "ada", password: secret, full_name: "Ada Lovelace" }, answer: { user: ada } },
  }),
  login: route({
    method: "POST",
    path: `${root}/login`,
    summary: "Signs in, into an HttpOnly cookie; repeated failures have to wait.",
    public: true,
    body: loginRequest,
    answer: userAnswer,
    example: { body: { username: "ada", password: secret }, answer: { user: ada } },
  }),
  redeem: route({
    method: "POST",
    path: `${root}/invitation`,
    summary: "Sets a password with the code of an invitation or of a reset, once, and signs in.",
    public: true,
    body: invitationUse,
    answer: userAnswer,
    example: { body: { code: shownOnce.replace("assay_", "assay_i_"), password: secret }, answer: { user: ada } },
  }),
  jupyterhub: route({
    method: "POST",
    path: `${root}/jupyterhub`,
    summary: "Takes a JupyterHub's token for a token of the same user here, good for a day.",
    public: true,
    body: hubRequest,
    answer: hubAnswer,
    example: {
      body: { hub_token: "8f1f3c0d5b8e4a7c9d2e6f0a1b3c5d7e" },
      answer: { token: shownOnce, expires_at: "2026-07-19T09:30:00.000Z", user: { ...ada, signs_in_by: "jupyterhub" } },
    },
  }),
  logout: route({
    method: "POST",
    path: `${root}/logout`,
    action: "known",
    summary: "Ends the sign-in that asks.",
    example: {},
  }),
  me: route({
    method: "GET",
    path: `${root}/me`,
    action: "known",
    summary: "Who asks, with which rights, and in which project.",
    answer: meAnswer,
    example: { answer: { user: ada, signed_in_by: "session", scopes: ["admin"], project_id: projectId, bound: false } },
  }),
  change: route({
    method: "PATCH",
    path: `${root}/me`,
    action: "own",
    summary: "Changes one's name, e-mail address or picture.",
    body: profileChange,
    answer: userAnswer,
    example: { body: { full_name: "Ada Lovelace" }, answer: { user: ada } },
  }),
  changePassword: route({
    method: "POST",
    path: `${root}/password`,
    action: "own",
    summary: "Sets another password; every other sign-in ends.",
    body: passwordChange,
    example: { body: { password: secret, new_password: "a longer one, that nobody knows" } },
  }),
  sessions: route({
    method: "GET",
    path: `${root}/sessions`,
    action: "own",
    summary: "One's sign-ins that last, newest first.",
    answer: signInList,
    example: { answer: { items: [session], next_cursor: null } },
  }),
  endSession: route({
    method: "DELETE",
    path: `${root}/sessions/:session_id`,
    action: "own",
    summary: "Ends one of one's sign-ins.",
    params: z.object({ session_id: id }),
    example: { params: { session_id: session.session_id } },
  }),
  createToken: route({
    method: "POST",
    path: `${root}/tokens`,
    action: "own",
    summary: "Makes a token for programs; its secret is answered this once.",
    body: tokenCreate,
    answer: tokenCreated,
    statuses: [201],
    example: {
      body: { name: ci.name, scopes: ["write"], project_id: projectId, expires_days: 90 },
      answer: { token: shownOnce, token_info: ci },
    },
  }),
  tokens: route({
    method: "GET",
    path: `${root}/tokens`,
    action: "own",
    summary: "One's tokens, newest first, without their secrets.",
    query: paged,
    answer: tokenList,
    example: { answer: { items: [ci], next_cursor: null } },
  }),
  revokeToken: route({
    method: "DELETE",
    path: `${root}/tokens/:token_id`,
    action: "own",
    summary: "Ends a token at once.",
    params: z.object({ token_id: id }),
    example: { params: { token_id: ci.token_id } },
  }),
};
