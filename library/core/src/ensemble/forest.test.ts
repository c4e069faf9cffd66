import { expect, test } from "vitest";
import { matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { addTree, checkTree } from "../tree/tree-arrays.ts";
import { extraTreesClassifier, extraTreesRegressor } from "./extra-trees.ts";
import { averageTrees, checkForest, type ForestState } from "./forest.ts";

const draw = random(1, "sum");
const x = Array.from({ length: 300 }, () => [draw.normal(), draw.normal(), draw.int(4) === 0 ? Number.NaN : draw.normal()]);
const y = x.map(([a, b]) => a! * b!);
const fit = () => extraTreesRegressor({ nEstimators: 7 }).fit(x, y);

/** The mean of the trees, row by row. */
function plainMean(rows: number[][], forest: ForestState): Float64Array {
  const out = new Float64Array(rows.length * forest.outputs);
  const trees = forest.roots.length - 1;
  for (let t = 0; t < trees; t++) addTree(matrix(rows), forest, forest.roots[t]!, out);
  return out.map((sum) => sum / trees);
}

function mean(rows: number[][], forest: ForestState): Float64Array {
  const out = new Float64Array(rows.length * forest.outputs);
  averageTrees(matrix(rows), forest, out);
  return out;
}

test("packed trees, few rows and row after row give the same means", async () => {
  const { state } = await fit();
  expect(mean(x, state)).toEqual(plainMean(x, state));
  expect(mean(x.slice(17, 18), state)).toEqual(plainMean(x.slice(17, 18), state));
});

test("a leaf's classes are added together", async () => {
  const labels = x.map(([a, b]) => (a! > 0.3 ? 2 : b! > 0 ? 1 : 0));
  const { state } = await extraTreesClassifier({ nEstimators: 9, maxDepth: 5 }).fit(x, labels);
  expect(mean(x, state)).toEqual(plainMean(x, state));
});

test("large trees, which rows go through one after the other, give the same means", async () => {
  const many = Array.from({ length: 6000 }, () => [draw.normal(), draw.normal(), draw.normal()]);
  const { state } = await extraTreesRegressor({ nEstimators: 3 }).fit(
    many,
    many.map(() => draw.normal()),
  );
  expect(mean(many, state)).toEqual(plainMean(many, state));
});

test("trees whose left child stands elsewhere are walked all the same", async () => {
  const { state } = await fit();
  const mirrored = { ...state, left: state.right, right: state.left };
  expect(mean(x, mirrored)).toEqual(plainMean(x, mirrored));
});

test("a file whose trees ask a column that is not there, or hold other arrays, is refused", async () => {
  const { state } = await fit();
  expect(() => checkTree({ ...state, feature: state.feature.map((f) => (f === 2 ? 3 : f)) }, 3)).toThrow(/asks column 3 of 3/);
  expect(() => checkTree({ ...state, missingLeft: new Uint8Array(2) }, 3)).toThrow(/different lengths/);
  expect(() => checkTree({ ...state, threshold: new Int32Array(state.feature.length) as never }, 3)).toThrow(/different lengths/);
  expect(() => checkTree({ ...state, left: state.left.map(() => 0) }, 3)).toThrow(/has the child 0/);
  expect(() => checkTree({ ...state, missingLeft: state.missingLeft!.map(() => 2) }, 3)).toThrow(/must hold 0 or 1/);
});

test("a file whose leaves hold other outputs than the model has classes is refused", async () => {
  const { state } = await fit();
  expect(() => checkForest(state, 3, 0)).not.toThrow();
  expect(() => checkForest(state, 3, 3)).toThrow(/must hold 3 values, got 1/);
});

test("a file whose tree goes on in another tree is refused", async () => {
  const { state } = await fit();
  const right = state.right.slice();
  right[0] = state.roots[1]! + 1;
  expect(() => checkForest({ ...state, right }, 3)).toThrow(/trees of the forest/);
});

test("a node with two parents is refused when trees are packed", async () => {
  const { state } = await extraTreesRegressor({ nEstimators: 1 }).fit(x, y);
  const [left, right] = [state.left.slice(), state.right.slice()];
  if (right[0]! > state.feature.length / 2) right[0] = left[0]!;
  else left[0] = right[0]!;
  expect(() => mean(x, { ...state, left, right })).toThrow(/more than one parent/);
});
