import { sql } from "kysely";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { changeUser } from "../projects/index.ts";
import { type Answered, type Ask, asking, askingWith, cookieOf, goodPassword } from "../testing/signed-in.ts";
import { testService } from "../testing/test-service.ts";
import { makeApp } from "./app.ts";

let stranger: Ask;
let admin: Ask;
const service = testService({ signIn: true }, async ({ app }) => {
  stranger = asking(app);
  const first = await stranger("POST", "/api/auth/register", { username: "Boss", password: goodPassword });
  expect(first.code).toBe(201);
  expect(first.body.user).toMatchObject({ username: "boss", admin: true });
  admin = askingWith(app, first);
});
beforeEach(() => sql`delete from sign_in_failures`.execute(service.session.db));

/** A new user by invitation, signed in. */
async function member(username: string): Promise<{ ask: Ask; signedIn: Answered }> {
  const { body, code } = await admin("POST", "/api/users", { username });
  expect(code).toBe(201);
  const signedIn = await stranger("POST", "/api/auth/invitation", { code: body.code, password: goodPassword });
  expect(signedIn.code).toBe(200);
  return { ask: askingWith(service.app, signedIn), signedIn };
}

describe("nobody known", () => {
  test("is refused on every route but those that say they are public", async () => {
    const refused = await stranger("GET", "/api/ml/datasets");
    expect(refused.code).toBe(401);
    expect(refused.body.detail).toContain("POST /api/auth/login");
    expect((await stranger("GET", "/api/no/such/route")).code).toBe(401);
    expect((await stranger("GET", "/health")).code).toBe(200);
  });

  test("may not register once there is a user, unless an administrator opens registration", async () => {
    const wish = { username: "walk-in", password: goodPassword };
    const closed = await stranger("POST", "/api/auth/register", wish);
    expect([closed.code, closed.body.detail]).toEqual([403, expect.stringContaining("ask an administrator")]);
    expect((await admin("PUT", "/api/settings/people", { registration: "open" })).code).toBe(200);
    const registered = await stranger("POST", "/api/auth/register", wish);
    expect(registered.body.user).toMatchObject({ username: "walk-in", admin: false });
    expect((await stranger("POST", "/api/auth/register", wish)).code).toBe(409);
    expect((await askingWith(service.app, registered)("PUT", "/api/settings/people", { registration: "open" })).code).toBe(403);
    await admin("PUT", "/api/settings/people", { registration: "closed" });
  });

  test("sends the header that no foreign page can, or is refused", async () => {
    const payload = { username: "boss", password: goodPassword };
    expect((await service.app.inject({ method: "POST", url: "/api/auth/login", payload })).statusCode).toBe(403);
  });
});

