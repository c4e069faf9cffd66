import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { testService } from "../../testing/test-service.ts";
import { declared } from "./declared-routes.ts";
import { noteResult } from "./results.ts";

let port: number;
const service = testService({ limits: { headersMs: 3000, lagMs: 600_000 } }, async ({ app }) => {
  await app.listen({ host: "127.0.0.1", port: 0 });
  port = (app.server.address() as { port: number }).port;
});

/** What the service answers to bytes that come so, until it hangs up or a whole answer came. */
function say(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let heard = "";
    socket.on("data", (data) => {
      heard += data;
      if (/\r\n\r\n/.test(heard)) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
    socket.write(bytes);
  });
}
const status = (heard: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1]);

async function post(url: string, payload: string | Buffer, type = "application/json") {
  await new Promise((resolve) => setTimeout(resolve)); // a service in one process with its caller sees no time pass otherwise
  const answer = await service.app.inject({ method: "POST", url, headers: { "x-assay": "1", "content-type": type }, payload });
  return { code: answer.statusCode, type: String(answer.headers["content-type"]), body: answer.body };
}

const bodies: readonly (readonly [string, string | Buffer])[] = [
  ["100,000 levels of lists", `{"params":${"[".repeat(1e5)}${"]".repeat(1e5)}}`],
  ["100,000 levels of objects", `${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}`],
  ["a list without an end", "[".repeat(2e5)],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x7d])],
  ["a NUL", '{"name":"a\\u0000b"}'],
  ["half of a surrogate pair", '{"name":"\\ud800"}'],
  ["a key twice", '{"name":"a","name":{"b":1}}'],
  ["numbers beyond doubles", '{"random_seed":1e999,"limit":-1e999}'],
  ["NaN", '{"random_seed":NaN}'],
  ["20,000 keys", `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join()}}`],
  ["a prototype", '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'],
  ["text in place of an object", '"text"'],
  ["nothing", ""],
  ["XML", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"],
];

describe("a body", () => {
  test.each(bodies)("of %s is refused or read by every route, and none breaks", async (what, payload) => {
    const routes = declared.filter(({ route }) => route.body !== undefined && route.method === "POST");
    const wrong: string[] = [];
    for (const { name, route } of routes) {
      const url = route.path.replaceAll(/:\w+/g, "01981c3e-0000-7c42-9d6f-0b6a51a1d601");
      const { code, body } = await post(url, payload);
      if (code >= 500 || body.includes("root:x:0")) wrong.push(`${name}: ${code} ${body.slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    noteResult("bodies", { [what]: routes.length });
  });

  test("says twice what it means: the last word counts, for the check and for the room alike", async () => {
    const twice = await post("/api/ml/runs", '{"experiment":"a","experiment":""}');
    expect(twice.code).toBe(400);
    expect((await post("/api/ml/runs", '{"experiment":"","experiment":"b"}')).code).toBe(201);
  });

  test("of a type that no route reads is refused", async () => {
    for (const type of [
      "text/xml",
      "application/x-www-form-urlencoded",
      "application/octet-stream",
      "application/json; charset=utf-7",
    ])
      expect((await post("/api/ml/runs", "{}", type)).code, type).toBeLessThan(500);
    expect(await post("/api/ml/runs", "<a/>", "text/xml")).toMatchObject({
      code: 415,
      body: expect.stringContaining(
        "no body of text/xml is read here; JSON is sent with the header Content-Type: application/json",
      ),
    });
  });

  test("that is longer, or shorter, than it says is not taken for another request", async () => {
    const head = (length: string) =>
      `POST /api/ml/runs HTTP/1.1\r\nhost: 127.0.0.1\r\nx-assay: 1\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
    const both = `${head("content-length: 2\r\ntransfer-encoding: chunked")}0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: a\r\n\r\n`;
    expect(status(await say(both))).toBe(400);
    expect(status(await say(`${head("content-length: 2\r\ncontent-length: 20")}{}`))).toBe(400);
    expect(status(await say(head("content-length: -1")))).toBe(400);
    expect(status(await say(`${head("transfer-encoding: chunked")}ffffffffffffffffff\r\n`))).toBe(400);
  });
});

describe("headers", () => {
  test("of more than 16 KiB are refused as a problem", async () => {
    const heard = await say(`GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx-long: ${"a".repeat(20_000)}\r\n\r\n`);
    expect([status(heard), heard.includes("application/problem+json")]).toEqual([431, true]);
  });

  test("a thousand of them, or bytes that are no header, break nothing", async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `x-${i}: 1`).join("\r\n");
    expect([200, 431]).toContain(status(await say(`GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n${many}\r\n\r\n`)));
    expect(status(await say("GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx\0y: 1\r\n\r\n"))).toBe(400);
    expect(status(await say(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])))).toBe(400);
    expect(status(await say("GET /health HTTP/1.1\r\n\r\n"))).toBe(400);
  });
});

test("a caller whom nobody knows is not read more than 64 KiB from", async () => {
  expect((await post("/api/auth/login", JSON.stringify({ username: "a", password: "x".repeat(70_000) }))).code).toBe(413);
});

test("an address of 100,000 signs, or one that decodes to nothing, is refused as a problem", async () => {
  const long = await service.app.inject({ method: "GET", url: `/api/ml/datasets/${"a".repeat(5000)}` });
  expect([long.statusCode, long.headers["content-type"]]).toEqual([414, expect.stringContaining("application/problem+json")]);
  const broken = await service.app.inject({ method: "GET", url: "/api/ml/datasets/%zz" });
  expect([broken.statusCode, broken.headers["content-type"]]).toEqual([400, expect.stringContaining("application/problem+json")]);
});

test("a form of a thousand fields, or of a thousand files, is refused", async () => {
  const part = (i: number, file = false) =>
    `--x\r\ncontent-disposition: form-data; name="f${i}"${file ? `; filename="${i}.csv"` : ""}\r\n\r\n1\r\n`;
  for (const file of [false, true]) {
    const payload = `${Array.from({ length: 1000 }, (_, i) => part(i, file)).join("")}--x--\r\n`;
    const { code } = await post("/api/ml/datasets/upload", payload, "multipart/form-data; boundary=x");
    expect(code).toBe(413);
  }
  const { items } = (await service.app.inject({ method: "GET", url: "/api/ml/datasets" })).json();
  expect(items).toEqual([]);
});

test("200 clients that never end their headers do not keep others from being answered", async () => {
  const sockets = Array.from({ length: 200 }, () => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    socket.write("POST /api/ml/runs HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ");
    return socket;
  });
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  for (const socket of sockets) socket.resume();
  for (let k = 0; k < 20; k++) expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  await closed;
  noteResult("slow clients", { "sockets hung up on": sockets.length });
});
