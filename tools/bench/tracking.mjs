// Tracking beside MLflow's server: both over HTTP on 127.0.0.1, on the same PostgreSQL, under the same eight connections, in turn.
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import http from "node:http";
import { join } from "node:path";
import { temporaryFolder } from "../assay.mjs";
import { freePort } from "../free-ports.mjs";
import { node24, python, root } from "../setup.mjs";
import { fillAssay, fillMlflow } from "./tracking-rows.mjs";

const connections = 8;
const batch = { names: 50, steps: 10 };

/** A client of one service: eight connections that stay open. */
function client(port, headers = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const length =
        payload === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
      const request = http.request(
        { host: "127.0.0.1", port, method, path, agent, headers: { ...headers, ...length } },
        (answer) => {
          const chunks = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            if (answer.statusCode >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
            else resolve(JSON.parse(text));
          });
        },
      );
      request.on("error", reject);
      request.end(payload);
    });
}

/** A service of its own process, once it answers; `stop` ends it. */
async function service(command, args, env, isReady) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (out = (out + text).slice(-4000)));
  for (const until = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${args.join(" ")} did not start:\n${out}`);
    if (await isReady().catch(() => false)) break;
  }
  return { stop: () => process.kill(-child.pid, "SIGTERM") };
}

/** Work by eight clients for so many seconds: calls a second, and the median of a call's milliseconds. */
async function load(seconds, work) {
  await work(0, -1); // connections are made, plans are cached
  const times = [];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async (_, k) => {
      for (let round = 0; performance.now() - begin < seconds * 1000; round++) {
        const start = performance.now();
        await work(k, round);
        times.push(performance.now() - start);
      }
    }),
  );
  const rate = (1000 * times.length) / (performance.now() - begin);
  times.sort((a, b) => a - b);
  return { rate, median: times[times.length >> 1], p95: times[Math.floor(times.length * 0.95)] };
}

/** Points of one batch: 50 names at 10 steps. */
const points = (round, point) =>
  Array.from({ length: batch.names * batch.steps }, (_, k) =>
    point(`metric_${k % batch.names}`, round * batch.steps + Math.floor(k / batch.names), 1 / (1 + k + round)),
  );

async function assaySide(connection, sizes) {
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const ask = client(port, { authorization: `Bearer ${token}`, "x-assay": "1" });
  const url = `postgresql://assay@localhost:5432/bench_assay?host=${encodeURIComponent(connection.host)}`;
  const args = [join(root, "library/lab/bin/assay.mjs"), "serve", "--port", String(port)];
  const env = { ASSAY_TOKEN: token, ASSAY_WORKERS: "0", DATABASE_URL: url, LOG_LEVEL: "warn" };
  const running = await service(node24(), args, env, () => ask("GET", "/ready"));
  const create = (name) => ask("POST", "/api/ml/runs", { experiment: "load", name, tags: { team: "a" } });
  const runs = await Promise.all(Array.from({ length: connections }, (_, k) => create(`logger ${k}`)));
  const top = "/api/ml/experiments/list?experiment=bench&sort=-metrics.test.metric_3&limit=100";
  return {
    stop: running.stop,
    fill: (db) => fillAssay(db, sizes),
    create: (k, round) => create(`run ${k} ${round}`),
    log: (k, round) =>
      ask("POST", `/api/ml/runs/${runs[k].run_id}/metrics`, {
        metrics: points(round + 1, (name, step, value) => ({ name, split: "train", step, value })),
      }),
    list: () => ask("GET", top),
    async compare() {
      this.ids ??= (await ask("GET", top)).items.map(({ id }) => id);
      return ask("POST", "/api/ml/experiments/compare", { ids: this.ids });
    },
  };
}

