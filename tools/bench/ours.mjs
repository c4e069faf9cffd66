// `node tools/bench/ours.mjs <folder> <job as JSON>`: one job on our side, in a process of its own; prints seconds, score and peak memory as JSON.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
const [folder, text] = process.argv.slice(2);
const job = JSON.parse(text);
const tables = JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"));

/** A file's numbers in shared memory, the first `count` of them. */
function numbers(name, count) {
  const values = ml.sharedFloat64(count);
  const bytes = new Uint8Array(values.buffer);
  const file = openSync(join(folder, name));
  for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, Math.min(bytes.length - at, 1 << 28), at);
  closeSync(file);
  return values;
}

function table(name, most = Infinity) {
  const { rows: all, columns, classes, levels } = tables[name];
  const rows = Math.min(all, most);
  const x = { rows, columns, data: numbers(`${name}.x.f64`, rows * columns), names: levels.map((_, j) => `c${j}`) };
  const isCoded = levels.some(Boolean);
  return {
    x: isCoded ? { ...x, levels: levels.map((each) => each ?? undefined) } : x,
    y: numbers(`${name}.y.f64`, rows),
    classes,
  };
}

function estimator({ x, classes }) {
  const { first, ...params } = job.params;
  if (job.estimator !== "k_means") return ml.estimatorByName(job.estimator, classes ? "classification" : "regression", params);
  const init = Array.from({ length: first }, (_, i) => [...x.data.subarray(i * x.columns, (i + 1) * x.columns)]);
  return ml.kMeans({ nClusters: first, init });
}

/** Best of up to three times, as many as fit into three seconds. */
async function best(work) {
  const times = [];
  for (const start = performance.now(); times.length < 3 && (times.length === 0 || performance.now() - start < 3000); ) {
    const begin = performance.now();
    await work();
    times.push((performance.now() - begin) / 1000);
  }
  return Math.min(...times);
}

function score(model, { x, y, classes }) {
  if (model.task === "transform") return { "−inertia": -model.state.inertia };
  if (classes === 0) return { "R²": ml.r2(y, model.predict(x)) };
  if (classes > 2 || model.name === "svm") return { accuracy: ml.accuracy(y, model.predict(x)) };
  const { data } = model.predictProba(x);
  return {
    AUC: ml.binaryRocAuc(
      Array.from(y, (label) => label === 1),
      Array.from({ length: x.rows }, (_, i) => data[2 * i + 1]),
    ),
  };
}

/** Largest memory that this process ever held, in kB. */
function peakKb() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? Number.NaN);
}

const train = table(job.table);
const spec = estimator(train);
const target = job.estimator === "k_means" ? undefined : train.y;
const few = { ...train.x, rows: 500, data: train.x.data.slice(0, 500 * train.x.columns) };
await spec.fit(few, target?.slice(0, 500)); // threads started, code compiled
let model;
let seconds = await best(async () => {
  model = await spec.fit(train.x, target);
});
const peak = peakKb();
const test = table(job.test, job.queries);
if (job.measure === "predict") seconds = await best(() => (train.classes ? model.predictProba(test.x) : model.predict(test.x)));
console.log(JSON.stringify({ seconds, score: score(model, test), peakKb: peak }));
process.exit(0);
