// The recommendation ETL beside the same steps in pandas and polars, from the same PostgreSQL to Parquet; each side in a process of its own, in turn.
import { execFile, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../assay.mjs";
import { node24, python, root } from "../setup.mjs";

const day = 86_400_000;
const until = new Date("2026-06-30T00:00:00Z");
const days = 180;
const assay = join(root, "library/lab/bin/assay.mjs");
const run = promisify(execFile);
/** A side that leaves the machine less memory than this, or takes longer, is ended: nobody waits for it, and the system would end another. */
const leftLeastMb = 1000;
const secondsMost = 1200;

/** A database of its own on the bench's server, with the application of so many interactions. */
export async function makeSource(interactions) {
  const { default: pg } = await import("pg");
  const place = { host: join(process.env.ASSAY_HOME, "pg18"), user: "assay", port: 5432 };
  const name = `application_${interactions}`;
  const admin = new pg.Client({ ...place, database: "postgres" });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = `postgresql://assay@localhost:5432/${name}?host=${encodeURIComponent(place.host)}`;
  const size = ["--users", interactions / 25, "--items", Math.max(500, interactions / 250), "--interactions", interactions];
  const args = ["etl", "source", ...size, "--days", days, "--until", until.toISOString(), "--source-url", url];
  await run(node24(), [assay, ...args.map(String)], { cwd: temporaryFolder("etl"), maxBuffer: 1 << 26 });
  return { url, dsn: `host=${place.host} port=5432 user=assay dbname=${name}` };
}

/** Versions that were made: one home keeps each but once. */
let versions = 0;

/** `assay etl`: seconds of its steps, of the whole command, and the most memory that its process ever held, DuckDB's in it. */
export async function ours({ url }, threads, env = {}) {
  const folder = temporaryFolder("etl");
  const version = `${++versions}.0`;
  const settings = [
    "--version",
    version,
    "--window-days",
    days,
    "--until",
    until.toISOString(),
    "--source-url",
    url,
    "--out",
    "out",
  ];
  const begin = performance.now();
  const child = spawn(node24(), [assay, "etl", ...settings.map(String)], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ASSAY_THREADS: String(threads), ...env },
  });
  const { code, peakMb } = await watched(child);
  if (code !== 0) throw new Error(`assay etl ended with ${code}`);
  const place = join(folder, `out/v${version}`);
  const { lineage, rows } = JSON.parse(readFileSync(join(place, `metadata_v${version}.json`), "utf8"));
  const seconds = lineage.steps.reduce((sum, { elapsed_ms }) => sum + elapsed_ms, 0) / 1000;
  const steps = Object.fromEntries(lineage.steps.map(({ name, elapsed_ms }) => [name, elapsed_ms / 1000]));
  const files = ["train", "test"].map((side) => join(place, `${side}_v${version}.parquet`));
  return { seconds, steps, whole: (performance.now() - begin) / 1000, peakMb, files, rows: rows.train + rows.test };
}

/** Waits for a child: how it ended, and the most memory that it ever held. One that leaves the machine too little is ended. */
async function watched(child) {
  let peakMb = 0;
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  const begin = performance.now();
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, kilobytes(`/proc/${child.pid}/status`, "VmHWM") / 1024);
    const leftMb = kilobytes("/proc/meminfo", "MemAvailable") / 1024;
    const isShort = leftMb > 0 && leftMb < leftLeastMb;
    if (isShort || performance.now() - begin > 1000 * secondsMost) child.kill("SIGKILL");
  }, 100);
  const code = await ended;
  clearInterval(watch);
  return { code, peakMb, seconds: (performance.now() - begin) / 1000 };
}

function kilobytes(file, name) {
  try {
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // it has just ended
  }
}