describe("a sign-in", () => {
  test("is a cookie that scripts and foreign pages do not get, with a secret that the database does not hold", async () => {
    const signedIn = await stranger("POST", "/api/auth/login", { username: "BOSS", password: goodPassword });
    expect(signedIn.code).toBe(200);
    expect(signedIn.headers["set-cookie"]).toMatch(
      /^assay_session=assay_s_[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const secret = cookieOf(signedIn).split("=")[1]!;
    const { rows } = await sql<{ text: string }>`select s::text as text from sessions s`.execute(service.session.db);
    expect(rows.every(({ text }) => !text.includes(secret))).toBe(true);
    const https = await service.app.inject({
      method: "POST",
      url: "/api/auth/login",
      headers: { "x-assay": "1", "x-forwarded-proto": "https" },
      payload: { username: "boss", password: goodPassword },
    });
    expect(https.headers["set-cookie"]).toContain("; Secure");
  });

  test("says who asks, and ends by logout", async () => {
    const { ask } = await member("leaver");
    expect((await ask("GET", "/api/auth/me")).body).toMatchObject({
      user: { username: "leaver" },
      signed_in_by: "session",
      bound: false,
    });
    expect((await ask("POST", "/api/auth/logout")).code).toBe(200);
    expect((await ask("GET", "/api/auth/me")).code).toBe(401);
  });

  test("ends with every other when the password changes; who changed it goes on", async () => {
    const { ask: old, signedIn } = await member("changer");
    const other = askingWith(
      service.app,
      await stranger("POST", "/api/auth/login", { username: "changer", password: goodPassword }),
    );
    const wrong = await old("POST", "/api/auth/password", {
      password: "not the present one",
      new_password: "another long sentence",
    });
    expect(wrong.code).toBe(401);
    const changed = await old("POST", "/api/auth/password", { password: goodPassword, new_password: "another long sentence" });
    expect(changed.code).toBe(200);
    expect((await other("GET", "/api/auth/me")).code).toBe(401);
    expect((await asking(service.app, { cookie: cookieOf(signedIn) })("GET", "/api/auth/me")).code).toBe(401);
    expect((await askingWith(service.app, changed)("GET", "/api/auth/me")).code).toBe(200);
  });

  test("gets another secret every hour; the former is good for a minute", async () => {
    const { ask, signedIn } = await member("rotator");
    await sql`update sessions set rotated_at = now() - interval '2 hours' where user_id = ${signedIn.body.user.user_id}`.execute(
      service.session.db,
    );
    const rotated = await ask("GET", "/api/auth/me");
    expect(cookieOf(rotated)).not.toBe(cookieOf(signedIn));
    expect((await ask("GET", "/api/auth/me")).code).toBe(200);
    expect((await askingWith(service.app, rotated)("GET", "/api/auth/me")).headers["set-cookie"]).toBeUndefined();
    await sql`update sessions set rotated_at = now() - interval '2 minutes' where user_id = ${signedIn.body.user.user_id}`.execute(
      service.session.db,
    );
    expect((await ask("GET", "/api/auth/me")).code).toBe(401);
    expect((await askingWith(service.app, rotated)("GET", "/api/auth/me")).code).toBe(200);
  });

  test.each([
    ["a day without a request", sql`seen_at = now() - interval '25 hours'`],
    ["two weeks", sql`expires_at = now() - interval '1 second'`],
  ])("ends after %s", async (name, past) => {
    const { ask, signedIn } = await member(`idle${name.length}`);
    await sql`update sessions set ${past} where user_id = ${signedIn.body.user.user_id}`.execute(service.session.db);
    expect((await ask("GET", "/api/auth/me")).code).toBe(401);
  });

  test("is listed and ended from another", async () => {
    const { ask } = await member("two-places");
    const other = askingWith(
      service.app,
      await stranger("POST", "/api/auth/login", { username: "two-places", password: goodPassword }),
    );
    const { items } = (await ask("GET", "/api/auth/sessions")).body;
    expect(items.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
    expect((await ask("DELETE", `/api/auth/sessions/${items[0].session_id}`)).code).toBe(200);
    expect((await other("GET", "/api/auth/me")).code).toBe(401);
    expect((await admin("DELETE", `/api/auth/sessions/${items[1].session_id}`)).code).toBe(404);
  });
});

describe("guessing", () => {
  /** Prolongs the waits that are on: however slow the machine, the next attempt meets them. */
  const prolong = () =>
    sql`update sign_in_failures set locked_until = now() + interval '1 hour' where locked_until > last_at`.execute(
      service.session.db,
    );

  test("gets the same answer for a wrong password and for nobody of that name", async () => {
    const wrong = await stranger("POST", "/api/auth/login", { username: "boss", password: "wrong" });
    const nobody = await stranger("POST", "/api/auth/login", { username: "nobody-here", password: "wrong" });
    expect([nobody.code, nobody.body]).toEqual([wrong.code, wrong.body]);
  });

  test("has to wait after five failures, longer after each, whether there is such a user or not", async () => {
    /** Seconds that the account has to wait that failed last. */
    const wait = async () =>
      (
        await sql<{ s: number }>`select round(extract(epoch from locked_until - last_at))::integer as s from sign_in_failures
        where subject like 'account%' order by last_at desc limit 1`.execute(service.session.db)
      ).rows[0]!.s;
    for (const username of ["locked", "no-such-user"]) {
      if (username === "locked") await member(username);
      const tries = async () => (await stranger("POST", "/api/auth/login", { username, password: "wrong" })).code;
      const codes = [];
      for (let k = 0; k < 6; k++) codes.push(await tries());
      expect(await wait()).toBe(5);
      await prolong();
      for (let k = 0; k < 2; k++) codes.push(await tries());
      expect(codes).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    }
    const right = await stranger("POST", "/api/auth/login", { username: "locked", password: goodPassword });
    expect([right.code, right.body.detail]).toEqual([429, expect.stringMatching(/try again in 3\d{3} s/)]);
    await sql`update sign_in_failures set locked_until = now()`.execute(service.session.db);
    await stranger("POST", "/api/auth/login", { username: "locked", password: "wrong" });
    expect(await wait()).toBe(10);
    await sql`update sign_in_failures set locked_until = now()`.execute(service.session.db);
    expect((await stranger("POST", "/api/auth/login", { username: "locked", password: goodPassword })).code).toBe(200);
    for (let k = 0; k < 5; k++)
      expect((await stranger("POST", "/api/auth/login", { username: "locked", password: "wrong" })).code).toBe(401);
  });

  test("many passwords at once does not pass the count", async () => {
    const codes = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await stranger("POST", "/api/auth/login", { username: "at-once", password: "wrong" })).code,
      ),
    );
    expect(codes.filter((code) => code === 401)).toHaveLength(6);
  });

  test("many names from one address has to wait too", async () => {
    const codes = [];
    for (let k = 0; k < 33; k++) {
      if (k > 30) await prolong();
      codes.push((await stranger("POST", "/api/auth/login", { username: `name${k}`, password: "wrong" })).code);
    }
    expect(codes.slice(-2)).toEqual([429, 429]);
    expect(codes.slice(0, 30).every((code) => code === 401)).toBe(true);
  });
});

