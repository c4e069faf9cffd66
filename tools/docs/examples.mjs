// An example for each estimator: cells that run, and a figure of what came out, drawn by the library itself.
import { inspect } from "node:util";
import * as ml from "../../library/core/dist/index.js";
import { table } from "../../library/core/dist/index.js";

const moons = `const draw = ml.random(1, "moons");
const moons = ml.table(Array.from({ length: 400 }, (_, i) => {
  const [turn, isLower] = [Math.PI * draw.float(), i % 2 === 1];
  const across = (isLower ? 1 - Math.cos(turn) : Math.cos(turn)) + 0.2 * draw.normal();
  const up = (isLower ? 0.5 - Math.sin(turn) : Math.sin(turn)) + 0.2 * draw.normal();
  return { across, up, moon: isLower ? "lower" : "upper" };
}));
const { train, test } = ml.split(moons, { test: 0.3, stratify: "moon", seed: 1 });`;

const texts = `const draw = ml.random(1, "texts");
const count = (mean: number) => Math.floor(mean * -Math.log(1 - draw.float()));
const texts = ml.table(Array.from({ length: 400 }, (_, i) =>
  i % 2 === 1 ? { goals: count(9), votes: count(3), about: "sport" } : { goals: count(3), votes: count(9), about: "politics" },
));
const { train, test } = ml.split(texts, { test: 0.3, stratify: "about", seed: 1 });`;

const wave = `const draw = ml.random(1, "wave");
const wave = ml.table(Array.from({ length: 200 }, () => {
  const hour = 24 * draw.float();
  return { hour, degrees: 12 + 0.3 * hour + 6 * Math.sin(hour / 4) + draw.normal() };
}));
const { train, test } = ml.split(wave, { test: 0.3, seed: 1 });`;

/** Rises and stays: what an isotonic regression is for. */
const rise = wave.replace("12 + 0.3 * hour + 6 * Math.sin(hour / 4)", "12 + 6 * Math.tanh((hour - 12) / 4)");

const queries = `const draw = ml.random(1, "queries");
const answers = ml.table(Array.from({ length: 600 }, (_, i) => {
  const [match, age] = [draw.float(), draw.float()];
  return { query: Math.floor(i / 10), match, age, grade: Math.min(3, Math.floor(4 * Math.max(0, match - 0.3 * age + 0.1 * draw.normal()))) };
}));
const { train, test } = ml.split(answers, { test: 0.3, group: "query", seed: 1 });`;

const cars = `const draw = ml.random(1, "cars");
const cars = ml.table(Array.from({ length: 300 }, (_, i) => {
  const [km, make] = [Math.round(30000 * Math.exp(0.6 * draw.normal())), ["Audi", "BMW", "Fiat"][draw.int(3)]!];
  const worth = { Audi: 30000, BMW: 27000, Fiat: 15000 }[make]!;
  return { make, km, power: 60 + draw.int(90), doors: 4, price: Math.round(worth * Math.exp(-km / 90000)) };
}));`;

const visits = `const draw = ml.random(1, "visits");
const pairs = Array.from({ length: 6000 }, (_, i) => ({ person: Math.floor(i / 40), place: i % 40, day: draw.int(365) }));
const visits = ml.table(pairs.filter(({ person, place }) => draw.float() < (person % 4 === place % 4 ? 0.6 : 0.03)));
const { train, test } = ml.leaveLastOut(ml.interactions(visits, { user: "person", item: "place", time: "day" }), { last: 2 });`;
const kinds = `const people = ml.table(Array.from({ length: 150 }, (_, person) => ({ person, kind: \`k\${person % 4}\` })));`;

/** What an example of a transformer takes: arguments of the factory and of `fit`. */
const steps = {
  imputer: { data: `${cars.replace("km, power", "km: i % 20 === 3 ? null : km, power")}`, features: ["km", "power"] },
  column_transformer: {
    params: `{ parts: [{ columns: "number", transformer: ml.standardScaler() }, { columns: "category", transformer: ml.oneHotEncoder() }] }`,
    features: ["make", "km", "power"],
  },
  frequency_encoder: { features: ["make"] },
  label_encoder: { features: ["make"] },
  one_hot_encoder: { features: ["make"] },
  ordinal_encoder: { features: ["make"] },
  target_encoder: { features: ["make"], target: "price" },
  k_bins_discretizer: { params: "{ bins: 4 }" },
  pca: { params: "{ nComponents: 2 }", features: ["km", "power", "price"] },
  k_means: { params: "{ nClusters: 3 }", features: ["km", "power"] },
  variance_threshold: { features: ["km", "power", "doors"] },
  select_from_model: { params: `{ estimator: ml.randomForestRegressor() }`, features: ["km", "power"], target: "price" },
};
for (const name of ["rfe", "rfecv", "sequential_feature_selector"])
  steps[name] = { params: "{ estimator: ml.linearRegression() }", features: ["km", "power"], target: "price" };
