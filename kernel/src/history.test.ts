import { describe, expect, test } from "vitest";
import { createHistory } from "./history.cjs";

function filled(limit?: number) {
  const history = createHistory(limit);
  for (const [k, input] of ["a = 1", "b(2)", "a = 1", "c[3]"].entries()) history.add(k + 1, input)(`out ${k + 1}`);
  return history;
}
const lines = (request: object) =>
  filled()
    .answer(request)
    .history.map(([, line]: [number, number]) => line);

describe("history", () => {
  test("the tail is the last n, none for 0 and all without n", () => {
    expect(lines({ hist_access_type: "tail", n: 2 })).toEqual([3, 4]);
    expect(lines({ hist_access_type: "tail", n: 0 })).toEqual([]);
    expect(lines({ hist_access_type: "tail" })).toEqual([1, 2, 3, 4]);
  });

  test("a range begins at start and ends before stop", () => {
    expect(lines({ hist_access_type: "range", start: 2, stop: 4 })).toEqual([2, 3]);
    expect(lines({ hist_access_type: "range", start: 0 })).toEqual([1, 2, 3, 4]);
    expect(lines({ hist_access_type: "range", start: -1 })).toEqual([4]);
  });

  test("a range counts by the numbers of cells, of which some may not be kept", () => {
    const history = createHistory();
    for (const line of [1, 4, 5]) history.add(line, `cell ${line}`);
    expect(history.answer({ hist_access_type: "range", start: 2, stop: 5 }).history).toEqual([[0, 4, "cell 4"]]);
    expect(history.answer({ hist_access_type: "range", start: -2, stop: -1 }).history).toEqual([[0, 4, "cell 4"]]);
  });

  test("earlier sessions are not kept", () => {
    expect(lines({ hist_access_type: "range", session: -1, start: 1 })).toEqual([]);
  });

  test("beyond its characters the oldest are forgotten, the latest never", () => {
    const kept = (limit: number) =>
      filled(limit)
        .answer({ hist_access_type: "tail" })
        .history.map(([, line]: [number, number]) => line);
    expect(kept(20)).toEqual([3, 4]);
    expect(kept(1)).toEqual([4]);
  });

  test("a search matches the whole input and takes other signs literally", () => {
    expect(lines({ hist_access_type: "search", pattern: "a*" })).toEqual([1, 3]);
    expect(lines({ hist_access_type: "search", pattern: "?(2)" })).toEqual([2]);
    expect(lines({ hist_access_type: "search", pattern: "c[?]" })).toEqual([4]);
    expect(lines({ hist_access_type: "search", pattern: "b" })).toEqual([]);
  });

  test("a unique search keeps the latest of equal inputs", () => {
    expect(lines({ hist_access_type: "search", pattern: "a*", unique: true })).toEqual([3]);
  });

  test("outputs come with their inputs when they are asked for", () => {
    expect(filled().answer({ hist_access_type: "tail", n: 1, output: true }).history).toEqual([[0, 4, ["c[3]", "out 4"]]]);
  });
});
