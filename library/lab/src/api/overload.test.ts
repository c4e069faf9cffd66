import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { table } from "assay";
import { afterEach, describe, expect, test, vi } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { queueJob } from "../jobs/index.ts";
import "../testing/test-kinds.ts";
import { type TestService, testService } from "../testing/test-service.ts";
import { openStream } from "./event-streams.ts";
import { watchLag } from "./overload.ts";

/** One service a limit: under load each of them would meet the others'. */
const patient = { headersMs: 60_000, bodyIdleMs: 60_000, answerMs: 60_000, connections: 2000, lagMs: 600_000 };
const impatient = testService({ limits: { ...patient, headersMs: 400, bodyIdleMs: 400 } });
const slow = testService({ limits: { ...patient, bodyIdleMs: 3000 } });
const brief = testService({ limits: { ...patient, answerMs: 500 } }, async ({ app }) => {
  app.get("/slow", () => new Promise(() => {}));
});
const small = testService({ limits: { ...patient, connections: 12 } });
const late = testService({ limits: { ...patient, lagMs: -1 } });

afterEach(() => void vi.unstubAllEnvs());

async function open(service: TestService): Promise<Socket> {
  return connect({ host: "127.0.0.1", port: Number(new URL(await service.listen()).port) });
}

/** What a service says to bytes that come so, until it hangs up. */
async function say(service: TestService, ...parts: readonly string[]): Promise<string> {
  const socket = await open(service);
  let heard = "";
  socket.on("data", (data) => (heard += data));
  for (const part of parts) socket.write(part);
  await once(socket, "close");
  return heard;
}

const head = (length: number): string =>
  `POST /api/ml/runs HTTP/1.1\r\nhost: a\r\nx-assay: 1\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

test("headers that never end are given up", async () => {
  expect(await say(impatient, "GET /health HTTP/1.1\r\nhost: a\r\nx-slow: ")).toMatch(/^HTTP\/1\.1 408 /);
});

test("a body that stops coming is given up", async () => {
  expect(await say(impatient, head(100), '{"experiment":')).toMatch(/^HTTP\/1\.1 408 /);
});

test("a body that comes slowly but steadily is read, however long it takes in all", async () => {
  const body = JSON.stringify({ experiment: "slow" });
  for (;;) {
    const socket = (await open(slow)).on("error", () => {});
    const heard = once(socket, "data");
    socket.write(head(body.length));
    const begin = performance.now();
    let [last, silence] = [begin, 0];
    for (const part of body.match(/.{1,3}/g)!) {
      socket.write(part);
      await sleep(500); // a sixth of the silence that is borne
      silence = Math.max(silence, performance.now() - last);
      last = performance.now();
    }
    const answer = String((await heard)[0]);
    socket.destroy();
    if (silence > 1500) continue; // the machine paused, and the body with it
    expect(performance.now() - begin).toBeGreaterThan(3000);
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    return;
  }
});

test("an answer that takes too long is given up with 503", async () => {
  const answer = await fetch(`${await brief.listen()}/slow`);
  expect([answer.status, answer.headers.get("retry-after"), (await answer.json()).type]).toEqual([
    503,
    "30",
    "urn:assay:problem:timeout",
  ]);
});

test("no more connections are taken than the limit says", async () => {
  await small.listen();
  const sockets = await Promise.all(Array.from({ length: 30 }, () => open(small)));
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (const socket of sockets) socket.on("error", () => {}).once("close", () => ++closed === 18 && resolve());
  });
  const kept = sockets.filter((socket) => !socket.destroyed);
  expect(kept.length).toBe(12);
  kept[0]!.write("GET /health HTTP/1.1\r\nhost: a\r\n\r\n");
  expect(String((await once(kept[0]!, "data"))[0])).toMatch(/^HTTP\/1\.1 200 /);
  for (const socket of sockets) socket.destroy();
});

describe("while the event loop lags", () => {
  const ask = (url: string) => late.app.inject({ method: "GET", url });

  test("requests are refused with Retry-After", async () => {
    const refused = await ask("/api/ml/datasets");
    expect([refused.statusCode, refused.headers["retry-after"], refused.json().detail]).toEqual([
      503,
      "2",
      expect.stringContaining("overloaded"),
    ]);
  });

  test.each(["/health", "/ready", "/metrics"])("%s is answered", async (url) => {
    expect((await ask(url)).statusCode).toBe(200);
  });

  test("the lag is told, and forgotten when it is over", async () => {
    const lag = watchLag();
    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) await sleep(20);
    };
    const hog = setInterval(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200), 1);
    await until(() => lag.ms() > 1000);
    clearInterval(hog);
    await until(() => lag.ms() < 1000);
    lag.end();
  });
});

test("uploads and jobs are refused where the disk is nearly full", async () => {
  vi.stubEnv("ASSAY_DISK_RESERVE_MB", "99999999999");
  const form = new FormData();
  form.set("file", new Blob(["a,b\n1,2\n"]), "small.csv");
  const answer = await fetch(`${await slow.listen()}/api/ml/datasets/upload`, {
    method: "POST",
    headers: { "x-assay": "1" },
    body: form,
  });
  expect([answer.status, (await answer.json()).detail]).toEqual([
    503,
    expect.stringContaining("free space, or lower ASSAY_DISK_RESERVE_MB"),
  ]);
  const { session } = slow;
  await expect(uploadDataset(session, table([{ a: 1 }]), { name: "full" })).rejects.toThrow("upload: the disk of");
  await expect(queueJob(session, "test-echo", {})).rejects.toThrow("job: the disk of");
});

test("no more streams of events are opened than the limit says", () => {
  const left = [openStream(2), openStream(2)];
  expect(() => openStream(2)).toThrow("events: 2 streams are open");
  left[0]!();
  left[0]!(); // said twice, counted once
  openStream(2)();
  left[1]!();
});