test.each([
  ["short", "must have 12 to 256 signs, got 5"],
  ["aaaaaaaaaaaaaaa", "among the first"],
  ["Password12345!", "among the first"],
  ["eve eve eve eve", "more than the username"],
])("the password %s is refused", async (password, why) => {
  const { body } = await admin("POST", "/api/users", { username: `eve` }).then(async (made) =>
    made.code === 201 ? made : admin("POST", "/api/users/eve/reset-password"),
  );
  const refused = await stranger("POST", "/api/auth/invitation", { code: body.code, password });
  expect([refused.code, refused.body.detail]).toEqual([400, expect.stringContaining(why)]);
});

describe("a token", () => {
  test("is shown once, stands as a hash, and says when it was used", async () => {
    const { ask } = await member("maker");
    const made = await ask("POST", "/api/auth/tokens", { name: "ci" });
    expect(made.body.token).toMatch(/^assay_[\w-]{43}$/);
    const { rows } = await sql<{ text: string }>`select t::text as text from api_tokens t`.execute(service.session.db);
    expect(rows.some(({ text }) => text.includes(made.body.token))).toBe(false);
    const program = asking(service.app, { authorization: `Bearer ${made.body.token}` });
    expect((await program("GET", "/api/auth/me")).body).toMatchObject({
      user: { username: "maker" },
      signed_in_by: "token",
      scopes: ["write"],
    });
    const [listed] = (await ask("GET", "/api/auth/tokens")).body.items;
    expect(listed).toMatchObject({ name: "ci", hint: made.body.token.slice(0, 10), used_at: expect.any(String) });
    expect(JSON.stringify(listed)).not.toContain(made.body.token);
  });

  test("reads with read, writes with write, and acts for its user's account with admin only", async () => {
    const { ask } = await member("scopes");
    const withScope = async (scope: string) =>
      asking(service.app, {
        authorization: `Bearer ${(await ask("POST", "/api/auth/tokens", { name: scope, scopes: [scope] })).body.token}`,
      });
    const [reads, writes, admins] = [await withScope("read"), await withScope("write"), await withScope("admin")];
    const run = { experiment: "e" };
    expect((await reads("GET", "/api/ml/runs/columns")).code).toBe(200);
    const refused = await reads("POST", "/api/ml/runs", run);
    expect([refused.code, refused.body.detail]).toEqual([403, "the token needs the scope write, has read"]);
    expect((await writes("POST", "/api/ml/runs", run)).code).toBe(201);
    expect((await reads("POST", "/api/projects", { name: "p" })).code).toBe(403);
    expect((await writes("POST", "/api/auth/tokens", { name: "more" })).body.detail).toBe(
      "the token needs the scope admin, has write",
    );
    expect((await admins("POST", "/api/auth/tokens", { name: "more" })).code).toBe(201);
    expect((await admins("GET", "/api/users")).code).toBe(403);
  });

  test("that is bound to a project works there by itself, and reaches no other", async () => {
    const { ask } = await member("binder");
    const { project } = (await ask("POST", "/api/projects", { name: "bound" })).body;
    const other = (await ask("POST", "/api/projects", { name: "other" })).body.project;
    const made = await ask("POST", "/api/auth/tokens", { name: "b", scopes: ["admin"], project_id: project.project_id });
    const program = asking(service.app, { authorization: `Bearer ${made.body.token}` });
    expect((await program("GET", "/api/auth/me")).body).toMatchObject({ project_id: project.project_id, bound: true });
    expect((await program("GET", `/api/ml/datasets?project_id=${other.project_id}`)).body.detail).toContain(
      "reaches the project",
    );
    expect((await program("GET", `/api/projects/${other.project_id}`)).code).toBe(403);
    expect((await program("GET", "/api/projects")).body.items.map(({ name }: { name: string }) => name)).toEqual(["bound"]);
    expect((await program("POST", "/api/projects", { name: "third" })).code).toBe(403);
    expect((await program("POST", "/api/auth/tokens", { name: "free" })).code).toBe(403);
    const strange = await ask("POST", "/api/auth/tokens", { name: "x", project_id: service.session.projectId });
    expect(strange.code).toBe(404);
  });

  test("is void once it is revoked or has expired, and nobody else revokes it", async () => {
    const { ask } = await member("revoker");
    const made = (await ask("POST", "/api/auth/tokens", { name: "t", expires_days: 1 })).body;
    const program = asking(service.app, { authorization: `Bearer ${made.token}` });
    expect((await admin("DELETE", `/api/auth/tokens/${made.token_info.token_id}`)).code).toBe(404);
    await sql`update api_tokens set expires_at = now() - interval '1 second' where id = ${made.token_info.token_id}`.execute(
      service.session.db,
    );
    expect((await program("GET", "/api/auth/me")).code).toBe(401);
    await sql`update api_tokens set expires_at = null where id = ${made.token_info.token_id}`.execute(service.session.db);
    expect((await program("GET", "/api/auth/me")).code).toBe(200);
    expect((await ask("DELETE", `/api/auth/tokens/${made.token_info.token_id}`)).code).toBe(200);
    expect((await program("GET", "/api/auth/me")).body.detail).toBe("the token is wrong, expired or revoked");
  });
});

