import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type App, makeApp } from "../api/app.ts";
import type { Event } from "../contract/events.ts";
import type { Opened } from "../projects/session.ts";
import { testSession } from "../testing/test-session.ts";
import { assayClient, type Client, endsJob, endsRun, followEvents, ProblemError, type RequestOptions } from "./index.ts";

let opened: Opened;
let app: App;
let client: Client;
beforeAll(async () => {
  opened = await testSession();
  app = await makeApp(opened.session, { token: "t" });
  client = assayClient({ url: await app.listen({ host: "127.0.0.1", port: 0 }), token: "t" });
});
afterAll(async () => {
  await app.close();
  await opened.close();
});

const csv = new Blob(["size,kind\n1,small\n2,small\n9,large\n"]);
const upload = (name: string) => client.datasets.upload({ file: csv, fileName: "things.csv", name });

describe("the client of a service", () => {
  test("uploads a file, and reads what became of it", async () => {
    const { dataset_id, column_names } = await upload("things");
    expect(column_names).toEqual(["size", "kind"]);
    expect((await client.datasets.get({ id: "things" })).dataset).toMatchObject({ dataset_id, file_name: "things.csv", rows: 3 });
  });

  test("puts each key where its route wants it: path, query or body", async () => {
    await upload("keys");
    expect((await client.datasets.preview({ id: "keys", limit: 1, offset: 2 })).rows).toEqual([[9, "large"]]);
    expect((await client.datasets.change({ id: "keys", description: "by size" })).dataset.description).toBe("by size");
  });

  test("takes yes and no in a query as booleans", async () => {
    await upload("forced");
    await client.datasets.delete({ id: "forced", force: true });
    await expect(client.datasets.get({ id: "forced" })).rejects.toBeInstanceOf(ProblemError);
  });

  test("answers a file as a blob", async () => {
    await upload("file");
    const blob = await client.datasets.export({ id: "file", format: "tsv" });
    expect(await blob.text()).toContain("9\tlarge");
  });

  test("throws the service's problem", async () => {
    const error = await client.datasets.get({ id: "thing" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toMatchObject({ status: 404, type: "urn:assay:problem:not-found" });
  });

  test("names a missing parameter before it asks", async () => {
    await expect(client.datasets.get({} as never)).rejects.toThrow("GET /api/ml/datasets/:id: needs id");
  });

  test("names what a route does not take before it asks", async () => {
    await expect(client.datasets.get({ id: "things", version: 1 } as never)).rejects.toThrow("takes no version");
  });

  test("ends a request at the signal", async () => {
    await expect(client.datasets.list({}, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }),
    );
  });

  test("works in the project it is given", async () => {
    const { projectId } = opened.session;
    await upload("mine");
    const asked: string[] = [];
    const mine = assayClient({
      url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
      token: "t",
      projectId,
      fetch: (url, init) => {
        asked.push(url);
        return fetch(url, init);
      },
    });
    await mine.datasets.preview({ id: "mine", limit: 1 });
    await mine.storage.get();
    await client.storage.get({ project_id: projectId });
    expect(asked.every((url) => new URL(url).searchParams.get("project_id") === projectId)).toBe(true);
  });

  test("follows the project's events until the signal", async () => {
    const { dataset_id } = await upload("followed");
    const end = new AbortController();
    const seen: Event[] = [];
    const open = (options: RequestOptions) => client.events.project({ after: "0" }, options);
    for await (const { event } of followEvents(open, { signal: end.signal })) {
      seen.push(event);
      if (event.kind === "dataset" && event.dataset_id === dataset_id && event.processing_status === "ready") end.abort();
    }
    expect(seen.at(-1)).toEqual({ kind: "dataset", dataset_id, processing_status: "ready" });
  });
});

let server: Server | undefined;
afterEach(() => void server?.close().closeAllConnections());

/** A service that answers one request after the other by one of these functions, and any further one by the last; `asked` are the requests. */
async function serve(...answers: ((reply: ServerResponse, request: IncomingMessage) => unknown)[]) {
  const asked: IncomingMessage[] = [];
  server = createServer((request, reply) => {
    asked.push(request);
    request.resume();
    (answers.shift() ?? last)(reply, request);
  });
  const last = answers.at(-1)!;
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { asked, client: assayClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }) };
}

const busy =
  (status: number, after = "0") =>
  (reply: ServerResponse) =>
    reply.writeHead(status, { "retry-after": after }).end();
const empty = (reply: ServerResponse) => reply.end('{"status":"success","items":[],"next_cursor":null}');

