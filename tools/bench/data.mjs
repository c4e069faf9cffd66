// `node tools/bench/data.mjs [python] [rows]`: reading, grouping, sorting, joining and profiling beside polars and pandas in one run.
// Python needs polars and pandas. Each figure is the best of two; the peers run directly before and after, since other work slows both.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const python = process.argv[2] ?? "python3";
const rows = Number(process.argv[3] ?? 5_000_000);
const ml = await import(new URL("../../library/core/src/data/index.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
const path = join(folder, "data.csv");

async function writeData() {
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

const ours = {};
async function time(name, work) {
  let result;
  let best = Infinity;
  for (let k = 0; k < 2; k++) {
    const begin = performance.now();
    result = await work();
    best = Math.min(best, performance.now() - begin);
  }
  ours[name] = best;
  return result;
}

try {
  await writeData();
  const script = join(fileURLToPath(new URL(".", import.meta.url)), "data.py");
  const peers = () => JSON.parse(execFileSync(python, [script, path], { encoding: "utf8" }));
  const before = peers();
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
  const million = table.slice(0, 1_000_000);
  const copies = million.rename(Object.fromEntries(million.names.map((name) => [name, `${name} 2`])));
  let wide = million;
  for (const name of copies.names) wide = wide.with(name, copies.column(name));
  await time("profile 1M × 20", () => ml.profile(wide));
  const after = peers();
  for (const [name, ms] of Object.entries(ours)) {
    const [polars, pandas] = ["polars", "pandas"].map((peer) => Math.min(before[peer][name], after[peer][name]));
    const beside = Number.isNaN(polars) ? "" : `${(ms / polars).toFixed(2)} × polars, ${(ms / pandas).toFixed(2)} × pandas`;
    console.log(`${name.padEnd(18)} ${ms.toFixed(0).padStart(7)} ms   ${beside}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
