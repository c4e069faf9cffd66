import { describe, expect, test } from "vitest";
import type { Classifier, Regressor } from "../base/contract.ts";
import { algorithms } from "../estimators.ts";
import { random } from "../numeric/random.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";

const draw = random(7, "explain-every-model");
const x = Array.from({ length: 60 }, () => [1 + draw.int(9), 1 + draw.int(5), 1 + draw.int(7)]);
const y = x.map(([a, b, c]) => 2 * a! + b! - c! + draw.float());
const kinds = x.map(([a, b], i) => ["p", "q", "r"][(a! + b! + (i % 2)) % 3]!);
const few = x.slice(0, 3);

const cases = algorithms.flatMap(({ name, factories }) =>
  (["classification", "regression"] as const).flatMap((task) =>
    factories[task] ? [[name, task, factories[task]] as const] : [],
  ),
);

describe("every algorithm's model", () => {
  test.each(cases)("%s, %s: is explained by parts that sum to its answer, and is evaluated", async (_, task, factory) => {
    if (task === "classification") {
      const model = await (factory() as Classifier).fit(x, kinds);
      const { unit, predictions, contributions } = await explain(model, few, { background: x, permutations: 1 });
      expect(contributions).toHaveLength(3);
      const said = model.predictProba(few).data;
      if (unit === "probability") for (const [at, value] of predictions.data.entries()) expect(value).toBeCloseTo(said[at]!, 10);
      expect(evaluate(model, x, kinds).rows).toBe(60);
    } else {
      const model = await (factory() as Regressor).fit(x, y);
      const { predictions } = await explain(model, few, { background: x, permutations: 1 });
      const said = model.predict(few);
      for (const [i, value] of predictions.data.entries()) expect(value).toBeCloseTo(said[i]!, 4); // xgboost adds in single precision
      expect(evaluate(model, x, y).residuals).not.toBeNull();
    }
  });
});
