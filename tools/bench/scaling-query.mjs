// `node tools/bench/scaling-query.mjs <settings as JSON>`: one aggregation by one engine, in a process of its own; prints seconds, the answer and peak memory as JSON.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";

const { openDuckdb, openSpark } = await import(pathToFileURL(join(root, "library/lab/src/engine/index.ts")).href);
const { engine: name, remote, folder, threads, files, rows, rounds } = JSON.parse(process.argv[2]);

/** A journey that was booked: whole numbers, so that sums are equal whoever adds them up, in whatever order. */
const bookings = `select i, (i * 7919) % 500009 as user_id, (i * 104729) % 20011 as item_id, (i * 31) % 24 as hour,
  (i * 7) % 365 as day, 100 + (i * 6151) % 900 as cents from range(${rows}) t(i)`;
const items = "select i as item_id, i % 40 as category from range(20011) t(i)";

/** By category and hour: rows, the sum, and how many users; then of all groups, so that one row comes back. */
const aggregation = `select count(*) as groups, sum(n) as n, sum(total) as total, sum(users) as users from (
  select category, hour, count(*) as n, sum(cents) as total, count(distinct user_id) as users
  from bookings join items on bookings.item_id = items.item_id where day < 300 group by category, hour) g`;

const engine = await (name === "spark" ? openSpark({ remote, folder }) : openDuckdb({ folder, threads }));
const made = [];
if (name === "make") {
  for (const [query, file] of [
    [bookings, "bookings"],
    [items, "items"],
  ]) {
    const { sizeBytes } = await engine.write(query, join(folder, `${file}.parquet`));
    made.push({ file: join(folder, `${file}.parquet`), sizeBytes });
  }
} else for (const [table, file] of Object.entries(files)) await engine.read(table, file);
const seconds = [];
let answer;
for (let round = 0; round < (rounds ?? 0); round++) {
  const begin = performance.now();
  [answer] = await engine.sql(aggregation);
  seconds.push((performance.now() - begin) / 1000);
}
await engine.close();
const peakMb = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
console.log(JSON.stringify({ made, seconds, answer, peakMb }));
process.exit(0);
