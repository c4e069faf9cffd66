import { describe, expect, test, vi } from "vitest";
import { assayClient, endsRun, followEvents } from "../client/index.ts";
import { createToken } from "../projects/index.ts";
import { testService } from "../testing/test-service.ts";
import { createRun, finishRun, logLines } from "../tracking/index.ts";
import { streamCount } from "./event-streams.ts";
import { declared } from "./security/declared-routes.ts";
import { noteResult } from "./security/results.ts";

const page = "https://pages.example.org";
const foreign = "https://evil.example";
let token = "";
let run = "";
const service = testService({ signIn: true, origins: [page], hosts: ["localhost"] }, async ({ session }) => {
  token = (await createToken(session.db, session.userId, { name: "page", scopes: ["read"], project_id: session.projectId }))
    .secret;
  run = await createRun(session, { experiment: "pages", status: "training" });
  await logLines(session, run, [{ level: "info", message: "heard" }]);
  await finishRun(session, run, "completed");
});

/** Every stream of the contract, as an address. */
const streams = declared.filter(({ route }) => route.events);

/** Asks for a stream as a page's fetch does, and hangs up when its first bytes are there. */
async function open(path: string, headers: Record<string, string>) {
  const end = new AbortController();
  const answer = await fetch((await service.listen()) + path, { headers, signal: end.signal });
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  end.abort();
  return { status: answer.status, headers: answer.headers, text: new TextDecoder().decode(value) };
}

describe("a page of an allowed origin", () => {
  test("may read a stream that it asks for with a token", async () => {
    const { status, headers, text } = await open(`/api/ml/experiments/${run}/events`, {
      origin: page,
      authorization: `Bearer ${token}`,
    });
    expect([status, text]).toEqual([200, expect.stringMatching(/^: open\n\n/)]);
    expect(headers.get("content-type")).toBe("text/event-stream");
    expect(headers.get("access-control-allow-origin")).toBe(page);
    expect(headers.get("vary")).toMatch(/\bOrigin\b/);
    expect(headers.get("access-control-expose-headers")).toContain("x-request-id");
  });

  test("is told the place of a stream with its first bytes, and misses nothing behind it", async () => {
    const { session } = service;
    const { text } = await open("/api/ml/events", { origin: page, authorization: `Bearer ${token}` });
    const [, place] = /^: open\n\nid: (\d+)\n\n/.exec(text)!;
    const id = await createRun(session, { experiment: "pages", status: "training" });
    const headers = { origin: page, authorization: `Bearer ${token}`, "last-event-id": place! };
    const end = new AbortController();
    const answer = await fetch(`${await service.listen()}/api/ml/events`, { headers, signal: end.signal });
    let heard = "";
    for await (const bytes of answer.body!) if ((heard += new TextDecoder().decode(bytes)).includes(id)) break;
    end.abort();
    expect(heard).toContain(id);
  });

  test("hears every event of a run by the typed client, and goes on behind the last that it heard", async () => {
    const url = await service.listen();
    const send = (address: string, { headers, ...init }: RequestInit): Promise<Response> =>
      fetch(address, { ...init, headers: { ...(headers as Record<string, string>), origin: page } });
    const client = assayClient({ url, token, fetch: send });
    const listen = async (after?: string) => {
      const heard: string[] = [];
      const options = { isLast: endsRun, ...(after !== undefined && { after }) };
      for await (const { id } of followEvents((how) => client.events.run({ id: run }, how), options)) heard.push(id);
      return heard;
    };
    const all = await listen();
    expect(all.length).toBeGreaterThan(1);
    expect(await listen(all[0])).toEqual(all.slice(1));
  });

  test("is told why it is refused", async () => {
    const { status, headers, text } = await open("/api/ml/events", { origin: page, authorization: "Bearer wrong" });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([401, page]);
    expect(JSON.parse(text).detail).toContain("the token is wrong");
  });

  test("is nobody where its token stands in the address: addresses are kept in logs and histories", async () => {
    const { status } = await open(`/api/ml/events?token=${token}`, { origin: page, accept: "text/event-stream" });
    expect(status).toBe(401);
  });

  test("may send no cookie", async () => {
    const { headers } = await open("/api/ml/events", { origin: page, authorization: `Bearer ${token}` });
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE"])(
    "is let ask by %s, with every header that the client sends",
    async (method) => {
      const answer = await fetch(`${await service.listen()}/api/ml/events`, {
        method: "OPTIONS",
        headers: {
          origin: page,
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type,x-assay,last-event-id,idempotency-key,if-none-match",
        },
      });
      const list = (name: string): string[] => (answer.headers.get(name) ?? "").split(/, */);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([204, page]);
      expect(list("access-control-allow-methods")).toContain(method);
      expect(list("access-control-allow-headers")).toEqual(
        expect.arrayContaining(["authorization", "content-type", "x-assay", "last-event-id", "idempotency-key", "if-none-match"]),
      );
      expect(answer.headers.get("access-control-max-age")).toBe("600");
    },
  );
});

test.each(["HEAD", "GET"])("a stream that is asked for by %s and left is closed", async (method) => {
  const end = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${await service.listen()}/api/ml/events`, { method, headers, signal: end.signal });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  end.abort();
  await vi.waitFor(() => expect(streamCount()).toBe(0), { timeout: 100_000 });
});

describe("a page of a foreign origin", () => {
  test("reads no stream, whatever token it has", async () => {
    const told: string[] = [];
    for (const { name, route } of streams) {
      const path = route.path.replaceAll(/:\w+/g, run);
      const { status, headers } = await open(path, { origin: foreign, authorization: `Bearer ${token}` });
      if (status !== 403 || headers.get("access-control-allow-origin") !== null) told.push(`${name}: ${status}`);
    }
    expect([streams.length > 3, told]).toEqual([true, []]);
    noteResult("pages of strangers", { streams: streams.length });
  });

  test("is let ask by no method", async () => {
    const answer = await fetch(`${await service.listen()}/api/ml/events`, {
      method: "OPTIONS",
      headers: { origin: foreign, "access-control-request-method": "GET", "access-control-request-headers": "authorization" },
    });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});
