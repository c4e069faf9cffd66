import type { StudyInfo, TrialInfo } from "assay-lab/contract";
import { expect, test } from "vitest";
import { colorOf } from "../elements/identity-colors";
import { areAbove0, bestFigures, reachedBy } from "./best-figure";
import type { ComparedStudy } from "./use-compared-studies";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const words = { trial: "trial", seconds: "seconds", value: "value" };
const plain = { axis: "trial", logarithmic: false } as const;

/** A study whose k-th trial ran from second k to second k + 2. */
function study(id: string, values: readonly (number | null)[], more: Partial<StudyInfo> = {}): ComparedStudy {
  return {
    study: { id, name: `search ${id}`, directions: ["minimize"], metric: "rmse", ...more } as StudyInfo,
    trials: values.map(
      (value, number) =>
        ({
          number,
          state: value === null ? "failed" : "completed",
          values: value === null ? null : [value],
          started_at: at(number),
          ended_at: at(number + 2),
        }) as TrialInfo,
    ),
  };
}

test("studies of one metric stand in one figure, each the best until then in its own colour", () => {
  const [figure, ...others] = bestFigures([study("a", [3, 5, 1, 2]), study("b", [null, 4, 4, 3])], plain, words);
  expect(others).toEqual([]);
  expect(figure!.name).toBe("rmse ↓");
  expect(figure!.figure.data).toMatchObject([
    { name: "search a", x: [0, 2, 3], y: [3, 1, 1], line: { color: colorOf("a"), shape: "hv" } },
    { name: "search b", x: [1, 3, 3], y: [4, 3, 3] },
  ]);
});

test("what is maximized has an axis of its own, and what has two objectives has none", () => {
  const studies = [
    study("a", [1, 2]),
    study("b", [1, 2], { directions: ["maximize"], metric: "auc" }),
    study("c", [1, 2], { directions: ["maximize", "minimize"] }),
  ];
  const figures = bestFigures(studies, plain, words);
  expect(figures.map(({ name }) => name)).toEqual(["rmse ↓", "auc ↑"]);
  expect(figures[1]!.figure.data[0]).toMatchObject({ y: [1, 2, 2] });
});

test("by seconds the studies begin together, at the start of their first trial", () => {
  const [figure] = bestFigures([study("a", [3, 1])], { axis: "seconds", logarithmic: false }, words);
  expect(figure!.figure.data[0]).toMatchObject({ x: [2, 3, 3], y: [3, 1, 1] });
});

test("an axis is logarithmic only where every value is above 0", () => {
  const typeOf = (studies: ComparedStudy[]) =>
    (bestFigures(studies, { axis: "trial", logarithmic: true }, words)[0]!.figure.layout!["yaxis"] as { type?: string }).type;
  expect(typeOf([study("a", [3, 1])])).toBe("log");
  expect(typeOf([study("a", [3, 0])])).toBeUndefined();
  expect(areAbove0([study("a", [-1])])).toBe(false);
});

test("the best is said with its trial and the seconds that it took, the first where several are as good", () => {
  expect(reachedBy(study("a", [3, 1, 2, 1]))).toEqual({ value: 1, trial: 1, seconds: 3 });
  expect(reachedBy(study("a", [null, null]))).toBeNull();
});