async function mlflowSide(connection, sizes) {
  const port = await freePort();
  const call = client(port);
  const ask = (method, path, body) => call(method, `/api/2.0/mlflow/${path}`, body);
  const store = `postgresql+psycopg2://assay@/bench_mlflow?host=${connection.host}&port=5432`;
  const files = temporaryFolder("bench-mlflow");
  const args = ["-m", "mlflow", "server", "--backend-store-uri", store, "--default-artifact-root", files, "--host", "127.0.0.1"];
  const running = await service(python, [...args, "--port", String(port), "--workers", "2"], {}, () =>
    ask("GET", "experiments/get?experiment_id=0"),
  );
  const create = (run_name) =>
    ask("POST", "runs/create", { experiment_id: "0", run_name, start_time: Date.now(), tags: [{ key: "team", value: "a" }] });
  const runs = await Promise.all(Array.from({ length: connections }, (_, k) => create(`logger ${k}`)));
  const { experiment_id } = await ask("POST", "experiments/create", { name: `bench ${randomUUID()}` });
  const top = { experiment_ids: [experiment_id], order_by: ["metrics.metric_3 DESC"], max_results: 100 };
  return {
    stop: running.stop,
    fill: (db) => fillMlflow(db, sizes, experiment_id),
    create: (k, round) => create(`run ${k} ${round}`),
    log: (k, round) =>
      ask("POST", "runs/log-batch", {
        run_id: runs[k].run.info.run_id,
        metrics: points(round + 1, (key, step, value) => ({ key, step, value, timestamp: Date.now() })),
      }),
    list: () => ask("POST", "runs/search", top),
    /** As its compare page asks: each run, and the curves of each metric. */
    async compare() {
      this.ids ??= (await ask("POST", "runs/search", top)).runs.map(({ info }) => info.run_id);
      const query = this.ids.map((id) => `run_ids=${id}`).join("&");
      await Promise.all([
        ...this.ids.map((id) => ask("GET", `runs/get?run_id=${id}`)),
        ...Array.from({ length: sizes.metrics }, (_, k) =>
          call("GET", `/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${query}&metric_key=metric_${k}&max_results=300`),
        ),
      ]);
    },
  };
}

const measures = [
  { name: "create", what: "runs made", target: 10, unit: 1 },
  { name: "log", what: "metric rows in batches of 500", target: 20, unit: batch.names * batch.steps },
  { name: "list", what: "first hundred of all runs by a metric", target: 30, unit: 1 },
  { name: "compare", what: "a hundred runs compared, with curves", target: 10, unit: 1 },
];

/** Both sides at each measure; `line` prints one. */
export async function benchTracking({ isSmall, line }) {
  const { default: pg } = await import("pg");
  const { ensureServer } = await import("./tracking-rows.mjs");
  const connection = await ensureServer();
  const admin = new pg.Client(connection);
  await admin.connect();
  for (const name of ["bench_assay", "bench_mlflow"]) await admin.query(`create database ${name}`);
  await admin.end();
  const sizes = isSmall ? { runs: 1000, metrics: 10, steps: 10 } : { runs: 10_000, metrics: 10, steps: 100 };
  const seconds = isSmall ? 2 : 8;
  const sides = [await mlflowSide(connection, sizes), await assaySide(connection, sizes)];
  /** In turn, so that both meet the same machine. */
  const measured = async (name) => {
    const results = [];
    for (const side of sides) results.push(await load(seconds, side[name].bind(side)));
    return results;
  };
  const results = new Map();
  try {
    for (const { name } of measures.slice(0, 2)) results.set(name, await measured(name));
    for (const [k, name] of ["bench_mlflow", "bench_assay"].entries()) {
      const db = new pg.Client({ ...connection, database: name });
      await db.connect();
      await sides[k].fill(db);
      await db.end();
    }
    for (const { name } of measures.slice(2)) results.set(name, await measured(name));
  } finally {
    for (const side of sides) side.stop();
  }
  for (const { name, what, target, unit } of measures) {
    const shown = ({ rate, median, p95 }) =>
      `${Math.round(rate * unit).toLocaleString("en")}/s, median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
    const [theirs, ours] = results.get(name);
    const ratio = `${(ours.rate / theirs.rate).toFixed(1)} ×`;
    line(`tracking: ${what}`, ratio, `≥ ${target} ×`, `ours ${shown(ours)}; MLflow ${shown(theirs)}`);
  }
}
