// node recommend-ours.mjs als|bpr|knn <folder> <threads>, or movielens <ratings.csv>: our side of the bench, one line of JSON.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

const [kind, place, threads] = process.argv.slice(2);
if (threads) process.env.ASSAY_THREADS = threads;
const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);

const seconds = async (work) => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

async function timed() {
  const column = (name) => {
    const bytes = readFileSync(join(place, `${name}.i32`));
    return { kind: "number", values: Float64Array.from(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)) };
  };
  const given = ml.interactions(
    new ml.Table([
      ["user", column("users")],
      ["item", column("items")],
    ]),
  );
  const spec = {
    als: () => ml.als({ factors: 64, iterations: 15 }),
    bpr: () => ml.bpr({ factors: 64, iterations: 20 }),
    knn: () => ml.itemKnn({ nNeighbors: 100 }),
  };
  await ml.als({ factors: 8, iterations: 1 }).fit(given); // threads and kernels are up
  let model;
  const fit = await seconds(async () => {
    model = await spec[kind]().fit(given);
  });
  await model.recommendAll(10, { users: ml.userIds(given).slice(0, 100) });
  const top = kind === "als" ? await seconds(() => model.recommendAll(10)) : null;
  return { fit, top };
}

async function movielens() {
  const ratings = ml.interactions(await ml.readCsv(place), { user: "userId", item: "movieId", time: "timestamp" });
  const { train, test } = ml.leaveLastOut(ratings, { last: 5 });
  const specs = {
    ease: ml.ease({ regularization: 300 }),
    als: ml.als({ regularization: 10 }),
    bpr: ml.bpr({ factors: 32, iterations: 100 }),
    cosine: ml.itemKnn(),
    tfidf: ml.itemKnn({ weighting: "tfidf" }),
    bm25: ml.itemKnn({ weighting: "bm25" }),
    two_tower: ml.twoTower(),
  };
  const models = {};
  for (const [name, spec] of Object.entries(specs)) models[name] = await spec.fit(train);
  const report = await ml.evaluateRecommenders(models, test);
  return Object.fromEntries(report.models.map(({ name, measures }) => [name, measures]));
}

console.log(JSON.stringify(kind === "movielens" ? await movielens() : await timed()));
process.exit(0);
