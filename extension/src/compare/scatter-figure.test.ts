import type { ParallelDimension, Run } from "assay-lab/contract";
import { expect, test } from "vitest";
import { colorOf } from "../elements/identity-colors";
import { hasGround, scatterOf } from "./scatter-figure";

const runs = Array.from({ length: 6 }, (_, k) => ({ id: `run ${k}`, name: `tree ${k}` })) as unknown as Run[];
const shown = new Set(runs.map(({ id }) => id));
const axis = (name: string, values: (number | null)[], levels: string[] | null = null): ParallelDimension => ({
  name,
  kind: levels ? "category" : "number",
  values,
  levels,
});
const depth = axis("max_depth", [2, 3, 5, 7, 9, 4]);
const rate = axis("rate", [0.001, 0.01, 0.1, 1, 0.5, 0.2]);
const kind = axis("criterion", [0, 1, 0, 1, 0, 1], ["gini", "entropy"]);
const score = axis("test.accuracy", [0.5, 0.6, 0.7, 0.8, 0.75, null]);

test("each run is a point in its own colour", () => {
  const { data } = scatterOf(runs, { x: depth, y: score, z: null }, shown, true);
  expect(data).toHaveLength(1);
  expect((data[0]!["marker"] as { color: string[] }).color[2]).toBe(colorOf("run 2"));
});

test("coloured by a third axis, its contours lie below the points, by the runs that have all three", () => {
  const { data } = scatterOf(runs, { x: depth, y: rate, z: score }, shown, true);
  expect(data.map(({ type }) => type)).toEqual(["contour", "scatter"]);
  expect(data[0]).toMatchObject({ zmin: 0.5, zmax: 0.8 });
  expect((data[0]!["x"] as number[]).at(-1)).toBe(9);
});

test("contours that are not asked for are not drawn", () => {
  const { data } = scatterOf(runs, { x: depth, y: rate, z: score }, shown, false);
  expect(data.map(({ type }) => type)).toEqual(["scatter"]);
});

test("an axis of words, or four runs, have no contours", () => {
  expect(hasGround(depth, rate, score)).toBe(true);
  expect(hasGround(kind, rate, score)).toBe(false);
  expect(hasGround(depth, rate, axis("test.f1", [0.1, 0.2, 0.3, 0.4, null, null]))).toBe(false);
});

test("a positive axis over more than two powers of ten stands by its logarithm", () => {
  const { layout } = scatterOf(runs, { x: rate, y: kind, z: null }, shown, true);
  expect(layout).toMatchObject({ xaxis: { type: "log" }, yaxis: { type: "category" } });
});

test("runs outside the marks are faint", () => {
  const { data } = scatterOf(runs, { x: depth, y: score, z: null }, new Set(["run 0"]), true);
  expect((data[0]!["marker"] as { opacity: number[] }).opacity).toEqual([0.9, 0.15, 0.15, 0.15, 0.15, 0.15]);
});