describe("an administrator", () => {
  test("deactivates a user: sign-ins and tokens end at once, and signing in is refused as for nobody", async () => {
    const { ask } = await member("goner");
    const { token } = (await ask("POST", "/api/auth/tokens", { name: "t" })).body;
    expect((await admin("PATCH", "/api/users/goner", { active: false })).body.user.active).toBe(false);
    expect((await ask("GET", "/api/auth/me")).code).toBe(401);
    expect((await asking(service.app, { authorization: `Bearer ${token}` })("GET", "/api/auth/me")).code).toBe(401);
    expect((await stranger("POST", "/api/auth/login", { username: "goner", password: goodPassword })).code).toBe(401);
    expect((await admin("PATCH", "/api/users/goner", { active: true })).code).toBe(200);
    expect((await stranger("POST", "/api/auth/login", { username: "goner", password: goodPassword })).code).toBe(200);
    expect((await asking(service.app, { authorization: `Bearer ${token}` })("GET", "/api/auth/me")).code).toBe(401);
  });

  test("resets a password: the sign-ins end, the code works once", async () => {
    const { ask } = await member("forgetful");
    const { code } = (await admin("POST", "/api/users/forgetful/reset-password")).body;
    expect((await ask("GET", "/api/auth/me")).code).toBe(401);
    expect((await stranger("POST", "/api/auth/login", { username: "forgetful", password: goodPassword })).code).toBe(401);
    const set = { code, password: "one more long sentence" };
    expect((await stranger("POST", "/api/auth/invitation", set)).code).toBe(200);
    expect((await stranger("POST", "/api/auth/invitation", set)).code).toBe(401);
  });

  test("lists and finds users; others see only themselves", async () => {
    const { ask } = await member("findable");
    const found = await admin("GET", "/api/users?search=FINDA");
    expect(found.body.items).toMatchObject([{ username: "findable", active: true }]);
    expect(JSON.stringify(found.body)).not.toMatch(/hash|argon2/);
    expect((await ask("GET", "/api/users")).body.detail).toBe("needs an administrator");
    expect((await ask("GET", "/api/users/findable")).code).toBe(200);
    expect((await ask("GET", "/api/users/boss")).code).toBe(403);
  });

  test("is never the last to go who can sign in: the machine's user counts only where it asks", async () => {
    const { db } = service.session;
    const own = await admin("PATCH", "/api/users/boss", { admin: false });
    expect([own.code, own.body.detail]).toEqual([409, expect.stringContaining("last active administrator")]);
    expect(await changeUser(db, service.session.userId, "boss", { admin: false })).toMatchObject({ admin: false });
    await changeUser(db, null, "boss", { admin: true });
    const machine = (await sql<{ username: string }>`select username from users where signs_in_by = 'machine'`.execute(db)).rows;
    for (const { username } of machine) expect((await admin("PATCH", `/api/users/${username}`, { admin: false })).code).toBe(200);
    const refused = await admin("PATCH", "/api/users/boss", { active: false });
    expect([refused.code, refused.body.detail]).toEqual([409, expect.stringContaining("last active administrator")]);
    for (const { username } of machine) await admin("PATCH", `/api/users/${username}`, { admin: true });
  });
});

