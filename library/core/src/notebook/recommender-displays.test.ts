import { expect, test } from "vitest";
import { display } from "../base/display.ts";
import { evaluateRecommenders } from "../recommend/evaluate-recommenders.ts";
import { leaveLastOut } from "../recommend/interaction-splits.ts";
import { interactions } from "../recommend/interactions.ts";
import { popularity } from "../recommend/popularity.ts";
import { shop } from "../testing/recommend-data.ts";
import { defineDisplays } from "./displays.ts";

defineDisplays();
const given = interactions(shop(), { time: "time" });
const shown = (value: unknown): Record<string, string> => (value as { [display]: () => Record<string, string> })[display]();

test("interactions are shown by their sizes and their days", () => {
  const text = `${given.codes.length.toLocaleString("en")} interactions of 120 users (user) with 59 items (item), `;
  expect(shown(given)["text/plain"]).toContain(text);
  expect(shown(given)["text/plain"]).toMatch(/from 2024-01-0\d to 2024-12-31/);
});

test("a report is shown as a table with intervals", async () => {
  const { train, test: held } = leaveLastOut(given, { last: 2 });
  const bundle = shown(await evaluateRecommenders({ popular: await popularity().fit(train) }, held, { resamples: 20 }));
  expect(bundle["text/plain"]).toMatch(/^120 users\npopular: ndcg@10 0\.\d+, recall@10/);
  expect(bundle["text/html"]).toMatch(/<th[^>]*>hit rate@10<\/th>/);
  expect(bundle["text/html"]).toContain("95 % intervals; all items ranked");
});
