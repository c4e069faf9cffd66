import { expect, test } from "vitest";
import { thin } from "./figure.ts";
import { plotImportance, plotRoc } from "./index.ts";

test("a thinned line keeps its ends and its extremes", () => {
  const x = Array.from({ length: 10_000 }, (_, i) => i);
  const y = x.map((i) => (i === 5_003 ? 100 : i === 7_001 ? -100 : Math.sin(i)));
  const line = thin(x, y, 200);
  expect(line.x.length).toBeLessThanOrEqual(200);
  expect([line.x[0], line.x.at(-1), Math.max(...line.y), Math.min(...line.y)]).toEqual([0, 9_999, 100, -100]);
});

test("importances are bars, the largest on top", () => {
  const { data } = plotImportance([
    { feature: "a", importance: 0.7 },
    { feature: "b", importance: 0.3 },
  ]);
  expect(data[0]!["y"]).toEqual(["b", "a"]);
});

test("a ROC figure has the diagonal of chance", () => {
  const curve = { falsePositiveRate: [0, 1], truePositiveRate: [0, 1], thresholds: [Infinity, 0] };
  expect(plotRoc([{ name: "a", curve, auc: 0.5 }]).data.at(-1)).toMatchObject({ name: "chance", x: [0, 1], y: [0, 1] });
});