test("the log of activity says who signed in, failed, made and changed what, and no secret", async () => {
  const { ask } = await member("logged");
  await stranger("POST", "/api/auth/login", { username: "logged", password: "planted-canary-password" });
  await ask("POST", "/api/auth/tokens", { name: "tk" });
  const all = (await admin("GET", "/api/activity?limit=500")).body.items as { action: string; subject: string }[];
  const own = all.filter(({ subject }) => ["logged", "tk"].includes(subject)).map(({ action }) => action);
  expect(own).toEqual(["token.create", "user.sign_in_failed", "user.set_password", "user.create"]);
  expect(JSON.stringify(all)).not.toMatch(/canary|assay_\w{30}/);
  const seen = (await ask("GET", "/api/activity")).body.items as { username: string }[];
  expect(new Set(seen.map(({ username }) => username))).toEqual(new Set(["logged"]));
});

test("a service that listens, and remembers for a second whom it knows, forgets at once who was deactivated or revoked", async () => {
  const own = await makeApp(service.session, { signIn: true });
  const url = await own.listen({ host: "127.0.0.1", port: 0 });
  try {
    const { ask } = await member("remembered");
    const { token, token_info: info } = (await ask("POST", "/api/auth/tokens", { name: "t" })).body;
    const me = async () => (await fetch(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    vi.useFakeTimers({ toFake: ["performance"] }); // the second never ends: what is forgotten was told
    expect([await me(), await me()]).toEqual([200, 200]);
    await ask("DELETE", `/api/auth/tokens/${info.token_id}`);
    await expect.poll(me, { timeout: 100_000, interval: 5 }).toBe(401);
  } finally {
    vi.useRealTimers();
    await own.close();
  }
});
