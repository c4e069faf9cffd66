import type { Job } from "assay-lab/contract";
import { beforeEach, expect, test } from "vitest";
import type { Api } from "./api";
import { EndedJobs } from "./ended-jobs";

/** A service that holds these jobs, and answers as the filter and the sort ask. */
class Service {
  readonly jobs: Partial<Job>[] = [];

  end(job_id: string, completed_at: string, attempt = 1): void {
    this.jobs.push({ job_id, attempt, completed_at });
  }

  readonly api = {
    address: () => "http://127.0.0.1/assay/",
    get: async (_: string, { sort, limit, filter }: { sort: string; limit: number; filter: string }) => {
      const since = /> '(.*)'/.exec(filter)?.[1] ?? "";
      const items = this.jobs
        .filter(({ completed_at }) => completed_at! > since)
        .sort((a, b) => a.completed_at!.localeCompare(b.completed_at!));
      return { items: (sort.startsWith("-") ? items.reverse() : items).slice(0, limit), next_cursor: null };
    },
  } as unknown as Api;
}

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    value: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text) },
  });
});
const at = (minutes: number) => new Date(Date.now() - 3_600_000 + 60_000 * minutes).toISOString();
const ids = (jobs: readonly Job[]) => jobs.map(({ job_id }) => job_id);

test("the first page of all tells nothing old, then each end once, the oldest first", async () => {
  const service = new Service();
  service.end("old", at(0));
  const ended = new EndedJobs(service.api);
  expect(await ended.news()).toEqual([]);
  service.end("b", at(2));
  service.end("a", at(1));
  expect(ids(await ended.news())).toEqual(["a", "b"]);
  expect(await ended.news()).toEqual([]);
});

test("what ended while no page was open is told by the next, not by a third", async () => {
  const service = new Service();
  await new EndedJobs(service.api).news();
  service.end("night", at(5));
  expect(ids(await new EndedJobs(service.api).news())).toEqual(["night"]);
  expect(await new EndedJobs(service.api).news()).toEqual([]);
});

test("an end that is seen late, behind a newer one, is told as well", async () => {
  const service = new Service();
  const ended = new EndedJobs(service.api);
  await ended.news();
  service.end("newer", at(10));
  await ended.news();
  service.end("late", new Date(Date.parse(at(10)) - 5000).toISOString());
  expect(ids(await ended.news())).toEqual(["late"]);
});

test("another attempt of a job is another end", async () => {
  const service = new Service();
  const ended = new EndedJobs(service.api);
  await ended.news();
  service.end("a", at(1));
  await ended.news();
  service.jobs.length = 0;
  service.end("a", at(2), 2);
  expect(ids(await ended.news())).toEqual(["a"]);
});

test("two questions at once tell an end once", async () => {
  const service = new Service();
  const ended = new EndedJobs(service.api);
  await ended.news();
  service.end("a", at(1));
  const both = await Promise.all([ended.news(), ended.news()]);
  expect(both.flatMap(ids)).toEqual(["a"]);
});

test("a browser that keeps nonsense, or nothing, does no harm", async () => {
  const service = new Service();
  service.end("old", at(0));
  kept.set("assay:ended-jobs:http://127.0.0.1/assay/", '{"until":"yesterday","told":7}');
  expect(await new EndedJobs(service.api).news()).toEqual([]);
});
