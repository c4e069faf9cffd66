import { expect, test } from "vitest";
import { contourTrace, groundOf } from "./ground";

const corners = { x: [0, 1, 0, 1, 0.5], y: [0, 0, 2, 2, 1], z: [1, 2, 3, 4, 10] };
const all = (rows: readonly (readonly (number | null)[])[]) => rows.flat();

test("the ground meets the points that were measured", () => {
  const { x, y, z } = groundOf(corners)!;
  expect([x[0], x[40], y[0], y[40]]).toEqual([0, 1, 0, 2]);
  expect([z[0]![0], z[0]![40], z[40]![0], z[40]![40], z[20]![20]]).toEqual([1, 2, 3, 4, 10]);
});

test("the ground never passes what was measured", () => {
  const points = Array.from({ length: 60 }, (_, k) => ({ x: (k * 37) % 60, y: (k * 23) % 59, z: Math.sin(k) }));
  const { z } = groundOf({ x: points.map((p) => p.x), y: points.map((p) => p.y), z: points.map((p) => p.z) })!;
  const drawn = all(z).filter((value) => value !== null);
  expect(drawn.length).toBeGreaterThan(1000);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(Math.min(...points.map((p) => p.z)));
  expect(Math.max(...drawn)).toBeLessThanOrEqual(Math.max(...points.map((p) => p.z)));
});

test("where nothing was measured near there is no ground", () => {
  const { z } = groundOf(corners)!;
  expect(z[0]![20]).toBeNull();
  expect(z[10]![5]).toBeNull();
});

test("of points at one place the mean counts", () => {
  const { z } = groundOf({ x: [...corners.x, 0.5], y: [...corners.y, 1], z: [...corners.z, 20] })!;
  expect(z[20]![20]).toBe(15);
});

test("on a logarithmic axis the grid runs by powers", () => {
  const { x } = groundOf({ ...corners, x: [0.001, 1, 0.001, 1, 0.1], isLogX: true })!;
  expect(x[0]).toBeCloseTo(0.001, 12);
  expect(x[20]).toBeCloseTo(10 ** -1.5, 12);
});

test("four points, or one value along an axis, have no ground", () => {
  expect(groundOf({ x: [0, 1, 2, 3], y: [0, 1, 4, 9], z: [1, 2, 3, 4] })).toBeNull();
  expect(groundOf({ ...corners, x: [1, 1, 1, 1, 1] })).toBeNull();
  expect(groundOf({ ...corners, x: [0, 1, 2, 3, Number.NaN] })).toBeNull();
});

test("the trace spans the colours from the lowest to the highest that was measured", () => {
  const trace = contourTrace(groundOf(corners)!, corners.z, { colorscale: "Viridis" });
  expect(trace).toMatchObject({ type: "contour", zmin: 1, zmax: 10, colorscale: "Viridis", connectgaps: false });
});
