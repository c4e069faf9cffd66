// `node tools/parity/ours.mjs <folder> <set or algorithm …>`: fits our algorithms on every split of the folder's tables, and leaves their answers beside them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
const plan = JSON.parse(readFileSync(fileURLToPath(new URL("plan.json", import.meta.url)), "utf8"));
const [folder, ...wanted] = process.argv.slice(2);
const failures = [];

const tie = {
  classification: ["logistic_regression", "decision_tree", "gaussian_nb"],
  regression: ["ridge", "decision_tree", "knn"],
};

/** Parameters that differ from our defaults, the same as algorithms.py gives the oracle. */
const params = {
  decision_tree_chaid: () => ({
    bonferroni: false,
    maxDepth: 4,
    minSamplesSplit: 31,
    minSamplesLeaf: 1,
    alphaSplit: 0.05,
    alphaMerge: 0.05,
  }),
  lasso: () => ({ alpha: 0.01 }),
  elastic_net: () => ({ alpha: 0.01 }),
  voting: (task, seed) => ({ estimators: parts(task, seed), ...(task === "classification" && { voting: "soft" }) }),
  stacking: (task, seed) => ({ estimators: parts(task, seed) }),
  calibrated: () => ({ estimator: ml.gaussianNB(), method: "isotonic" }),
};

function parts(task, seed) {
  return tie[task].map((name) => ml.estimatorByName(name, task, name === "decision_tree" ? { seed } : {}));
}

/** An algorithm's estimator for a task, seeded where it draws. */
function estimator(name, task, seed) {
  const factory = { k_means: ml.kMeans, pca: ml.pca }[name] ?? ml.factoryByName(name, task);
  const seeded = "seed" in (factory.jsonSchema().properties ?? {}) ? { seed } : {};
  return factory({ ...seeded, ...params[name]?.(task, seed) });
}

/** Convex problems at a tolerance of 1e-12 or less, as algorithms.py has them. */
const convex = {
  classification: {
    "logistic_regression l2": () => ml.logisticRegression({ tol: 1e-12, maxIter: 10_000 }),
    "logistic_regression l1": () => ml.logisticRegression({ penalty: "l1", c: 0.1, tol: 1e-12, maxIter: 20_000 }),
    linear_svm: () => ml.linearSVC({ tol: 1e-12, maxIter: 100_000 }),
  },
  regression: {
    linear_regression: () => ml.linearRegression({ tol: 1e-12 }),
    ridge: () => ml.ridge(),
    lasso: () => ml.lasso({ alpha: 0.01, tol: 1e-15, maxIter: 100_000 }),
    elastic_net: () => ml.elasticNet({ alpha: 0.01, tol: 1e-15, maxIter: 100_000 }),
    "linear_svm squared": () => ml.linearSVR({ loss: "squared_epsilon_insensitive", tol: 1e-12, maxIter: 100_000 }),
  },
};

function numbers(file) {
  const bytes = readFileSync(join(folder, file));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Writes one answer to `<folder>/ours/<algorithm>/<table>.<part>.f64`. */
function leave(algorithm, table, part, values) {
  mkdirSync(join(folder, "ours", algorithm), { recursive: true });
  writeFileSync(join(folder, "ours", algorithm, `${table}.${part}.f64`), Float64Array.from(values));
}

/** Rows of a table's form as a matrix, with its levels where the form keeps categories. */
function rowsOf({ table, form, values }, rows) {
  const columns = table.columns[form];
  const data = ml.sharedFloat64(rows.length * columns);
  for (const [i, row] of rows.entries()) data.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  return {
    rows: rows.length,
    columns,
    data,
    names: Array.from({ length: columns }, (_, j) => `c${j}`),
    ...(form === "raw" && { levels: table.levels.map((levels) => levels ?? undefined) }),
    ...(form === "nominal" && { levels: table.nominal.map((size) => Array.from({ length: size }, (_, code) => `l${code}`)) }),
  };
}

/** What the oracle's side scores: probabilities where there are any, else labels or values; the inertia, or the explained variances. */
function answer(model, x) {
  if (model.task === "transform") return model.state.explainedVariance ?? [model.state.inertia];
  if (model.task === "regression") return model.predict(x);
  return ml.capabilities(model.name, model.task).probabilities && !hasLabelsOnly(model)
    ? model.predictProba(x).data
    : model.predict(x);
}

function hasLabelsOnly({ name, params: { probability } }) {
  return (name === "svm" || name === "linear_svm") && !probability;
}

async function fitSplit(algorithm, source, split) {
  const { table, y } = source;
  const test = new Set(table.splits[split]);
  const train = Array.from({ length: table.rows }, (_, row) => row).filter((row) => !test.has(row));
  const target = train.map((row) => y[row]);
  const model = await estimator(algorithm, table.task, split).fit(rowsOf(source, train), target, { threads: 1 });
  leave(algorithm, table.name, split, answer(model, rowsOf(source, table.splits[split])));
  if (algorithm !== "decision_tree") return;
  const { feature, threshold, left, right } = model.state.tree ?? model.state;
  leave("tree", table.name, split, [...feature, ...threshold, ...left, ...right]);
}

async function fitConvex(name, make, { table, y, ...source }) {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const { state } = await make().fit(rowsOf({ table, ...source }, rows), y, { threads: 1 });
  leave(name, table.name, "weights", [
    ...state.coef,
    ...[state.intercept].flatMap((each) => (typeof each === "number" ? each : [...each])),
  ]);
}

/** Every fit there is to do: a name for people, and the work. */
function* jobs() {
  for (const table of JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"))) {
    const y = numbers(`${table.name}.y.f64`);
    const source = (form) => ({ table, form, y, values: numbers(`${table.name}.${form}.f64`) });
    for (const [algorithm, { set, form = "plain", tasks, rows = Infinity }] of Object.entries(plan)) {
      if (!(wanted.includes(set) || wanted.includes(algorithm)) || !tasks.includes(table.task) || table.rows > rows) continue;
      const given = source(form);
      for (const split of table.splits.keys())
        yield { algorithm, table: table.name, split, work: () => fitSplit(algorithm, given, split) };
    }
    if (!wanted.includes("models") || table.rows > 1000) continue;
    const given = source("plain");
    for (const [name, make] of Object.entries(convex[table.task]))
      yield { algorithm: name, table: table.name, split: "weights", work: () => fitConvex(name, make, given) };
  }
}

async function drain(queue) {
  for (const { work, ...job } of queue) {
    try {
      await work();
    } catch (error) {
      failures.push({ ...job, error: String(error) });
    }
  }
}

const queue = jobs();
await Promise.all(Array.from({ length: ml.poolSize() }, () => drain(queue)));
writeFileSync(join(folder, "failures.json"), JSON.stringify(failures));
process.exit(0);
