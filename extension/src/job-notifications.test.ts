import { Notification } from "@jupyterlab/apputils";
import type { Job } from "assay-lab/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { notifyOfJobs } from "./job-notifications";
import { Live } from "./live";
import type { Surroundings } from "./panel";
import { fakeService, refuses } from "./testing/fake-service";

const text = (words: string, ...values: unknown[]) => words.replaceAll(/%(\d)/g, (_, k) => String(values[Number(k) - 1]));
const told: [kind: string, words: string, labels: string[], press: () => void][] = [];
let end: () => void = () => {};
beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  localStorage.clear();
  for (const kind of ["success", "error", "warning", "info"] as const)
    vi.spyOn(Notification, kind).mockImplementation(((words: string, { actions = [] }: { actions?: never[] } = {}) => {
      const each = actions as { label: string; callback(): void }[];
      told.push([kind, words, each.map(({ label }) => label), () => each.at(-1)?.callback()]);
      return "";
    }) as never);
});
afterEach(() => {
  end();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const long = { started_at: "2026-11-21T10:00:00.000Z", completed_at: "2026-11-21T10:01:00.000Z" };
const job = (name: string, changes: Partial<Job> = {}): Job =>
  ({
    job_id: name,
    kind: "train",
    name,
    run_id: name,
    attempt: 1,
    created_by: "ada",
    job_status: "completed",
    error: null,
    ...long,
    ...changes,
  }) as Job;

/** Lets these jobs end while a page listens; the first page heard of nothing before. */
async function ending(
  jobs: readonly Job[],
  preferences: object = { notifications: true, notifyAfter: 10 },
  refusal: Error | null = null,
) {
  const listened: ((event: object) => void)[] = [];
  let isThere = false;
  let isBusy = refusal !== null;
  const service = fakeService((method, path) => {
    if (isThere && isBusy) {
      isBusy = false;
      throw refusal;
    }
    if (path.startsWith("api/auth/me")) return { user: { username: "ada" } };
    if (method === "GET" && path.startsWith("api/ml/jobs")) return { items: isThere ? jobs : [], next_cursor: null };
    return method === "POST" ? {} : undefined;
  });
  const live = new Live(service);
  vi.spyOn(live, "listen").mockImplementation((listener) => {
    listened.push(listener as never);
    return () => {};
  });
  const trans = { __: text, _n: text };
  end = notifyOfJobs({
    api: service,
    live,
    preferences: { values: preferences },
    trans,
    commands: {},
  } as unknown as Surroundings);
  const hear = async () => {
    for (const listener of listened) listener({ kind: "job", job_id: "x", job_status: "completed" });
    await vi.advanceTimersByTimeAsync(1000);
  };
  await hear();
  isThere = true;
  await hear();
  await (refusal === null ? hear() : vi.advanceTimersByTimeAsync(5000)); // nothing is told twice
  return service;
}

test("a job of mine that took long is told by its run's name, once, with the way to the run", async () => {
  await ending([job("forest")]);
  expect(told.map(([kind, words, labels]) => [kind, words, labels])).toEqual([
    ["success", "forest is done, it took 1 min 0 s.", ["Open run"]],
  ]);
});

test("neither a job of somebody else nor a short one is told, but a short session is", async () => {
  const short = { completed_at: long.started_at };
  await ending([job("hers", { created_by: "eve" }), job("short", short), job("transits", { ...short, kind: "exoplanet" })]);
  expect(told.map(([, words]) => words)).toEqual(["transits is done, it took 0 ms."]);
});

test("a failed and a cancelled job are told however short, with their reason and another attempt", async () => {
  const short = { completed_at: long.started_at };
  const service = await ending([
    job("bad", { ...short, job_status: "failed", error: "no column x" }),
    job("stopped", { ...short, job_status: "cancelled" }),
  ]);
  expect(told.map(([kind, words, labels]) => [kind, words, labels])).toEqual([
    ["error", "bad failed: no column x", ["Open run", "Retry"]],
    ["warning", "stopped was cancelled.", ["Open run", "Retry"]],
  ]);
  told[1]![3]();
  expect(service.asked).toContain("POST api/ml/jobs/stopped/retry");
});

test("many ends at once are one word", async () => {
  await ending([job("a"), job("b"), job("c", { job_status: "failed" }), job("d")]);
  expect(told.map(([kind, words]) => [kind, words])).toEqual([["error", "4 jobs have ended, 1 of them failed."]]);
});

test("who wants no notifications gets none, then or later", async () => {
  await ending([job("forest")], { notifications: false, notifyAfter: 10 });
  expect(told).toEqual([]);
});

test("an end is told also where the service had too much to do when it came", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const busy = refuses(503, "the service is overloaded: try again in 2 s", "store");
  await ending([job("forest")], { notifications: true, notifyAfter: 10 }, busy);
  expect(told.map(([, words]) => words)).toEqual(["forest is done, it took 1 min 0 s."]);
});
