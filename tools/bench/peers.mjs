// Our algorithms beside other libraries: each side in a process of its own, in turn, the quietest of three taken.
import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../assay.mjs";
import { must, node24, python, root } from "../setup.mjs";
import { jobs } from "./jobs.mjs";

const tools = { cwd: join(root, "tools") };

/** One run of one side. */
async function side(command, args, folder, job) {
  const threads = String(job.threads);
  const env = {
    ...process.env,
    ASSAY_THREADS: threads,
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    PYTHONWARNINGS: "ignore",
  };
  const out = await must(command, [...args, folder, JSON.stringify(job)], { ...tools, env });
  return JSON.parse(out.trim().split("\n").at(-1));
}

/** Both sides in turn: the shortest time and the lowest peak of each, and the load of the machine before. */
async function versus(folder, job, rounds) {
  const [load] = loadavg();
  const runs = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    runs.ours.push(await side(node24(), [join(root, "tools/bench/ours.mjs")], folder, job));
    runs.theirs.push(await side(python, ["-m", "bench.theirs"], folder, job));
  }
  const quietest = (all) => ({
    seconds: Math.min(...all.map(({ seconds }) => seconds)),
    peakMb: Math.round(Math.min(...all.map(({ peakKb }) => peakKb)) / 1024),
    score: all[0].score,
  });
  const [ours, theirs] = [quietest(runs.ours), quietest(runs.theirs)];
  return { ...job, load, ours, theirs, ratio: ours.seconds / theirs.seconds, memory: ours.peakMb / theirs.peakMb };
}

/** Runs a set of jobs and hands each result on as it comes. A small run has a tenth of the rows, one thread and one round. */
export async function benchPeers(set, { isSmall, tell }) {
  const folder = temporaryFolder("bench-rows");
  const chosen = isSmall ? jobs[set](0.1, [1]) : jobs[set](1, [1, 4]);
  const sizes = new Set(chosen.flatMap(({ table }) => /^synthetic-(\d+)$/.exec(table)?.[1] ?? []));
  await must(python, ["-m", "bench.rows", folder, ...sizes], tools);
  const tables = JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"));
  const results = [];
  for (const job of chosen) {
    const about = tables[job.table];
    if (!about) {
      tell(`${job.what}, ${job.table}: the table is not there`);
      continue;
    }
    if (job.threads > availableParallelism()) {
      tell(`${job.what}: ${job.threads} threads are more than this machine has`);
      continue;
    }
    const result = { ...(await versus(folder, job, isSmall ? 1 : 3)), rows: about.rows, columns: about.columns };
    results.push(result);
    tell(sentence(result));
  }
  return results;
}

const figure = (score) => Object.entries(score).map(([name, value]) => `${name} ${Number(value.toPrecision(5))}`)[0];
const table = ({ table, rows, columns }) => `${table.replace(/-\d+$/, "")} ${rows.toLocaleString("en")} × ${columns}`;

/** A result on one line, for a terminal. */
function sentence(result) {
  const { what, threads, ours, theirs, ratio, target, peer, load } = result;
  const mark = ratio <= target ? "ok  " : "OVER";
  const times = `${ours.seconds.toFixed(3)} s : ${theirs.seconds.toFixed(3)} s`;
  return `${mark} ${`${what}, ${table(result)}, ${threads} thr.`.padEnd(62)} ${ratio.toFixed(2)} of ${peer} (≤ ${target})  ${times}  ${figure(ours.score)} : ${figure(theirs.score)}  ${ours.peakMb} : ${theirs.peakMb} MB  load ${load.toFixed(1)}`;
}

/** The cells of a result in docs/benchmarks.md. */
export function cells(result) {
  const { what, threads, ours, theirs, ratio, target, peer, memory, memoryTarget, load } = result;
  const seconds = (value) => `${value.toPrecision(3)} s`;
  const isOver = ratio > target || (memoryTarget !== undefined && memory > memoryTarget);
  return [
    what,
    table(result),
    threads,
    peer,
    `**${ratio.toFixed(2)}**`,
    `≤ ${target}`,
    seconds(ours.seconds),
    seconds(theirs.seconds),
    figure(ours.score),
    figure(theirs.score),
    `${ours.peakMb} : ${theirs.peakMb} MB${memoryTarget === undefined ? "" : ` (≤ ${memoryTarget})`}`,
    load.toFixed(1),
    isOver ? "over" : "ok",
  ];
}

/** The head over `cells`. */
export const head = [
  "what",
  "table",
  "threads",
  "beside",
  "ratio",
  "target",
  "ours",
  "theirs",
  "our score",
  "their score",
  "peak memory",
  "load before",
  "",
];
