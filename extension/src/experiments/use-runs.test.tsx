import type { Run } from "assay-lab/contract";
import React, { act } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Drawn, draw } from "../testing/draw";
import { fakeService, onItsWay } from "../testing/fake-service";
import { type Runs, useRuns } from "./use-runs";

let drawn: Drawn | undefined;
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
  vi.restoreAllMocks();
});

const of = { filter: "", deleted: false };

/** A table of three pages, a run each; `refused` of the requests for the second come to nothing. Tells the names that it shows. */
async function table(refused = 0) {
  const service = fakeService();
  const { items } = await service.get<{ items: Run[] }>("api/ml/experiments/list");
  const follows: Record<string, string | null> = { first: "second", second: "third", third: null };
  const asked: string[] = [];
  const get = service.get.bind(service);
  service.get = async (path: string, query?: object) => {
    if (!path.endsWith("experiments/list")) return get(path, query as never);
    const { cursor = "first" } = query as { cursor?: string };
    asked.push(cursor);
    if (cursor === "second" && asked.filter((each) => each === cursor).length <= refused) throw new Error("away");
    return { items: [{ ...items[0]!, id: cursor, name: cursor }], next_cursor: follows[cursor] } as never;
  };
  const held: { runs?: Runs } = {};
  const Names = () => {
    held.runs = useRuns("-created_at", of);
    return <p>{held.runs.data?.items.map(({ name }) => name).join(" ")}</p>;
  };
  drawn = await draw(<Names />, service);
  const names = () => drawn!.find("p").textContent;
  await expect.poll(names, { timeout: 100_000 }).toBe("first");
  const times = (cursor: string) => asked.filter((each) => each === cursor).length;
  return { held, names, times };
}

test("a page that is asked for twice at once is loaded once", async () => {
  const { held, names, times } = await table();
  const { loadMore } = held.runs!;
  await act(async () => {
    loadMore!();
    loadMore!();
  });
  await expect.poll(names, { timeout: 100_000 }).toBe("first second");
  expect(times("second")).toBe(1);
});

test("a page that is asked for again after it came changes nothing", async () => {
  const { held, names, times } = await table();
  const { loadMore } = held.runs!;
  await act(async () => loadMore!());
  await expect.poll(names, { timeout: 100_000 }).toBe("first second");
  await act(async () => loadMore!());
  await drawn!.settle();
  expect(times("second")).toBe(2);
  expect(names()).toBe("first second");
});

test("a page that did not come is asked for again", async () => {
  const { held, names, times } = await table(1);
  await act(async () => held.runs!.loadMore!());
  await drawn!.settle();
  expect([names(), times("second")]).toEqual(["first", 1]);
  await act(async () => held.runs!.loadMore!());
  await expect.poll(names, { timeout: 100_000 }).toBe("first second");
});

test("what was told while the table was loaded is read behind it", async () => {
  const service = fakeService();
  const { items } = await service.get<{ items: Run[] }>("api/ml/experiments/list");
  const answers = ["while it was told", "after it was told"].map((name) => ({
    items: [{ ...items[0]!, name }],
    next_cursor: null,
  }));
  const first = onItsWay<object>();
  const stream = onItsWay<ReadableStream<Uint8Array>>();
  let lists = 0;
  service.answer = (_, path) => (path.endsWith("experiments/list") ? (lists++ === 0 ? first.answer : answers[1]) : undefined);
  service.stream = () => stream.answer;
  const Names = () => (
    <p>
      {useRuns("-created_at", of)
        .data?.items.map(({ name }) => name)
        .join(" ")}
    </p>
  );
  drawn = await draw(<Names />, service);
  vi.useFakeTimers();
  stream.send(new ReadableStream({}));
  await act(() => vi.advanceTimersByTimeAsync(1000));
  first.send(answers[0]!);
  await act(() => vi.advanceTimersByTimeAsync(1000)); // it has come
  await act(() => vi.advanceTimersByTimeAsync(1000));
  vi.useRealTimers();
  expect(drawn.find("p").textContent).toBe("after it was told");
});
