import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { createToken } from "../projects/index.ts";
import { deployRun, flushPredictions, predictionLogState } from "../registry/index.ts";
import { type TestService, testService } from "../testing/test-service.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { type Cast, gather, type Who } from "./security/callers.ts";

const path = "/api/ml/models/predict";
const page = "https://pages.example.org";
const features = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
const plain = { model_id: "koi@1.0.0", features, user_id: "u" };
const headers = { authorization: "Bearer secret", "x-assay": "1" };
const guarded = { signIn: true, token: "secret", hosts: ["localhost"], origins: [page] };

let cast: Cast;
const service = testService(guarded, async ({ session }) => {
  cast = await gather(session, "quick");
  for (const each of [session, cast.session]) await deployRun(each, await trainedRun(each, 4), { name: "koi" });
});
/** A service whose event loop always lags too far. */
const overloaded = testService({ ...guarded, limits: { lagMs: -1 } });

type Headers = Readonly<Record<string, string | undefined>>;
type Said = { status: number; body: ReturnType<typeof JSON.parse>; answered: IncomingMessage["headers"] };

/** What a listening service says to a body, with these headers beside the usual ones, or without those that are undefined. */
async function post(body: string | object, more: Headers = {}, at: TestService = service): Promise<Said> {
  const { port } = new URL(await at.listen());
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method: "POST", headers: allHeaders(more) }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode!, body: JSON.parse(text), answered: answer.headers }));
    });
    sent.on("error", reject).end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

/** What the route says of it, without the listening service. */
async function route(payload: string | object, more: Headers = {}, { app }: TestService = service): Promise<Said> {
  const answer = await app.inject({ method: "POST", url: path, headers: allHeaders(more), payload });
  return { status: answer.statusCode, body: answer.json(), answered: answer.headers as Said["answered"] };
}

