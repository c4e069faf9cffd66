import { describe, expect, test } from "vitest";
import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { nodeFlag, type ScoredTrees } from "./boosted-trees.ts";
import { histGradientBoostingClassifier, histGradientBoostingRegressor } from "./hist-gradient-boosting.ts";
import { addTrees, addTreesByRow } from "./predict.ts";
import { packedForFew } from "./walk-packed.ts";

const stream = random(7, "rows");
const rows: Matrix = {
  rows: 300,
  columns: 4,
  data: Float64Array.from({ length: 1200 }, () => (stream.float() < 0.1 ? Number.NaN : Math.round(stream.float() * 50) / 10 - 2)),
};
const sum = (i: number): number => [0, 1, 2, 3].reduce((total, j) => total + (rows.data[4 * i + j]! || 0), 0);
const y = Array.from({ length: 300 }, (_, i) => sum(i));
const nested = Array.from({ length: 300 }, (_, i) => Array.from(rows.data.subarray(4 * i, 4 * i + 4)));

/** What the trees add to the scores of each row, asked for row after row. */
function singly(model: ScoredTrees): Float64Array {
  const scores = new Float64Array(rows.rows * model.outputs);
  for (let i = 0; i < rows.rows; i++) {
    const row = { rows: 1, columns: 4, data: rows.data.subarray(4 * i, 4 * i + 4) };
    addTrees(model, row, 0, model.roots.length, scores.subarray(i * model.outputs, (i + 1) * model.outputs));
  }
  return scores;
}

function plainly(model: ScoredTrees): Float64Array {
  const scores = new Float64Array(rows.rows * model.outputs);
  addTreesByRow(model, rows, 0, model.roots.length, scores);
  return scores;
}

describe("a model that is asked for one row after the other", () => {
  test("scores as the plain walk does, missing values included, and has been packed on the way", async () => {
    const { state } = await histGradientBoostingRegressor({ nEstimators: 20, numLeaves: 15 }).fit(nested, y);
    expect(singly(state)).toEqual(plainly(state));
    expect(packedForFew(state, 1)).toBeDefined();
  });

  test("adds each tree to the score of its class", async () => {
    const labels = y.map((value) => (value < -1 ? "low" : value < 2 ? "middle" : "high"));
    const { state } = await histGradientBoostingClassifier({ nEstimators: 10, numLeaves: 7 }).fit(nested, labels);
    expect([state.outputs, singly(state)]).toEqual([3, plainly(state)]);
  });

  test.each([0, nodeFlag.missingLeft, nodeFlag.nanIsZero, nodeFlag.nanIsZero | nodeFlag.missingLeft])(
    "sends missing values where flags %i say",
    async (flag) => {
      const { state } = await histGradientBoostingRegressor({ nEstimators: 10 }).fit(nested, y);
      const flagged = { ...state, flags: state.flags.map(() => flag) };
      expect(singly(flagged)).toEqual(plainly(flagged));
      expect(packedForFew(flagged, 1)).toBeDefined();
    },
  );

  test("is not packed where it counts zeros as missing, rounds its sums, or has not been asked often", async () => {
    const { state } = await histGradientBoostingRegressor({ nEstimators: 10 }).fit(nested, y);
    const odd = { ...state, flags: state.flags.map(() => nodeFlag.zeroIsMissing) };
    const single = { ...state, single: true };
    for (const model of [odd, single]) {
      expect(singly(model)).toEqual(plainly(model));
      expect(packedForFew(model, 1)).toBeUndefined();
    }
    expect(packedForFew({ ...state }, 1)).toBeUndefined();
  });
});
