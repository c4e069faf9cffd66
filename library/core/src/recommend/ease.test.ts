import { expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { type TakenColumns, takenInteractions } from "../testing/recommend-data.ts";
import { ease } from "./ease.ts";

const { cases } = fixture<{
  cases: (TakenColumns & { regularization: number; weights: number[][]; scores: number[][] })[];
}>(import.meta.url, "ease");

test.each(cases.map((each) => [each.weights.length, each.scores.length, each] as const))(
  "ease of %i items and %i users has the closed form's scores and weights",
  async (items, users, { regularization, weights, scores, ...taken }) => {
    const model = await ease({ regularization }).fit(takenInteractions(taken));
    expect(model.state.learned.kept).toBe(users < items ? "users" : "items");
    for (const [user, row] of scores.entries())
      for (const [item, score] of model.scores(user).entries()) expect(score).toBeCloseTo(row[item]!, 9);
    for (const [item, row] of weights.entries())
      for (const { item: other, score } of model.similarItems(item, items)) expect(score).toBeCloseTo(row[other as number]!, 9);
  },
);

test.each(cases.map((each) => [each.weights.length, each] as const))(
  "ease of %i items explains a score by shares of the user's items that sum to it",
  async (items, { regularization, weights, ...taken }) => {
    const model = await ease({ regularization }).fit(takenInteractions(taken));
    const item = items - 1;
    const { score, because } = model.explain(0, item, items);
    expect(score).toBeCloseTo(model.scores(0, [item])[0]!, 9);
    for (const { item: own, contribution } of because) {
      const at = taken.user.findIndex((user, k) => user === 0 && taken.item[k] === own);
      expect(contribution).toBeCloseTo(taken.value![at]! * weights[own as number]![item]!, 9);
    }
  },
);

test("ease folds a new user in as if they had been scored at the fit", async () => {
  const { regularization, ...taken } = cases[0]!;
  const model = await ease({ regularization }).fit(takenInteractions(taken));
  const items = new Map(taken.item.flatMap((item, k) => (taken.user[k] === 3 ? [[item, taken.value![k]!] as const] : [])));
  expect(model.scores({ items })).toEqual(model.scores(3));
});
