// Models as writeLightgbm and writeXgboost write them, with what Assay answers, as JSON lines for exchange_roundtrip.py.
import { readFileSync } from "node:fs";
import { applyLink, rawScores } from "../../library/core/src/ensemble/boosting/predict.ts";
import * as ml from "../../library/core/src/index.ts";

const fixtures = new URL("../../library/core/src/ensemble/exchange/fixtures/", import.meta.url);
const names = ["lightgbm-objectives", "lightgbm-trees", "xgboost-objectives", "xgboost-trees", "xgboost-boosters"];

/** A model's two texts, or why there is none, and its answers for these rows. */
async function line(name, model, rows) {
  const x = ml.matrix(rows);
  const sums = rawScores(model.state, x);
  const texts = {};
  for (const [library, write] of [
    ["lightgbm", ml.writeLightgbm],
    ["xgboost", ml.writeXgboost],
  ])
    texts[library] = await write(model).catch((error) => {
      if (!(error instanceof ml.DataError)) throw error;
      return null;
    });
  const { outputs, scale, average, single } = model.state;
  const plain = (values) => Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  const answers = Array.from(applyLink(model.state, sums));
  const raw = scale === 1 && !average ? Array.from(sums) : null;
  console.log(JSON.stringify({ name, ...texts, outputs, single, x: rows.map(plain), raw, answers }));
}

for (const name of names)
  for (const [key, { model, x }] of Object.entries(JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), "utf8")))) {
    const bytes = /^(tree|\{)/.test(model) ? Buffer.from(model) : Buffer.from(model, "base64");
    const read = await (model.startsWith("tree") ? ml.readLightgbm : ml.readXgboost)(bytes);
    await line(
      `${name}, ${key}`,
      read,
      x.map((row) => row.map((value) => value ?? Number.NaN)),
    );
  }

const draw = ml.random(9, "exchange");
const rows = Array.from({ length: 400 }, () => [
  Math.fround(4 * draw.float() - 2),
  draw.float() < 0.2 ? Number.NaN : Math.fround(draw.float()),
  draw.int(6),
]);
const kinds = ["ash", "elm", "fir", "oak", "pine", "yew"];
const score = rows.map(([a, b, c]) => a * a + (Number.isNaN(b) ? 1 : b) + (c === 2 || c === 5 ? 2 : 0));
const label = score.map((value) => (value > 3 ? "high" : value > 1.5 ? "middle" : "low"));
const named = ml.table({
  a: rows.map(([a]) => a),
  b: rows.map(([, b]) => b),
  kind: rows.map(([, , c]) => (draw.float() < 0.1 ? null : kinds[c])),
  score,
  label,
  high: label.map((each) => each === "high"),
  grade: label.map((each) => ["low", "middle", "high"].indexOf(each)),
  query: rows.map((_, i) => Math.floor(i / 20)),
});
const codes = named.column("kind");
const coded = rows.map(([a, b], i) => [a, b, codes.kind === "category" ? codes.codes[i] : kinds.indexOf(codes.values[i])]);
const inputs = coded.slice(0, 60).map(([a, b, c]) => [a, b, c < 0 ? Number.NaN : c]);
const fewTrees = { nEstimators: 15 };
const fits = {
  numbers: ["score", ml.histGradientBoostingRegressor(fewTrees)],
  "numbers, depth by depth": ["score", ml.histGradientBoostingRegressor({ ...fewTrees, growth: "depth" })],
  poisson: ["score", ml.histGradientBoostingRegressor({ ...fewTrees, loss: "poisson" })],
  gamma: ["score", ml.histGradientBoostingRegressor({ ...fewTrees, loss: "gamma" })],
  quantile: ["score", ml.histGradientBoostingRegressor({ ...fewTrees, loss: "quantile", quantile: 0.9 })],
  "two classes": ["high", ml.histGradientBoostingClassifier(fewTrees)],
  ranking: ["grade", ml.histGradientBoostingRanker(fewTrees), { group: "query" }],
  "three classes": ["label", ml.histGradientBoostingClassifier(fewTrees)],
};
for (const [key, [target, estimator, roles]] of Object.entries(fits))
  await line(`trained here, ${key}`, await estimator.fit(named, { target, features: ["a", "b", "kind"], ...roles }), inputs);
