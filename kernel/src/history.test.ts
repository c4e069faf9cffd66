import { describe, expect, test } from "vitest";
import { createHistory } from "./history.cjs";

function filled() {
  const history = createHistory();
  for (const [k, input] of ["a = 1", "b(2)", "a = 1", "c[3]"].entries()) history.add(k + 1, input).output = `out ${k + 1}`;
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
