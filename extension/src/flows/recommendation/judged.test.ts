import type { TrainedRecommender } from "assay-lab/contract";
import { expect, test } from "vitest";
import { groupsOf, measureBars } from "./judged";

const measured = (value: number, reach: number | null = 0.01) => ({
  value,
  low: reach === null ? null : value - reach,
  high: reach === null ? null : value + reach,
});

/** A recommender that was judged, with chance at `chance`. */
function judged(algorithm: string, ndcg: number, chance = 0.01, dataset = "recommendation_train@1"): TrainedRecommender {
  return {
    recommender_id: `${algorithm}-${ndcg}-${dataset}`,
    run_id: null,
    model: null,
    algorithm,
    dataset,
    users: 10,
    items: 5,
    size_bytes: 1000,
    measures: {
      "random.ndcg@10": measured(chance),
      "popularity.ndcg@10": measured(0.05),
      "popularity.coverage@10": measured(0.2, null),
      [`${algorithm}.coverage@10`]: measured(0.9, null),
      [`${algorithm}.ndcg@10`]: measured(ndcg),
    },
    created_at: "2026-07-18T09:20:00.000Z",
  };
}

test("recommenders that were judged on the same users stand in one group, the best first, with popularity and chance", () => {
  const [group, ...others] = groupsOf([judged("als", 0.07), judged("ease", 0.09)]);
  expect(others).toEqual([]);
  expect(group!.models.map(({ name, recommender }) => [name, recommender !== null])).toEqual([
    ["ease", true],
    ["als", true],
    ["popularity", false],
    ["random", false],
  ]);
  expect(group!.measures).toEqual(["ndcg@10", "coverage@10"]);
});

test("of another dataset, or judged on other users, they stand apart", () => {
  const apart = [judged("ease", 0.09), judged("als", 0.07, 0.02), judged("bpr", 0.08, 0.01, "recommendation_train@2")];
  expect(groupsOf(apart)).toHaveLength(3);
});

test("popularity that was trained by itself stands once", () => {
  const [group] = groupsOf([judged("popularity", 0.05), judged("ease", 0.09)]);
  expect(group!.models.map(({ name }) => name)).toEqual(["ease", "popularity", "random"]);
});

test("bars reach to the ends of the interval, and a measure without one has none", () => {
  const [group] = groupsOf([judged("ease", 0.09)]);
  const bars = (measure: string) => {
    const [trace] = measureBars(group!.models, measure, ["EASE", "popularity", "chance"], measure).data;
    return trace as unknown as { x: number[]; y: string[]; error_x: { array: number[]; arrayminus: number[] } };
  };
  expect(bars("ndcg@10").x).toEqual([0.09, 0.05, 0.01]);
  for (const each of bars("ndcg@10").error_x.array) expect(each).toBeCloseTo(0.01, 12);
  expect(bars("coverage@10").y).toEqual(["EASE", "popularity"]);
  expect(bars("coverage@10").error_x.array).toEqual([0, 0]);
});
