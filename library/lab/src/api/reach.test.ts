import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUser, type Opened } from "../projects/index.ts";
import { type Ask, asking, goodPassword } from "../testing/signed-in.ts";
import { testSession } from "../testing/test-session.ts";
import { type App, makeApp } from "./app.ts";
import { checkReach, reachOf } from "./reach.ts";

let opened: Opened;
let app: App;
let ask: Ask;
let hub: Server;
beforeAll(async () => {
  opened = await testSession();
  const { guard } = reachOf({}, { ASSAY_ALLOWED_ORIGINS: "https://pages.example.org", ASSAY_TRUSTED_PROXIES: "127.0.0.1" });
  app = await makeApp(opened.session, guard);
  ask = asking(app);
  const users: Record<string, object> = {
    alices: { kind: "user", name: "Alice" },
    locals: { kind: "user", name: "local" },
    services: { kind: "service", name: "x" },
  };
  hub = createServer(({ headers, url }, response) => {
    const user = url === "/hub/api/user" ? users[String(headers.authorization).replace("token ", "")] : undefined;
    response.writeHead(user ? 200 : 403).end(JSON.stringify(user ?? {}));
  });
  await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  hub.close();
  await app.close();
  await opened.close();
});

describe("the service listens", () => {
  test("on 127.0.0.1:8790 with sign-in, unless options or environment say otherwise", () => {
    expect(reachOf({}, {})).toMatchObject({
      listen: { host: "127.0.0.1", port: 8790 },
      guard: { signIn: true, token: undefined },
    });
    expect(reachOf({ port: 1 }, { ASSAY_PORT: "2", ASSAY_HOST: "::1" }).listen).toEqual({ host: "::1", port: 1 });
    expect(reachOf({ socket: "/s" }, { ASSAY_TOKEN: "t" })).toEqual({ listen: { path: "/s" }, guard: {} });
  });

  test.each([
    [{ port: 70_000 }, {}, "from 0 to 65535, got 70000"],
    [{}, { ASSAY_PORT: "many" }, "ASSAY_PORT: must be a whole number from 0 to 65535, got many"],
    [{}, { ASSAY_TRUSTED_PROXIES: "10.0.0.0/8, proxy" }, "ASSAY_TRUSTED_PROXIES: must be addresses as 10.0.0.7 or 10.0.0.0/8"],
    [{}, { ASSAY_TRUSTED_PROXIES: "10.0.0.0/33" }, "got 10.0.0.0/33"],
    [{}, { ASSAY_ALLOWED_ORIGINS: "*" }, "got *"],
    [{}, { ASSAY_ALLOWED_ORIGINS: "ftp://a.example" }, "got ftp://a.example"],
  ])("not where %o %o says so", (options, env, message) => {
    expect(() => reachOf(options, env)).toThrow(message);
  });

  test("beyond this machine only once somebody has a password", async () => {
    const reach = reachOf({ host: "0.0.0.0" }, {});
    await expect(checkReach(reach, opened.session, {})).rejects.toThrow('first do "assay user add NAME --admin"');
    await checkReach(reachOf({ host: "127.0.0.1" }, {}), opened.session, {});
    await sql`update users set password_hash = 'x'`.execute(opened.session.db);
    await checkReach(reach, opened.session, {});
    await sql`update users set password_hash = null`.execute(opened.session.db);
  });
});

test("the first user registers from this machine, past no proxy", async () => {
  const register = (headers: Record<string, string>) =>
    asking(app, headers)("POST", "/api/auth/register", { username: "first", password: goodPassword });
  const far = await register({ "x-forwarded-for": "203.0.113.9" });
  expect([far.code, far.body.detail]).toEqual([403, expect.stringContaining("assay user add")]);
  expect((await register({})).code).toBe(201);
});

test.each([
  [{ host: "evil.example" }, 403],
  [{ host: "127.0.0.1.evil.example" }, 403],
  [{ host: "localhost.:80" }, 403],
  [{ host: "127.0.0.1:8790" }, 401],
  [{ host: "[::1]:8790" }, 401],
  [{ host: "pages.example.org" }, 401],
  [{ origin: "https://pages.example.org" }, 401],
  [{ origin: "https://pages.example.org.evil.example" }, 403],
  [{ origin: "http://pages.example.org" }, 403],
  [{ origin: "null" }, 403],
])("a request with %o is answered %i", async (headers, code) => {
  expect((await asking(app, headers as unknown as Record<string, string>)("GET", "/api/ml/datasets")).code).toBe(code);
});

test("a Host that is not the service's is refused with the setting that names it", async () => {
  const { body } = await asking(app, { host: "assay.example.net" })("GET", "/health");
  expect(body.detail).toBe(
    "the host assay.example.net is not this service's: ASSAY_ALLOWED_ORIGINS of the service names those behind a proxy",
  );
});

test("a page of an allowed origin may ask with a token, and no other page may read an answer", async () => {
  const preflight = (origin: string) =>
    app.inject({
      method: "OPTIONS",
      url: "/api/ml/runs",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization, x-assay" },
    });
  const allowed = await preflight("https://pages.example.org");
  expect(allowed.statusCode).toBe(204);
  expect(allowed.headers).toMatchObject({ "access-control-allow-origin": "https://pages.example.org" });
  expect(allowed.headers["access-control-allow-credentials"]).toBeUndefined();
  expect((await preflight("https://evil.example")).headers["access-control-allow-origin"]).toBeUndefined();
  const answer = await asking(app, { origin: "https://pages.example.org" })("GET", "/health");
  expect(answer.headers["access-control-allow-origin"]).toBe("https://pages.example.org");
});

describe("a JupyterHub's token", () => {
  const exchange = (hub_token: string) => ask("POST", "/api/auth/jupyterhub", { hub_token });
  beforeAll(() => {
    process.env["JUPYTERHUB_API_URL"] = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub/api`;
  });
  afterAll(() => {
    delete process.env["JUPYTERHUB_API_URL"];
  });

  test("is taken for a token of the same user here, with a private project", async () => {
    const { code, body } = await exchange("alices");
    expect([code, body.user]).toEqual([
      200,
      expect.objectContaining({ username: "alice", admin: false, signs_in_by: "jupyterhub" }),
    ]);
    const alice = asking(app, { authorization: `Bearer ${body.token}` });
    expect((await alice("GET", "/api/projects")).body.items).toMatchObject([{ name: "default", owner: "alice", public: false }]);
    expect((await ask("POST", "/api/auth/login", { username: "alice", password: "" })).code).toBe(400);
  });

  test("is refused where the hub does not know it, or it is no user's", async () => {
    for (const token of ["forged", "services", "new\nline"]) expect((await exchange(token)).code, token).toBe(401);
  });

  test("is not a local user's of the same name", async () => {
    await createUser(opened.session.db, null, { username: "local" });
    const refused = await exchange("locals");
    expect([refused.code, refused.body.detail]).toEqual([409, expect.stringContaining("assay user hub local")]);
  });

  test("is none of a deactivated user", async () => {
    await sql`update users set active = false where username = 'alice'`.execute(opened.session.db);
    expect((await exchange("alices")).code).toBe(403);
  });
});