function allHeaders(more: Headers): Record<string, string> {
  const all = { host: "localhost", ...headers, "content-type": "application/json", ...more };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Whether an answer was given in front of the route, which says that it varies by Origin. */
const wasQuick = ({ answered }: Said): boolean => answered.vary === undefined;

/** What does not differ from one time to the next. */
function compared({ status, body, answered }: Said): unknown {
  const { prediction_id, latency_ms, request_id, ...rest } = body;
  return { status, rest, type: answered["content-type"], version: answered["assay-version"] };
}

describe("a plain request for a prediction", () => {
  test("is answered as its route answers it, and logged", async () => {
    const said = await post(plain);
    expect([said.status, wasQuick(said)]).toEqual([200, true]);
    expect(compared(said)).toEqual(compared(await route(plain)));
    await flushPredictions(service.session);
    expect(predictionLogState(service.session)).toEqual({ waiting: 0, lost: 0 });
    const logged = await service.session.db
      .selectFrom("predictions")
      .select("id")
      .where("id", "=", said.body.prediction_id)
      .execute();
    expect(logged.length).toBe(1);
  });

  test.each<Who>(["read token", "write token"])("of a %s is answered in front of the route", async (who) => {
    const said = await post(plain, await cast.headers(who));
    expect([said.status, wasQuick(said)]).toEqual([200, true]);
  });

  test.each<Who>(["viewer", "editor", "owner"])("of a cookie's %s is answered by the route", async (who) => {
    const said = await post(plain, { ...(await cast.headers(who)), authorization: undefined });
    expect([said.status, wasQuick(said)]).toEqual([404, false]); // in the project of their own, which has no such model
  });

  test("is counted among the others", async () => {
    const answer = await service.app.inject({ url: "/metrics", headers: { host: "localhost", ...headers } });
    expect(answer.body).toMatch(
      /assay_http_requests_total\{method="POST",route="\/api\/ml\/models\/predict",status="200"\} [2-9]/,
    );
  });
});

describe("each check of the guard holds for a prediction as for its route", () => {
  /** By check: the headers that fail it, and the code of the refusal. */
  const checks: Readonly<Record<string, { readonly code: number; headers(): Promise<Headers> | Headers }>> = {
    "nobody known": { code: 401, headers: () => ({ authorization: undefined }) },
    "a wrong token": { code: 401, headers: () => ({ authorization: "Bearer wrong" }) },
    "an expired token": { code: 401, headers: () => cast.headers("expired token") },
    "a revoked token": { code: 401, headers: () => cast.headers("revoked token") },
    "a token of a deactivated user": { code: 401, headers: () => tokenOf("gone") },
    "a cookie of a deactivated user": { code: 401, headers: () => ({ authorization: undefined, ...cookieOf }) },
    "a token of another project": { code: 404, headers: () => cast.headers("other project's token") },
    "a foreign Host": { code: 403, headers: () => ({ host: "evil.example" }) },
    "a foreign Origin": { code: 403, headers: () => ({ origin: "https://evil.example" }) },
    "a request without a header of ours": { code: 403, headers: () => ({ "x-assay": undefined }) },
  };
  const cookieOf = { cookie: "assay_session=none" };
  const tokenOf = async (who: string): Promise<Headers> => {
    const { secret } = await createToken(service.session.db, cast.userIds[who]!, { name: who });
    return { authorization: `Bearer ${secret}` };
  };

  test.each(Object.entries(checks))("%s", async (_, { code, headers }) => {
    const more = await headers();
    const [said, routed] = [await post(plain, more), await route(plain, more)];
    expect([said.status, routed.status]).toEqual([code, code]);
    expect(compared(said)).toEqual(compared(routed));
  });

  test("another project, named in the body", async () => {
    const more = await cast.headers("read token");
    const asked = { ...plain, project_id: service.session.projectId };
    expect([(await post(asked, more)).status, (await route(asked, more)).status]).toEqual([403, 403]);
  });

  test("a token that a request revokes is refused from the next request on, however lately it was good", async () => {
    const { projectId, userId } = cast.session;
    const { secret, token } = await createToken(service.session.db, userId, { name: "revoked soon", project_id: projectId });
    const more = { authorization: `Bearer ${secret}` };
    for (let k = 0; k < 5; k++) expect(wasQuick(await post(plain, more))).toBe(true);
    const url = `/api/auth/tokens/${token.token_id}`;
    const own = { host: "localhost", "x-assay": "1", ...(await cast.freshHeaders("owner")) };
    expect((await service.app.inject({ method: "DELETE", url, headers: own })).statusCode).toBe(200);
    expect((await post(plain, more)).status).toBe(401);
  });

  test("a member who is put out of a project reaches it no more from the next request on", async () => {
    const { projectId } = cast.session;
    const editor = await createToken(service.session.db, cast.userIds["editor"]!, { name: "member", project_id: projectId });
    const more = { authorization: `Bearer ${editor.secret}` };
    expect((await post(plain, more)).status).toBe(200);
    const own = { host: "localhost", "x-assay": "1", ...(await cast.freshHeaders("owner")) };
    const url = `/api/projects/${projectId}/members/quick-editor`;
    expect((await service.app.inject({ method: "DELETE", url, headers: own })).statusCode).toBe(200);
    expect((await post(plain, more)).status).toBe(404);
    const payload = { role: "editor" };
    expect((await service.app.inject({ method: "PUT", url, headers: own, payload })).statusCode).toBe(200);
    expect((await post(plain, more)).status).toBe(200);
  });

  test("a user who is deactivated, as soon as the service hears of it", async () => {
    const { projectId, userId } = cast.session;
    const { secret } = await createToken(service.session.db, userId, { name: "own", project_id: projectId });
    const more = { authorization: `Bearer ${secret}` };
    const setActive = (active: boolean) =>
      service.session.db.updateTable("users").set({ active }).where("id", "=", userId).execute();
    expect((await post(plain, more)).status).toBe(200);
    await setActive(false);
    await vi.waitFor(async () => expect((await post(plain, more)).status).toBe(401), { timeout: 100_000 });
    await setActive(true);
  });

  test("a page of an allowed origin is answered by the route, which lets it read", async () => {
    const said = await post(plain, { origin: page });
    expect([said.status, said.answered["access-control-allow-origin"], wasQuick(said)]).toEqual([200, page, false]);
  });

  test("overload", async () => {
    for (const { status, answered } of [await post(plain, {}, overloaded), await route(plain, {}, overloaded)])
      expect([status, answered["retry-after"]]).toEqual([503, "2"]);
  });

  test("the size of a body", async () => {
    const long = { ...plain, features: { ...features, colour: "x".repeat(21 * 1024 ** 2) } };
    expect([(await post(long)).status, (await route(long)).status]).toEqual([413, 413]);
    const longer = { ...plain, features: { ...features, colour: "x".repeat(70_000) } };
    expect(wasQuick(await post(longer))).toBe(false);
  });

  test("a rate is counted for neither", async () => {
    for (const { answered } of [await post(plain), await route(plain)]) expect(answered["x-ratelimit-limit"]).toBeUndefined();
  });
});

describe("any other request for a prediction is refused as its route refuses it", () => {
  const project = "00000000-0000-7000-8000-000000000000";
  test.each<[string, string | object, Headers]>([
    ["a body that is no JSON", "{", {}],
    ["the prototype's name", '{"model_id":"koi","features":{"__proto__":{}}}', {}],
    ["a NUL", '{"model_id":"koi","features":{"petal_length":"\\u0000"}}', {}],
    ["a missing field", { model_id: "koi", features: { petal_length: 1 } }, {}],
    ["an unknown model", { ...plain, model_id: "kio" }, {}],
    ["an unknown key", { ...plain, feature: 1 }, {}],
    ["a project that is not there", { ...plain, project_id: project }, {}],
    ["a text in place of a row", { ...plain, features: "row" }, {}],
    ["a body of a type that only begins as JSON", plain, { "content-type": "application/jsonp" }],
  ])("%s", async (_, body, more) => {
    const said = await post(body, more);
    expect(said.status).toBeGreaterThanOrEqual(400);
    expect(compared(said)).toEqual(compared(await route(body, more)));
  });
});

/** Bytes that come one part after the other, and what is answered. */
async function say(...parts: readonly string[]): Promise<string> {
  const { port } = new URL(await service.listen());
  const socket = connect({ host: "127.0.0.1", port: Number(port) });
  let heard = "";
  const heardAll = new Promise<string>((resolve) =>
    socket.on("data", (data) => (heard += data)).on("close", () => resolve(heard)),
  );
  for (const part of parts) {
    await new Promise((resolve) => socket.write(part, resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return heardAll;
}

const head = (length: number, more = "") =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer secret\r\nx-assay: 1\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;

describe("bytes of a request for a prediction", () => {
  const text = JSON.stringify(plain);

  test("are answered in however many parts the body comes", async () => {
    const said = await say(head(text.length, "connection: close\r\n"), text.slice(0, 20), text.slice(20));
    expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*"prediction":\["aster"\]/);
  });

  test("of two requests at once are both answered, one after the other", async () => {
    const said = await say(`${head(text.length)}${text}${head(text.length, "connection: close\r\n")}${text}`);
    expect(said.match(/"prediction":\["aster"\]/g)?.length).toBe(2);
  });
});