for (const name of ["select_fdr", "select_fpr", "select_fwe", "select_percentile"])
  steps[name] = { features: ["km", "power"], target: "price" };
steps.select_k_best = { params: "{ k: 1 }", features: ["km", "power"], target: "price" };
steps.correlation_selector = { features: ["km", "power"], target: "price" };

/** Lines that make the data and the model, and the line whose value is shown. */
function code(name, { task, estimator }) {
  const head = 'import * as ml from "assay";\n';
  if (task === "regression") {
    const data = estimator === "isotonic_regression" ? rise : wave;
    return [
      head,
      data,
      `const model = await ${made(name, estimator)}.fit(train, { target: "degrees" });`,
      'ml.score(model, test, { metrics: ["r2", "rmse", "mae"] })',
    ];
  }
  if (task === "ranking")
    return [
      head,
      queries,
      `const model = await ${made(name, estimator)}.fit(train, { target: "grade", group: "query" });`,
      'ml.score(model, test, { group: "query" })',
    ];
  if (task === "recommendation") {
    const ofPeople =
      estimator === "segment_popularity" ? ', { userFeatures: { table: people, key: "person", columns: ["kind"] } }' : "";
    return [
      head,
      visits,
      ...(ofPeople ? [kinds] : []),
      `const model = await ${made(name, estimator)}.fit(train${ofPeople});`,
      "model.recommend(7, 3)",
    ];
  }
  if (task === "classification") {
    const [data, target] = /^(multinomial|complement)_nb$/.test(estimator) ? [texts, "about"] : [moons, "moon"];
    return [
      head,
      data,
      `const model = await ${made(name, estimator)}.fit(train, { target: "${target}" });`,
      'ml.score(model, test, { metrics: ["accuracy", "roc_auc", "log_loss"] })',
    ];
  }
  const { data = cars, features = ["km"], target } = steps[estimator] ?? {};
  const roles = `features: [${features.map((each) => `"${each}"`).join(", ")}]${target ? `, target: "${target}"` : ""}`;
  const shown = isSelector(estimator) ? "ml.selectedFeatures(model).features" : "model.transform(cars.head(4))";
  return [head, data, `const model = await ${made(name, estimator)}.fit(cars, { ${roles} });`, shown];
}

const isSelector = (estimator) => /^(select_|rfe|.*_selector$|variance_threshold)/.test(estimator);

/** The specification of an example, as it is written there: the defaults, but where those need a part, or columns of like scales. */
export function made(name, estimator) {
  if (estimator in steps) return `ml.${name}(${steps[estimator].params ?? ""})`;
  if (estimator === "fixed_threshold") return `ml.${name}({ estimator: ml.logisticRegression(), threshold: 0.3 })`;
  if (estimator === "als") return "ml.als({ factors: 4 })"; // there are four kinds of people
  if (estimator === "neural_network") return `ml.pipeline(ml.standardScaler(), ml.${name}({ solver: "lbfgs" }))`;
  return `ml.${name}()`;
}

/** An estimator's example: its cell, what the cell answers, and the figure. Throws what the cell throws. */
export async function example(name, factory) {
  const lines = code(name, factory);
  const cell = lines.join("\n");
  const body = [...lines.slice(1, -1), `return { ...scope(), shown: (${lines.at(-1)}) };`].join("\n");
  const kept = ["train", "test", "cars", "model", "people"].filter((each) =>
    new RegExp(`const (\\{ )?[^=]*\\b${each}\\b[^=]*=`).test(cell),
  );
  const run = new (async () => {}).constructor(
    "ml",
    body.replace("...scope()", kept.join(", ")).replaceAll(": number", "").replaceAll("]!", "]"),
  );
  const scope = await run(ml);
  const figure = await draw(factory, scope);
  return { cell, output: inspect(scope.shown, { breakLength: 100 }), svg: figure && ml.figureToSvg(figure, { ink: "#7a7a7a" }) };
}

/** The figure that says most of a task. */
function draw({ task }, scope) {
  if (task === "classification") return regions(scope);
  if (task === "regression") return curve(scope);
  if (task === "ranking") return ml.plotImportance(scope.model.importances());
  if (task === "recommendation") return beside(scope);
  return change(scope);
}

const axis = (text, more) => ({ title: { text }, ...more });

