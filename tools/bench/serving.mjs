// Single rows over HTTP beside MLflow's model server: a forest of 100 trees each, on the same two cores in turn, the callers on the other two.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { freePort } from "../free-ports.mjs";
import { node24, pathWithPython, python, root } from "../setup.mjs";

const columns = ["a", "b", "c", "d", "e", "f", "g", "h"];
const callers = 16;

/** A command on some of the cores, where there are four and taskset. */
const onCores = (cores, command, args) =>
  availableParallelism() >= 4 ? ["taskset", ["-c", cores, command, ...args]] : [command, args];

/** Rows whose classes hang on products of columns. */
function makeRows(count) {
  let seed = 1;
  const draw = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const row = Object.fromEntries(columns.map((name) => [name, Math.round(draw() * 1e6) / 1e6]));
    return { ...row, y: row.a * row.b + row.c - row.d + 0.3 * draw() > 0.4 ? "yes" : "no" };
  });
}

async function service([command, args], env, isReady) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (out = (out + text).slice(-4000)));
  for (const until = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${args.join(" ")} did not start:\n${out}`);
    if (await isReady().catch(() => false)) break;
  }
  return () => process.kill(-child.pid, "SIGTERM");
}

/** Fits and deploys our forest in the bench's home. */
async function deploy(rows) {
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const { connect } = await import(pathToFileURL(join(root, "library/lab/dist/index.js")).href);
  const lab = await connect();
  const run = await lab.experiment("bench").run("forest", async (run) => {
    const forest = await ml
      .randomForestClassifier({ nEstimators: 100, seed: 42 })
      .fit(ml.table(rows), { target: "y", features: columns });
    await run.saveModel(forest);
  });
  const version = await lab.registry.deploy(run, { name: "bench" });
  await lab.registry.promote(version);
  await deployFeatures(ml, lab);
  await lab.close();
}

/** A feature view of 20,000 keys, in the online table. */
async function deployFeatures(ml, lab) {
  const seen = new Date(Date.UTC(2026, 0, 1));
  const people = Array.from({ length: 20_000 }, (_, k) => ({
    person: `p${k}`,
    seen,
    visits: k % 17,
    spent: k / 7,
    plan: k % 2 ? "paid" : "free",
  }));
  await lab.datasets.put("bench people", ml.table(people));
  const source = { kind: "dataset", datasets: { people: "bench people" } };
  await lab.features.define({ name: "bench_people", entity: "person", event_time: "seen", source });
  await lab.features.materialize("bench_people");
}

function requestFile(folder, name, path, headers, body) {
  const text = JSON.stringify(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    "content-type: application/json",
    `content-length: ${text.length}`,
    ...headers,
  ];
  const file = join(folder, name);
  writeFileSync(file, `${lines.join("\r\n")}\r\n\r\n${text}`);
  return file;
}

function load(port, seconds, file, connections = callers) {
  const [command, args] = onCores("2,3", node24(), [
    fileURLToPath(new URL("load.mjs", import.meta.url)),
    String(port),
    String(connections),
    String(seconds),
    file,
  ]);
  return new Promise((resolve, reject) => {
    let out = "";
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (text) => (out += text));
    child.on("exit", (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`load.mjs ended with ${code}`))));
  });
}

async function assaySide(folder, rows) {
  await deploy(rows);
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const args = [join(root, "library/lab/bin/assay.mjs"), "serve", "--port", String(port)];
  const env = { ASSAY_TOKEN: token, ASSAY_WORKERS: "0", LOG_LEVEL: "warn" };
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
  const stop = await service(onCores("0,1", node24(), args), env, isReady);
  const { y, ...features } = rows[0];
  const headers = [`authorization: Bearer ${token}`, "x-assay: 1"];
  const file = requestFile(folder, "assay.http", "/api/ml/models/predict", headers, {
    model_id: "bench@production",
    features,
    user_id: "u",
  });
  const keys = Array.from({ length: 5 }, (_, k) => `key=p${k * 3571}`).join("&");
  const lookUp = join(folder, "features.http");
  const path = `/api/ml/feature-views/bench_people/online?${keys}`;
  writeFileSync(lookUp, `${[`GET ${path} HTTP/1.1`, "host: 127.0.0.1", ...headers].join("\r\n")}\r\n\r\n`);
  return { port, stop, file, lookUp };
}

async function mlflowSide(folder, rows) {
  const csv = join(folder, "rows.csv");
  writeFileSync(
    csv,
    [[...columns, "y"].join(","), ...rows.map((row) => [...columns, "y"].map((name) => row[name]).join(","))].join("\n"),
  );
  const model = join(folder, "model");
  execFileSync(python, [fileURLToPath(new URL("serving.py", import.meta.url)), csv, model], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const port = await freePort();
  const args = [
    "-m",
    "mlflow",
    "models",
    "serve",
    "-m",
    model,
    "--port",
    String(port),
    "--env-manager",
    "local",
    "--workers",
    "2",
  ];
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/ping`)).ok;
  // mlflow starts its server by name
  const stop = await service(onCores("0,1", python, args), { PATH: pathWithPython }, isReady);
  const { y, ...features } = rows[0];
  return { port, stop, file: requestFile(folder, "mlflow.http", "/invocations", [], { dataframe_records: [features] }) };
}

/** Both sides in turn; `line` prints one. */
export async function benchServing({ isSmall, line }) {
  const folder = temporaryFolder("bench-serving");
  const rows = makeRows(isSmall ? 500 : 5000);
  const seconds = isSmall ? 3 : 10;
  const results = [];
  let lookUps;
  for (const open of [mlflowSide, assaySide]) {
    const side = await open(folder, rows);
    try {
      await load(side.port, 2, side.file); // warm
      results.push(await load(side.port, seconds, side.file));
      if (side.lookUp) lookUps = await load(side.port, seconds, side.lookUp, 4);
    } finally {
      side.stop();
    }
  }
  const shown = ({ rate, p50, p99, bad }) =>
    `${Math.round(rate).toLocaleString("en")}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms${bad > 0 ? `, ${bad} BAD` : ""}`;
  const [theirs, ours] = results;
  const beside = `${callers} callers; ours logged: ${shown(ours)}; MLflow: ${shown(theirs)}`;
  line(
    "single-row predictions over HTTP, 100 trees, two cores",
    `${Math.round(ours.rate).toLocaleString("en")}/s`,
    "≥ 5,000/s",
    beside,
  );
  line("the same, p99", `${ours.p99.toFixed(1)} ms`, "< 10 ms", `MLflow ${theirs.p99.toFixed(1)} ms`);
  line("online features of 5 keys, 4 callers, p99", `${lookUps.p99.toFixed(1)} ms`, "≤ 10 ms", shown(lookUps));
}