describe("a busy service", () => {
  test.each([429, 503])("is asked again when it answers %d and says when", async (status) => {
    const { asked, client: patient } = await serve(busy(status), empty);
    expect((await patient.datasets.list()).items).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  test("is asked three times at most", async () => {
    const { asked, client: patient } = await serve(busy(429));
    await expect(patient.datasets.list()).rejects.toMatchObject({ problem: { status: 429 } });
    expect(asked).toHaveLength(3);
  });

  test("is not asked twice for what would be done twice", async () => {
    const { asked, client: patient } = await serve(busy(503));
    await expect(patient.datasets.restore({ id: "koi", n: 1 })).rejects.toBeInstanceOf(ProblemError);
    expect(asked).toHaveLength(1);
  });

  test("is asked again for what an idempotency key makes one", async () => {
    const { asked, client: patient } = await serve(busy(503), (reply) =>
      reply.writeHead(202).end('{"status":"success","job_id":"01981c3e-5e00-7c42-9d6f-0b6a51a1d401"}'),
    );
    await patient.featureViews.materialize({ view: "visits" }, { headers: { "idempotency-key": "one" } });
    expect(asked.map(({ headers }) => headers["idempotency-key"])).toEqual(["one", "one"]);
  });

  test("is left alone when it asks for more than a minute", async () => {
    const { asked, client: patient } = await serve(busy(503, "3600"));
    await expect(patient.datasets.list()).rejects.toBeInstanceOf(ProblemError);
    expect(asked).toHaveLength(1);
  });

  test("is waited for no longer than the signal", async () => {
    const { client: patient } = await serve(busy(503, "30"));
    await expect(patient.datasets.list({}, { signal: AbortSignal.timeout(50) })).rejects.toThrow(
      expect.objectContaining({ name: "TimeoutError" }),
    );
  });
});

const runId = "01981c3e-6f00-7a11-8c55-2f1f6f1f0a01";
const told = (id: number, run_status: string) =>
  `id: ${id}\nevent: run\ndata: ${JSON.stringify({ kind: "run", run_id: runId, run_status })}\n\n`;
const stream = (...events: string[]) => {
  return (reply: ServerResponse): ServerResponse => {
    reply.writeHead(200, { "content-type": "text/event-stream" });
    reply.write(`: open\n\n${events.join("")}`);
    return reply;
  };
};
const isLast = endsRun;

async function idsOf(followed: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of followed) ids.push(id);
  return ids;
}

describe("a stream that is followed", () => {
  test("goes on behind the last event when the connection breaks", async () => {
    const { asked, client: follower } = await serve(
      (reply) =>
        setImmediate(() =>
          stream(told(1, "training"))(reply)
            .on("error", () => {})
            .write(": half", () => reply.destroy()),
        ),
      stream(told(2, "completed")),
    );
    const breaks: unknown[] = [];
    const followed = followEvents((options) => follower.events.run({ id: runId }, options), {
      isLast,
      onBreak: (error) => breaks.push(error),
    });
    expect(await idsOf(followed)).toEqual(["1", "2"]);
    expect(asked.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "1"]);
    expect(breaks).toHaveLength(1);
  });

  test("is opened again when a proxy closes it before the last event", async () => {
    const { client: follower } = await serve((reply) => stream(told(1, "training"))(reply).end(), stream(told(2, "completed")));
    expect(await idsOf(followEvents((options) => follower.events.run({ id: runId }, options), { isLast }))).toEqual(["1", "2"]);
  });

  test("ends where a stream with an end closes without another event", async () => {
    const { asked, client: follower } = await serve((reply) => stream()(reply).end());
    const followed = followEvents((options) => follower.events.run({ id: runId }, options), { isLast, after: "7" });
    expect(await idsOf(followed)).toEqual([]);
    expect(asked.map(({ headers }) => headers["last-event-id"])).toEqual(["7"]);
  });

  test("ends with its job, not with the job's run", async () => {
    const job = { kind: "job", job_id: runId, run_id: runId, job_status: "failed" };
    const { client: follower } = await serve((reply) =>
      stream(told(1, "failed"), `id: 2\nevent: job\ndata: ${JSON.stringify(job)}\n\n`)(reply),
    );
    const followed = followEvents((options) => follower.jobs.events({ id: runId }, options), { isLast: endsJob });
    expect(await idsOf(followed)).toEqual(["1", "2"]);
  });

  test("is not opened again when the service refuses it", async () => {
    const { asked, client: follower } = await serve((reply) => reply.writeHead(404).end());
    await expect(idsOf(followEvents((options) => follower.events.run({ id: runId }, options)))).rejects.toBeInstanceOf(
      ProblemError,
    );
    expect(asked).toHaveLength(1);
  });
});