/** The probability of the last class over the plane, and the rows that were not learnt. */
function regions({ model, test }) {
  const [a, b] = model.columns.map((column) => column.name);
  const [across, up] = [a, b].map((name) => grid(test.values(name), 40));
  const x = up.flatMap((v) => across.map((u) => [u, v]));
  const share = probabilities(model, table(x.map(([u, v]) => ({ [a]: u, [b]: v }))));
  const z = up.map((_, i) => across.map((_, j) => share[i * across.length + j]));
  const last = model.classes.at(-1);
  const colours = [
    [0, "#f0b88a"],
    [0.5, "#f7f7f7"],
    [1, "#8fc3e8"],
  ];
  const points = model.classes.map((label, k) => {
    const own = test.where((row) => row[model.target] === label);
    const marker = { size: 6, color: k ? "#0072B2" : "#D55E00", line: { width: 1, color: "#ffffff" } };
    return { type: "scatter", mode: "markers", name: String(label), x: own.values(a), y: own.values(b), marker };
  });
  const heat = { type: "heatmap", x: across, y: up, z, zmin: 0, zmax: 1, colorscale: colours, showscale: true };
  return ml.figure(`Probability of "${last}", and rows that were not learnt`, [heat, ...points], {
    xaxis: axis(a),
    yaxis: axis(b),
  });
}

function probabilities(model, rows) {
  const last = model.classes.length - 1;
  const { data, columns } = model.predictProba(rows);
  return Array.from({ length: rows.rows }, (_, i) => data[i * columns + last]);
}

/** What is predicted along the column, and the rows that were not learnt. */
function curve({ model, test }) {
  const x = grid(test.values("hour"), 200);
  const y = model.predict(table(x.map((hour) => ({ hour }))));
  const points = {
    type: "scatter",
    mode: "markers",
    name: "rows that were not learnt",
    x: test.values("hour"),
    y: test.values("degrees"),
  };
  const line = { type: "scatter", mode: "lines", name: "predicted", x, y: [...y] };
  return ml.figure("Predicted along the column", [points, line], { xaxis: axis("hour"), yaxis: axis("degrees") });
}

/** nDCG of the first ten beside that of the two baselines. */
async function beside({ model, test }) {
  const board = await ml.evaluateRecommenders({ [model.name]: model }, test, { k: [10] });
  const values = board.models.map(({ name, measures }) => ({ name, ...measures["ndcg@10"] }));
  return ml.plotIntervals("nDCG of the first ten, with 95 % over people", values, "nDCG@10");
}

/** What a step makes of its columns. */
function change({ model, cars }) {
  const inputs = model.columns.map(({ name }) => name);
  const made = model.transform(cars);
  const column = (j) => Array.from({ length: made.rows }, (_, i) => made.data[i * made.columns + j]);
  const dots = { type: "scatter", mode: "markers" };
  if (model.name === "k_means") {
    const found = ml.clusters(model, cars);
    const traces = [0, 1, 2].map((k) => {
      const own = cars.where((_, i) => found[i] === k);
      return { ...dots, name: `cluster ${k}`, x: own.values("km"), y: own.values("power") };
    });
    return ml.figure("Clusters", traces, { xaxis: axis("km"), yaxis: axis("power") });
  }
  if (isSelector(model.name)) return ml.plotImportance(model.importances() ?? ml.selectedFeatures(model).features.map(ofRank));
  const plain = cars.values(inputs[0]);
  if (model.name === "pca")
    return ml.figure("Two components", [{ ...dots, name: "rows", x: column(0), y: column(1) }], {
      xaxis: axis("pca0"),
      yaxis: axis("pca1"),
    });
  if (typeof plain[0] === "string") {
    const levels = [...new Set(plain)].sort();
    const bars = Array.from({ length: made.columns }, (_, j) => {
      const values = column(j);
      return { type: "bar", name: made.names[j], x: levels, y: levels.map((level) => values[plain.indexOf(level)]) };
    });
    return ml.figure(`What "${inputs[0]}" becomes`, bars, { xaxis: axis(inputs[0]), yaxis: axis("number") });
  }
  const traces = Array.from({ length: made.columns }, (_, j) => ({ ...dots, name: made.names[j], x: plain, y: column(j) }));
  return ml.figure(`What "${inputs[0]}" becomes`, traces, { xaxis: axis(inputs[0]), yaxis: axis("after the step") });
}

const ofRank = ({ feature, selected }) => ({ feature, importance: selected ? 1 : 0 });

function grid(values, length) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return Array.from({ length }, (_, i) => low + ((high - low) * i) / (length - 1));
}
