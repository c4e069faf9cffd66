// What an estimator bears, found by trying: a fit and a prediction either go through or are refused.
import * as ml from "../../library/core/dist/index.js";
import { made } from "./examples.mjs";

const draw = ml.random(1, "bears");
const plain = Array.from({ length: 60 }, (_, i) => {
  const a = 1 + draw.int(9);
  return {
    a,
    b: 1 + draw.int(9),
    level: ["x", "y", "z"][i % 3],
    weight: 1 + (i % 2),
    query: i % 6,
    number: a + draw.float(),
    label: a > 4 ? "high" : "low",
    grade: i % 4,
  };
});
const withGaps = plain.map((row, i) => ({ ...row, b: i % 10 === 3 ? null : row.b }));
const targets = { classification: "label", regression: "number", ranking: "grade", transform: "number" };

/** Whether an estimator of this task takes missing cells, categories and row weights, and gives probabilities. */
export async function bears(name, factory) {
  const spec = new Function("ml", `return ${made(name, factory.estimator)}`)(ml);
  const inner = spec.name === "pipeline" ? ml.estimatorFromSpec(spec.params.steps.at(-1)) : spec;
  const columns = /^isotonic_regression$/.test(factory.estimator) ? ["b"] : ["a", "b"];
  const attempt = async (rows, options) => {
    const table = ml.table(rows);
    const roles = { features: columns, target: targets[factory.task], ...(factory.task === "ranking" ? { group: "query" } : {}) };
    try {
      const model = await inner.fit(table, { ...roles, ...options });
      if (factory.task === "transform") model.transform(table);
      else model.predict(table);
      return model;
    } catch (error) {
      if (error instanceof ml.DataError || error instanceof ml.ParamsError || error instanceof ml.ShapeError) return undefined;
      throw error;
    }
  };
  const model = await attempt(plain, {});
  const categories =
    columns.length > 1 ? await attempt(plain, { features: ["a", "level"] }) : await attempt(plain, { features: ["level"] });
  return {
    missing: (await attempt(withGaps, {})) !== undefined,
    categories: categories !== undefined,
    weights: (await attempt(plain, { weight: "weight" })) !== undefined,
    probabilities: gives(() => model.predictProba(ml.table(plain))),
  };
}

function gives(ask) {
  try {
    ask();
    return true;
  } catch {
    return false;
  }
}
