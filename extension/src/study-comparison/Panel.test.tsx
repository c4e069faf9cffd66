import React, { act } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { StudiesPanel } from "../studies/Panel";
import { type Drawn, draw } from "../testing/draw";
import { fakeService } from "../testing/fake-service";
import { CompareStudiesPanel } from "./Panel";

vi.mock("../plotly/Figure", () => ({ Figure: ({ label }: { label: string }) => <div role="figure">{label}</div> }));

let drawn: Drawn | undefined;
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
});

const example = (id: string, more: object = {}) => ({
  id,
  name: `search ${id}`,
  study_status: "idle",
  directions: ["maximize"],
  metric: "accuracy",
  n_trials: 2,
  best_value: 0.9,
  algorithm: "knn",
  dataset: "koi@1",
  created_at: "2026-07-18T09:00:00.000Z",
  ...more,
});
const trial = (number: number, value: number) => ({
  number,
  state: "completed",
  values: [value],
  params: {},
  started_at: `2026-07-18T09:00:0${number}.000Z`,
  ended_at: `2026-07-18T09:00:0${number + 1}.000Z`,
});
/** Two studies with two trials each; `more` of the second. */
const service = (more: object = {}) =>
  fakeService((_, path) => {
    const [, id, trials] = /^api\/ml\/studies\/(\w+)(\/trials)?$/.exec(path) ?? [];
    if (path === "api/ml/studies") return { items: [example("a"), example("b"), example("c")], next_cursor: null };
    if (!id) return undefined;
    if (trials) return { items: [trial(0, 0.5), trial(1, 0.8)], next_cursor: null };
    return { study: example(id, id === "b" ? more : {}) };
  });

test("two studies stand in one figure, and beside each other with what their best took", async () => {
  drawn = await draw(<CompareStudiesPanel ids={["a", "b"]} />, service());
  expect([...drawn.node.querySelectorAll("[role=figure]")].map(({ textContent }) => textContent)).toEqual([
    "Best accuracy ↑ until then, of each study",
  ]);
  const cells = [...drawn.node.querySelectorAll('tr[data-study="search b"] td')].map(({ textContent }) => textContent);
  expect(cells.slice(-4)).toEqual(["2", "0.8000", "1", "2.0 s"]);
  await drawn.press("search a");
  expect(drawn.executed).toEqual([["assay:open-study", { id: "a", name: "search a" }]]);
});

test("a study of several objectives is named as one without a single best", async () => {
  drawn = await draw(<CompareStudiesPanel ids={["a", "b"]} />, service({ directions: ["maximize", "minimize"] }));
  expect(drawn.node.textContent).toContain("Without a single best, for it has several objectives: search b");
});

test("studies of two metrics are said to have an axis each", async () => {
  drawn = await draw(<CompareStudiesPanel ids={["a", "b"]} />, service({ metric: "f1" }));
  expect(drawn.node.querySelectorAll("[role=figure]")).toHaveLength(2);
  expect(drawn.node.textContent).toContain("have an axis of their own");
});

test("studies are compared once two of them are chosen in the list", async () => {
  drawn = await draw(<StudiesPanel />, service());
  const compare = () =>
    [...drawn!.node.querySelectorAll("button")].find(({ textContent }) => textContent!.startsWith("Compare"))!;
  const choose = (name: string) =>
    act(async () => drawn!.node.querySelector<HTMLInputElement>(`[aria-label="Choose ${name}"]`)!.click());
  expect(compare().disabled).toBe(true);
  await choose("search a");
  expect(compare().disabled).toBe(true);
  await choose("search c");
  await drawn.press("Compare (2)");
  expect(drawn.executed).toEqual([["assay:compare-studies", { ids: ["a", "c"] }]]);
});
