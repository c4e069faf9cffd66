// One aggregation over Parquet by DuckDB in a process and by a Spark standalone cluster, whose master and Connect server are on the first host and whose workers on the others.
import { createWriteStream, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { node24, root } from "../setup.mjs";
import { until } from "./hosts.mjs";

const query = join(root, "tools/bench/scaling-query.mjs");
const executorMb = 2000;
/** Partitions of a shuffle: a few for each core, in place of Spark's 200. */
const partitions = 8;

/**
 * Lines of an aggregation by DuckDB and by Spark, on one core and on two; says that it is skipped where pyspark is not installed.
 * @param {{ hosts: readonly object[], isSmall: boolean, line: Function }} given
 */
export async function benchSpark({ hosts, isSmall, line }) {
  const { findPyspark } = await import(pathToFileURL(join(root, "library/lab/src/engine/spark/descriptors.ts")).href);
  const found = await findPyspark();
  if (!found) return console.log("skipped: Spark is measured where pyspark is installed: npm run test:spark installs it");
  const [middle, ...workers] = hosts;
  const folder = temporaryFolder("spark");
  const rows = isSmall ? 100_000 : 10_000_000;
  const rounds = isSmall ? 2 : 4;
  const ask = async (host, cores, settings) => {
    const options = { cores, env: process.env, cwd: folder };
    const out = await host.run(node24(), [query, JSON.stringify({ folder, rows, rounds, ...settings })], options);
    return JSON.parse(out.trim().split("\n").at(-1));
  };
  const { made } = await ask(middle, String(middle.core), { engine: "make", threads: 1, rounds: 0 });
  const files = Object.fromEntries(["bookings", "items"].map((name, k) => [name, made[k].file]));
  const sizeMb = made[0].sizeBytes / 1e6;
  const cores = workers.map(({ core }) => core);
  const duckdb = [];
  for (const threads of [1, 2])
    duckdb.push(await ask(workers[0], cores.slice(0, threads).join(), { engine: "duckdb", threads, files }));
  const spark = [];
  const cluster = await startCluster({ middle, folder, found });
  for (const worker of workers.slice(0, 2)) {
    await cluster.add(worker);
    const memory = watchMemory(hosts);
    const asked = await ask(middle, String(middle.core), { engine: "spark", remote: cluster.remote, files });
    spark.push({ ...asked, memory: memory.end() });
  }
  cluster.end();
  const all = [...duckdb, ...spark];
  const answers = new Set(all.map(({ answer }) => JSON.stringify(answer)));
  if (answers.size > 1) throw new Error(`scaling: the engines differ: ${[...answers].join(" and ")}`);
  tell({ duckdb, spark, rows, sizeMb, line });
}

const warm = ({ seconds }) => Math.min(...seconds.slice(1));

function tell({ duckdb, spark, rows, sizeMb, line }) {
  const [one, two] = duckdb;
  const [alone, both] = spark;
  const what = `join, group and count distinct over ${rows.toExponential(0).replace("e+", " × 10^")} rows (${sizeMb.toFixed(0)} MB of Parquet)`;
  const s = (each) => `${warm(each).toFixed(2)} s (first ${each.seconds[0].toFixed(1)} s)`;
  const times = (a, b) => `${(warm(a) / warm(b)).toFixed(2)} × DuckDB's time`;
  line(`${what}: Spark on one worker of one core`, times(alone, one), "–", `Spark ${s(alone)}, DuckDB on one thread ${s(one)}`);
  line(
    "the same: Spark on two workers of one core each",
    times(both, two),
    "–",
    `Spark ${s(both)}, DuckDB on two threads ${s(two)}`,
  );
  line(
    "the same: Spark's second worker",
    `${(warm(alone) / warm(both)).toFixed(2)} × as fast`,
    "–",
    `DuckDB's second thread ${(warm(one) / warm(two)).toFixed(2)} ×`,
  );
  const mb = (value) => `${value.toFixed(0)} MB`;
  line(
    "memory of the same at most: DuckDB with two threads, and Spark with two workers",
    `${mb(two.peakMb)} and ${mb(both.memory.all)}`,
    "–",
    `Spark: master and Connect server ${mb(both.memory.middle)}, the two workers ${mb(both.memory.workers)}; the process that asks ${mb(both.peakMb)}`,
  );
}

/** Looks at the memory of all hosts each second; gives the most that there was. */
function watchMemory([middle, ...workers]) {
  const most = { all: 0, middle: 0, workers: 0 };
  const look = () => {
    const now = { middle: middle.memory(/java/), workers: workers.reduce((sum, host) => sum + host.memory(/java/), 0) };
    if (now.middle + now.workers > most.all) Object.assign(most, now, { all: now.middle + now.workers });
  };
  const watch = setInterval(look, 1000);
  return {
    end() {
      clearInterval(watch);
      look();
      return most;
    },
  };
}

/** A master and a Connect server on a host; `add` starts a worker on another and waits for its executor. */
async function startCluster({ middle, folder, found }) {
  const bin = (name) => join(found.folder, "bin", name);
  const env = { ...process.env, SPARK_HOME: found.folder, SPARK_LOCAL_DIRS: folder, SPARK_WORKER_DIR: join(folder, "work") };
  const master = `spark://${middle.address}:7077`;
  const start = (host, name, command, args) => {
    const log = join(folder, `${name}.log`);
    createWriteStream(log).end();
    const out = openSync(log, "a");
    const place = { SPARK_LOCAL_IP: host.address, SPARK_LOCAL_HOSTNAME: host.address };
    host.start(bin(command), args, { env: { ...env, ...place }, cwd: folder, stdio: ["ignore", out, out] });
    return (what, pattern) => until(`${name}: ${what}`, () => pattern.test(readFileSync(log, "utf8")), 120, 300);
  };
  const ofClass = (name) => `org.apache.spark.${name}`;
  const [host, port] = [middle.address, 15002];
  const isMaster = start(middle, "master", "spark-class", [ofClass("deploy.master.Master"), "--host", host, "--port", "7077"]);
  await isMaster("to listen", /I have been elected leader/);
  const settings = {
    "spark.driver.host": host,
    "spark.driver.bindAddress": host,
    "spark.executor.memory": `${executorMb}m`,
    "spark.sql.shuffle.partitions": partitions,
    "spark.ui.enabled": "false",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": port,
    "spark.sql.warehouse.dir": join(folder, "warehouse"),
  };
  const isServer = start(middle, "connect", "spark-submit", [
    ...["--class", ofClass("sql.connect.service.SparkConnectServer"), "--master", master, "--driver-memory", "1g"],
    ...Object.entries(settings).flatMap(([name, value]) => ["--conf", `${name}=${value}`]),
  ]);
  await isServer("to listen", /Spark Connect server started at/);
  let count = 0;
  const workers = [];
  return {
    remote: `sc://127.0.0.1:${port}`,
    async add(worker) {
      const size = ["--host", worker.address, "--cores", "1", "--memory", `${executorMb + 100}m`];
      workers.push(worker);
      start(worker, `worker-${++count}`, "spark-class", [ofClass("deploy.worker.Worker"), ...size, master]);
      await isServer("an executor", new RegExp(`(Registered executor[^\\n]*[\\s\\S]*){${count}}`));
    },
    end() {
      for (const worker of workers) worker.kill();
      middle.kill();
    },
  };
}
