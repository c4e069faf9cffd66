import { describe, expect, test } from "vitest";
import { parseSteps, stepForms } from "./steps.ts";
import { stepsToCell } from "./steps-to-cell.ts";

describe("steps are checked", () => {
  test("defaults are filled in", () =>
    expect(parseSteps([{ step: "encode" }])).toEqual([{ step: "encode", method: "one_hot", drop: "none", rare: 0 }]));
  test.each([
    [{ step: "impute" }, "steps: must be a list"],
    [[{ step: "imput" }], 'steps[0]: no step "imput", did you mean impute'],
    [[{}], "steps[0]: no step without a name"],
    [[null], "steps[0]: no step without a name"],
    [[{ step: "__proto__" }], 'steps[0]: no step "__proto__"'],
    [[{ step: "scale" }, { step: "bin", bins: 1 }], "steps[1] bin: bins must be ≥ 2, got 1"],
    [[{ step: "impute", strategi: "mean" }], "steps[0] impute: no parameter strategi, did you mean strategy"],
    [[{ step: "impute", value: Number.NaN }], "steps[0] impute: value must be"],
    [[{ step: "outliers", method: "range" }], "steps[0] outliers: the method range needs low or high"],
    [[{ step: "outliers", method: "range", low: 2, high: 1 }], "steps[0] outliers: low must be ≤ high, got 2 and 1"],
    [[{ step: "select", columns: [] }], "steps[0] select: columns must have at least 1"],
    [Array.from({ length: 201 }, () => ({ step: "scale" })), "steps: must be at most 200, got 201"],
    [
      [
        {
          step: "rename",
          names: [
            { from: "a", to: "b" },
            { from: "a", to: "c" },
          ],
        },
      ],
      'steps[0] rename: "a" is renamed twice',
    ],
  ])("%j is refused", (steps, message) => {
    expect(() => parseSteps(steps)).toThrow(message);
  });
});

test("every kind of step has a form with a title for each setting that people set", () => {
  for (const { step, title, description, schema } of stepForms()) {
    expect([title.length > 2, description.length > 10]).toEqual([true, true]);
    for (const [name, property] of Object.entries(schema["properties"] as Record<string, { title?: string }>))
      if (name !== "step") expect([step, name, property.title]).toEqual([step, name, expect.any(String)]);
  }
});

describe("steps as a cell", () => {
  test("leave out what is the default", () =>
    expect(
      stepsToCell(
        [
          { step: "impute", strategy: "mean", columns: ["a"] },
          { step: "scale", method: "standard" },
        ],
        {
          table: "koi",
          target: "y",
        },
      ),
    ).toBe(
      [
        'import * as ml from "assay";',
        "",
        "const steps: ml.StepInput[] = [",
        '  { step: "impute", columns: ["a"], strategy: "mean" },',
        '  { step: "scale" },',
        "];",
        'const { recipe, table: clean } = await ml.fitApplySteps(koi, steps, { target: "y" });',
        "clean",
        "",
      ].join("\n"),
    ));
  test("keep a hostile name inside its quotes", () => {
    const name = '"]); process.exit(); ([" \u2028 `';
    const cell = stepsToCell([{ step: "drop_columns", columns: [name] }]);
    const literal = /columns: \[(".*")\] \}/.exec(cell)![1]!;
    expect(JSON.parse(literal)).toBe(name);
    expect(cell).not.toContain("\u2028");
  });
  test("refuse a variable that is none", () =>
    expect(() => stepsToCell([], { table: "x; y" })).toThrow('stepsToCell: table must be the name of a variable, got "x; y"'));
});
