import { expect, test } from "vitest";
import { extraTreesRegressor } from "../ensemble/extra-trees.ts";
import { matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { sumTrees } from "./sum-trees.ts";
import { addTree, checkTree } from "./tree-arrays.ts";

const draw = random(1, "sum");
const x = Array.from({ length: 300 }, () => [draw.normal(), draw.normal(), draw.int(4) === 0 ? Number.NaN : draw.normal()]);
const fit = () =>
  extraTreesRegressor({ nEstimators: 7 }).fit(
    x,
    x.map(([a, b]) => a! * b!),
  );

test("packed trees, few rows and row after row give the same sums", async () => {
  const { state } = await fit();
  const whole = new Float64Array(300);
  sumTrees(matrix(x), state, whole);
  const plain = new Float64Array(300);
  for (let t = 0; t < 7; t++) addTree(matrix(x), state, state.roots[t]!, plain);
  expect(whole).toEqual(plain);
  const one = new Float64Array(1);
  sumTrees(matrix(x.slice(17, 18)), state, one);
  expect(one[0]).toBe(plain[17]);
});

test("trees whose left child stands elsewhere are walked all the same", async () => {
  const { state } = await fit();
  const mirrored = { ...state, left: state.right, right: state.left };
  const [got, wanted] = [new Float64Array(300), new Float64Array(300)];
  sumTrees(matrix(x), mirrored, got);
  for (let t = 0; t < 7; t++) addTree(matrix(x), mirrored, state.roots[t]!, wanted);
  expect(got).toEqual(wanted);
});

test("a file whose trees ask a column that is not there, or hold other arrays, is refused", async () => {
  const { state } = await fit();
  expect(() => checkTree({ ...state, feature: state.feature.map((f) => (f === 2 ? 3 : f)) }, 3)).toThrow(/asks column 3 of 3/);
  expect(() => checkTree({ ...state, missingLeft: new Uint8Array(2) }, 3)).toThrow(/different lengths/);
  expect(() => checkTree({ ...state, threshold: new Int32Array(state.feature.length) as never }, 3)).toThrow(/different lengths/);
  expect(() => checkTree({ ...state, left: state.left.map(() => 0) }, 3)).toThrow(/has the child 0/);
});
