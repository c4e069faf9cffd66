import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FilterError, parseFilter } from "../contract/filter.ts";
import { filterRuns } from "./run-filter.ts";

const project = "00000000-0000-7000-8000-000000000000";

describe("a filter", () => {
  test("reads AND before OR, NOT, parentheses, IN, LIKE and BETWEEN", () => {
    expect(parseFilter("a = 1 or not (b in ('x', 'y') and c like 'z%') and d between 1 and 2")).toEqual({
      kind: "or",
      parts: [
        { kind: "compare", field: "a", operator: "=", value: 1 },
        {
          kind: "and",
          parts: [
            {
              kind: "not",
              part: {
                kind: "and",
                parts: [
                  { kind: "compare", field: "b", operator: "in", value: ["x", "y"] },
                  { kind: "compare", field: "c", operator: "like", value: "z%" },
                ],
              },
            },
            { kind: "compare", field: "d", operator: "between", value: [1, 2] },
          ],
        },
      ],
    });
  });

  test("counts times from now in ms, s, m, h, d and w", () => {
    const offset = (text: string) => (parseFilter(`created_at > ${text}`) as { value: { offsetMs: number } }).value.offsetMs;
    expect(["now", "now - 7d", "now-1.5h", "now + 2w", "NOW - 30m", "now - 5s", "now - 250ms"].map(offset)).toEqual([
      0, -604_800_000, -5_400_000, 1_209_600_000, -1_800_000, -5000, -250,
    ]);
  });

  test("takes a value in double quotes for text, as MLflow does", () => {
    expect(parseFilter('params.kernel = "rbf" and name in ("now", \'b\')')).toEqual(
      parseFilter("params.kernel = 'rbf' and name in ('now', 'b')"),
    );
  });

  test("names the place where it cannot be read", () => {
    expect(() => parseFilter("status = 'completed' nad name = 'a'")).toThrow('expected and, or, or the end at 21, got "nad"');
    expect(() => parseFilter("created_at > now - 7")).toThrow("expected a time as 30m, 12h, 7d, 2w");
    expect(() => parseFilter("status ~ 'a'")).toThrow("cannot read");
  });

  test("that is nested without end, or has values without number, is refused", () => {
    expect(() => parseFilter(`${"(".repeat(20_000)}a = 1${")".repeat(20_000)}`)).toThrow("nested more than 50 deep");
    expect(() => parseFilter(`a in (${Array.from({ length: 2000 }, (_, k) => k).join()})`)).toThrow("more than 1000 values");
  });

  test("of any text is read or refused, and never breaks otherwise", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      }),
    );
  });

  test("binds what it is given: no value becomes a part of the statement", () => {
    const hostile = "'; drop table runs; --";
    const compiled = JSON.stringify(
      filterRuns(`name = '${hostile.replace("'", "''")}' and "tags.x'y" = 'a'`, project).toOperationNode(),
    );
    expect(compiled).toContain(JSON.stringify(hostile).slice(1, -1));
    expect(compiled.split("drop table").length).toBe(2);
  });

  test("that compares a metric with text, an id with a name or a date with a number is refused", () => {
    expect(() => filterRuns("metrics.test.accuracy = 'high'", project)).toThrow('metrics.test.accuracy is a number, got "high"');
    expect(() => filterRuns("id = 'forest'", project)).toThrow('id must be compared with an id, got "forest"');
    expect(() => filterRuns("created_at > 'soon'", project)).toThrow('created_at must be compared with a date, got "soon"');
  });
});
