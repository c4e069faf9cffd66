import { describe, expect, it } from "vitest";
import type { Route } from "../contract/route.ts";
import { routes } from "../contract/routes.ts";
import { uploadDataset } from "../datasets/index.ts";
import { deployRun } from "../registry/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { studyStorage } from "../tracking/index.ts";

const service = testService({}, async ({ session }) => {
  for (const name of ["flowers", "roses"]) await uploadDataset(session, flowers(), { name });
  for (const trees of [2, 3]) await deployRun(session, await trainedRun(session, trees), { name: "koi" });
  await ask("POST", "/models/koi@1.0.0/promote", {});
  for (const priority of [1, 5, 3])
    await ask("POST", "/models/train", { dataset_id: "flowers", target_column: "kind", algorithm: "dummy", priority });
  const training = { kind: "train", request: { dataset_id: "flowers", target_column: "kind", algorithm: "dummy" } };
  for (const [name, paused] of [
    ["nightly", false],
    ["weekly", true],
  ])
    await ask("POST", "/schedules", { name, cron: "0 3 * * *", paused, ...training });
  for (const test_name of ["one", "two"])
    await ask("POST", "/models/ab-test", { test_name, model_a_id: "koi@1.0.0", model_b_id: "koi@1.0.1", start: false });
  for (const name of ["first", "second"]) await studyStorage(session).create({ name, directions: ["maximize"], attributes: {} });
});

async function ask(method: "GET" | "POST", url: string, payload?: object) {
  const answer = await service.app.inject({
    method,
    url: url.startsWith("/api") ? url : `/api/ml${url}`,
    headers: { "x-assay": "1" },
    ...(payload && { payload }),
  });
  return { code: answer.statusCode, body: answer.json() };
}

/** Lists whose order and conditions are of another kind, and why. */
const others: Readonly<Record<string, string>> = {
  "auth.sessions": "a person's own few",
  "auth.tokens": "a person's own few",
  "etl.runs": "runs of one flow, newest first",
  "recommend.models": "recommenders, the one that answers first",
  "exoplanets.datasets": "a view of datasets.list, newest first",
  "exoplanets.sessions": "a view of experiments.list, newest first",
  "workouts.logs": "a view of datasets.list, newest first",
  "workouts.sets": "a view of one dataset's rows, newest first",
  "studies.trials": "by number or value, and by state: what a study's table shows",
  "projects.list": "by what is mine and what is public",
  "projects.activity": "a log, newest first",
  "users.list": "by name, for admins",
  "users.activity": "a log, newest first",
};

const lists = Object.entries(routes).flatMap(([group, verbs]) =>
  Object.entries(verbs as Record<string, Route>).flatMap(([verb, route]) =>
    route.method === "GET" && "shape" in (route.answer ?? {}) && "next_cursor" in (route.answer as { shape: object }).shape
      ? [[`${group}.${verb}`, route] as const]
      : [],
  ),
);

it("every list takes limit, cursor, sort and filter, or says why not", () => {
  const keys = ["limit", "cursor", "sort", "filter"];
  const without = lists.filter(([, { query }]) => keys.some((key) => !(key in (query?.shape ?? {}))));
  expect(without.map(([name]) => name).sort()).toEqual(Object.keys(others).sort());
});

describe.each(lists.filter(([, { query }]) => query?.shape["filter"] !== undefined))("%s", (_, { path, query }) => {
  const url = path.replace(":id", "koi");
  const said = query!.shape["filter"]!.description ?? "";
  const fields = /of: (.*)\.$/.exec(said)?.[1]?.split(", ") ?? ["created_at", "name"];
  const names = fields.map((field) => field.replace(".…", ".test.accuracy"));

  it("is sorted by each of its fields, page by page and whole", async () => {
    const { items: all } = (await ask("GET", url)).body;
    for (const name of names)
      for (const sort of [name, `-${name}`]) {
        const seen: unknown[] = [];
        for (let cursor = ""; ; ) {
          const { code, body } = await ask("GET", `${url}?sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`);
          expect([sort, code, body.detail]).toEqual([sort, 200, undefined]);
          seen.push(...body.items.map((item: object) => JSON.stringify(item)));
          if (body.next_cursor === null) break;
          cursor = body.next_cursor;
        }
        expect([sort, new Set(seen).size, seen.length]).toEqual([sort, all.length, all.length]);
      }
  });

  it("is filtered by each of its fields", async () => {
    for (const name of names)
      for (const condition of [`${name} is null`, `${name} is not null`, `not (${name} is null or ${name} is not null)`]) {
        const { code, body } = await ask("GET", `${url}?filter=${encodeURIComponent(condition)}`);
        expect([condition, code, body.detail]).toEqual([condition, 200, undefined]);
        if (condition.startsWith("not (")) expect(body.items).toEqual([]);
      }
  });

  it("refuses fields that it has not, filters that mean nothing, and pages of another size or order", async () => {
    for (const [wrong, field] of [
      ["sort=nmae", "sort"],
      [`sort=${Array(9).fill("id").join()}`, "sort"],
      ["filter=nmae%20%3D%201", "filter"],
      ["filter=id%20%3D%20", "filter"],
      ["filter=created_at%20%3D%20'once'", "filter"],
      ["limit=0", "limit"],
      ["limit=501", "limit"],
      ["limit=many", "limit"],
    ]) {
      const { code, body } = await ask("GET", `${url}?${wrong}`);
      expect([wrong, code < 500 && code >= 400, body.field]).toEqual([wrong, true, field]);
    }
    const other = Buffer.from(JSON.stringify(["'; drop table runs", 1])).toString("base64url");
    for (const cursor of ["x", other, Buffer.from('["x"]').toString("base64url"), Buffer.from("[null]").toString("base64url")])
      expect((await ask("GET", `${url}?cursor=${cursor}&sort=-id`)).code).toBe(400);
  });
});

it("a list is filtered and sorted by values, as a filter of runs is", async () => {
  const priorities = async (query: string): Promise<number[]> =>
    (await ask("GET", `/jobs?${query}`)).body.items.map(({ priority }: { priority: number }) => priority);
  expect(await priorities("sort=-priority")).toEqual([5, 3, 1]);
  const filter = encodeURIComponent("priority between 2 and 9 and created_at > now - 1h and dead = false");
  expect(await priorities(`sort=priority&filter=${filter}`)).toEqual([3, 5]);
  const versions = (await ask("GET", `/models/koi/versions?filter=${encodeURIComponent("version_status = 'production'")}`)).body;
  expect(versions.items.map(({ version }: { version: string }) => version)).toEqual(["1.0.0"]);
  expect((await ask("GET", "/datasets?filter=name%20like%20'%25OSE%25'")).body.items).toMatchObject([{ name: "roses" }]);
});