/** A peer's seconds, steps and memory; where it came to no end, the last step that it had done instead of seconds. */
async function theirs(library, { dsn }, threads) {
  const folder = temporaryFolder("etl");
  const iso = (at) => at.toISOString().slice(0, 19);
  const [from, before] = [new Date(until - days * day), new Date(until - 2 * days * day)];
  const times = { until: iso(until), from: iso(from), before: iso(before) };
  const settings = join(folder, "settings.json");
  writeFileSync(settings, JSON.stringify({ dsn, folder, ...times, ratio: 2, seed: 42, test: 0.2, k: 5, key: "07".repeat(32) }));
  const env = {
    ...process.env,
    POLARS_MAX_THREADS: String(threads),
    OMP_NUM_THREADS: String(threads),
    ARROW_NUM_THREADS: String(threads),
  };
  await run(node24(), [assay, "db", "start"], {}); // it stops when its last of ours has gone
  const child = spawn(python, ["-m", "bench.etl", library, settings], {
    cwd: join(root, "tools"),
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  const { code, peakMb, seconds } = await watched(child);
  const told = said
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((text) => JSON.parse(text));
  const files = ["train", "test"].map((side) => join(folder, `${side}.parquet`));
  if (code === 0) return { ...told.at(-1), files };
  if (typeof code === "number") throw new Error(`${library} ended with ${code}`);
  rmSync(folder, { recursive: true, force: true });
  return {
    broke: `after ${seconds.toFixed(0)} s (${code}), behind "${told.at(-1)?.done ?? "nothing"}", with ${Math.round(peakMb)} MB`,
  };
}

/** Rows and sums of what was shown, of a side's files. */
async function figuresOf({ files }) {
  const { stdout } = await run(python, ["-m", "bench.etl", "figures", ...files], { cwd: join(root, "tools") });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Throws where a peer's rows are not ours: its figures of shown rows must be equal, its drawn rows as many within 2 %. */
function compare(library, own, other) {
  for (const [name, value] of Object.entries(own)) {
    const most = name === "drawn" ? 0.02 : 1e-5;
    if (Math.abs(value - other[name]) > most * Math.max(1, Math.abs(value)))
      throw new Error(`${library}: ${name} is ${other[name]}, ours ${value}`);
  }
}

const told = (steps) =>
  Object.entries(steps)
    .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
    .join(", ");

const peers = [
  ["polars", 1],
  ["pandas", 0.3],
];

/** Lines of one size beside peers; gives those that came to no end. */
async function benchSize(interactions, beside, { line, threads }) {
  const source = await makeSource(interactions);
  await ours(source, threads); // the tables are in the system's memory for every side
  const own = await ours(source, threads);
  const ownFigures = await figuresOf(own);
  const size = `${interactions.toLocaleString("en")} interactions, ${threads} threads`;
  console.log(`ours: ${told(own.steps)}`);
  const broken = [];
  for (const [name, most] of beside) {
    const other = await theirs(name, source, threads);
    if (other.broke) {
      line(`ETL, ten steps: ${size}`, "–", `≤ ${most} ×`, `${own.seconds.toFixed(1)} s, ${name} was ended ${other.broke}`);
      broken.push([name, most]);
      continue;
    }
    compare(name, ownFigures, await figuresOf(other));
    console.log(`${name}: ${told(other.steps)}`);
    const seconds = `${own.seconds.toFixed(1)} s, ${name} ${other.seconds.toFixed(1)} s and ${Math.round(other.peak_mb)} MB`;
    line(`ETL, ten steps: ${size}`, `ratio ${(own.seconds / other.seconds).toFixed(2)}`, `≤ ${most} ×`, seconds);
  }
  return { own, broken, size };
}

/** Lines of the ETL: seconds beside peers, at a smaller size beside those whom the large one was too much for, and memory. */
export async function benchEtl({ isSmall, line, threads }) {
  await run(node24(), [assay, "db", "start"], {});
  const { own, broken, size } = await benchSize(isSmall ? 200_000 : 5_000_000, peers, { line, threads });
  if (broken.length > 0 && !isSmall) await benchSize(2_000_000, broken, { line, threads });
  const wide = isSmall ? own : await ours(await makeSource(10_000_000), threads);
  const what = isSmall ? size : `10,000,000 interactions, ${threads} threads`;
  const beside = `${wide.rows.toLocaleString("en")} rows in ${wide.whole.toFixed(0)} s, checks, report and storing among them`;
  line(`ETL, memory at its most: ${what}`, `${Math.round(wide.peakMb)} MB`, "< 2,000 MB", beside);
}
