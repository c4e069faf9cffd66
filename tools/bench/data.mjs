// Reading, grouping, sorting, joining, profiling and preprocessing beside polars, pandas and scikit-learn in one run. Each figure is the best of
// three; the peers run directly before and after, since other work slows both.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { must, python, root } from "../setup.mjs";

const rounds = 3;
/** What is promised: a figure's name, the peer, how many times its time. */
const targets = {
  csv: ["pandas", 1],
  group: ["polars", 1.5],
  sort: ["polars", 1.5],
  "join small": ["polars", 1.5],
  "join large": ["polars", 1.5],
  "scale, one-hot": ["sklearn", 1],
};

async function writeRows(path, rows) {
  const cities = ["Rome", "Paris", "Oslo", "Berlin", "Madrid", "Lima", "Quito", "Cairo"];
  let state = 12_345;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const below = (n) => Math.floor(uniform() * n);
  const two = (n) => String(n).padStart(2, "0");
  const out = createWriteStream(path);
  out.write("id,group,city,price,amount,score,flag,day,ratio,word\n");
  let text = "";
  for (let i = 0; i < rows; i++) {
    const ratio = uniform() < 0.05 ? "" : (uniform() - 0.5).toFixed(8);
    text += `${i},${below(1000)},${cities[below(8)]},${(uniform() * 1000).toFixed(2)},${below(1e6)},${uniform().toFixed(6)},${uniform() < 0.5},2020-${two(1 + below(12))}-${two(1 + below(28))},${ratio},w${below(500)}\n`;
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, "drain");
    text = "";
  }
  out.end(text);
  await once(out, "finish");
}

async function best(work) {
  const times = [];
  let result;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    result = await work();
    times.push(performance.now() - begin);
  }
  return [Math.min(...times), result];
}

/** Our milliseconds by figure. */
async function measure(ml, path, rows) {
  const found = {};
  const time = async (name, work) => {
    const [ms, result] = await best(work);
    found[name] = ms;
    return result;
  };
  const table = await time("csv", () => ml.readCsv(path));
  await time("group", () => table.groupBy("group").aggregate({ mean: ["price", "mean"], sum: ["score", "sum"] }));
  await time("sort", () => table.sort("score"));
  const names = ml.table({
    group: Array.from({ length: 1000 }, (_, i) => i),
    name: Array.from({ length: 1000 }, (_, i) => `g${i}`),
  });
  await time("join small", () => table.join(names, { on: "group" }));
  const prices = table.select(["id", "price"]).rename({ price: "other" });
  await time("join large", () => table.join(prices, { on: "id" }));
  const fifth = table.slice(0, rows / 5);
  let wide = fifth;
  for (const name of fifth.names) wide = wide.with(`${name} 2`, fifth.column(name));
  await time("profile", () => ml.profile(wide));
  let mixed = fifth.select([]);
  for (let j = 0; j < 10; j++) mixed = mixed.with(`price ${j}`, fifth.column("price")).with(`city ${j}`, fifth.column("city"));
  const preprocess = ml.columnTransformer({
    parts: [
      { columns: "number", transformer: ml.standardScaler() },
      { columns: "category", transformer: ml.oneHotEncoder() },
    ],
  });
  await time("scale, one-hot", async () => (await preprocess.fit(mixed)).transform(mixed));
  return found;
}

/** Runs the comparison on 5 million rows, a small one on a tenth, and hands each line on. */
export async function benchData({ isSmall, line }) {
  const rows = isSmall ? 500_000 : 5_000_000;
  const path = join(temporaryFolder("bench-data"), "data.csv");
  await writeRows(path, rows);
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const peers = async () => JSON.parse(await must(python, [join(root, "tools/bench/data.py"), path]));
  const before = await peers();
  const ours = await measure(ml, path, rows);
  const after = await peers();
  const size = (name) => (/profile|one-hot/.test(name) ? `${rows / 5e6}M × 20` : `${rows / 1e6}M × 10`);
  for (const [name, ms] of Object.entries(ours)) {
    const ratios = ["polars", "pandas", "sklearn"].flatMap((peer) => {
      const theirs = Math.min(before[peer]?.[name] ?? Infinity, after[peer]?.[name] ?? Infinity);
      return theirs < Infinity ? [`${(ms / theirs).toFixed(2)} × ${peer}`] : [];
    });
    const [peer, times] = targets[name] ?? [];
    line(`table: ${name}, ${size(name)}`, `${ms.toFixed(0)} ms`, peer ? `≤ ${times} × ${peer}` : "≤ 2 s", ratios.join(", "));
  }
}
