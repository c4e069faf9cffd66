// `npm run bench [-- name …] [--small]`: what the product promises of its speed, each beside a yardstick measured in the same run; writes
// docs/benchmarks.md, and a chapter of docs/scaling.md. --small takes a tenth of the rows once, on one thread, and writes nothing.
import { execFileSync, spawn } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "./assay.mjs";
import { benchData } from "./bench/data.mjs";
import { benchExoplanet } from "./bench/exoplanet.mjs";
import { benchKernel } from "./bench/kernel.mjs";
import { benchMonitoring } from "./bench/monitoring.mjs";
import { benchNetworks } from "./bench/networks.mjs";
import { benchPanels } from "./bench/panels.mjs";
import { benchPeers, cells, head } from "./bench/peers.mjs";
import { benchPlatform } from "./bench/platform.mjs";
import { benchQueue } from "./bench/queue.mjs";
import { benchRecommend } from "./bench/recommend.mjs";
import { benchRecommendServing } from "./bench/recommend-serving.mjs";
import { writeBenchmarks, writeChapter } from "./bench/report.mjs";
import { benchScaling } from "./bench/scaling.mjs";
import { benchScores } from "./bench/scores.mjs";
import { benchSelection } from "./bench/selection.mjs";
import { benchServing } from "./bench/serving.mjs";
import { benchStudies } from "./bench/studies.mjs";
import { benchTracking } from "./bench/tracking.mjs";
import { benchTuning } from "./bench/tuning.mjs";
import { benchWorkouts } from "./bench/workouts.mjs";
import { again, fail, node24, requirements, root, setup } from "./setup.mjs";

const load = (name) => import(pathToFileURL(join(root, name)).href);
const seconds = async (work) => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const isSmall = process.argv.includes("--small");
const facts = ["what", "measured", "target", "beside"];
/** The rows of the bench that runs, and the head over them. */
let chapter = { head: facts, rows: [] };

function line(what, value, target, beside = "") {
  chapter.rows.push([what, value, target, beside]);
  console.log(`${what.padEnd(58)} ${value.padStart(14)}   target ${target.padEnd(12)} ${beside}`);
}

/** Milliseconds from a child's start of an import to its end, the median of five. */
function importMs(specifier) {
  const code = `const t = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - t); process.exit(0)`;
  return median(
    Array.from({ length: 5 }, () => Number(execFileSync(node24(), ["--input-type=module", "-e", code], { cwd: root }))),
  );
}

async function benchImport() {
  line('import "assay"', `${importMs("assay").toFixed(0)} ms`, "< 150 ms", `zod alone ${importMs("zod").toFixed(0)} ms`);
  line('import "assay-lab"', `${importMs("assay-lab").toFixed(0)} ms`, "–", `pg alone ${importMs("pg").toFixed(0)} ms`);
}

async function benchMetrics() {
  const { connect } = await load("library/lab/dist/index.js");
  const { default: pg } = await import("pg");
  const lab = await connect();
  const points = 100_000;
  let logged;
  await lab.experiment("bench").run("rows", async (run) => {
    logged = await seconds(async () => {
      for (let step = 0; step < points; step++) run.log({ loss: 1 / (step + 1) }, { step });
      await run.flush();
    });
  });
  const client = new pg.Client({ host: join(process.env.ASSAY_HOME, "pg18"), user: "assay", database: "postgres", port: 5432 });
  await client.connect();
  await client.query("create temp table plain (name text, step bigint, value double precision)");
  const values = Array.from({ length: 1000 }, (_, k) => k);
  const plain = await seconds(async () => {
    for (let k = 0; k < points / 1000; k++)
      await client.query("insert into plain select 'loss', * from unnest($1::bigint[], $2::float8[])", [values, values]);
  });
  await client.end();
  const rate = (time) => `${Math.round(points / time).toLocaleString("en")}/s`;
  line(
    "metric rows from one client",
    rate(logged),
    "≥ 20,000/s",
    `plain batched insert ${rate(plain)}, ratio ${(plain / logged).toFixed(2)}`,
  );
  await lab.close();
}

/** From the logging of 1,000 points in a process of its own to their arrival over the service's event stream. */
async function benchLive() {
  const socket = join(process.env.ASSAY_HOME, "bench.sock");
  const service = spawn(node24(), [join(root, "library/lab/bin/assay.mjs"), "serve", "--socket", socket], { stdio: "ignore" });
  const http = await import("node:http");
  const get = (path, headers = {}) =>
    new Promise((resolve, reject) =>
      http.get({ socketPath: socket, path, headers: { host: "assay", "x-assay": "1", ...headers } }, resolve).on("error", reject),
    );
  for (let k = 0; k < 100; k++) {
    if (
      await get("/ready").then(
        ({ statusCode }) => statusCode === 200,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stream = await get("/api/ml/events", { accept: "text/event-stream" });
  const { connect } = await load("library/lab/dist/index.js");
  const lab = await connect();
  const waits = [];
  await lab.experiment("bench").run("live", async (run) => {
    for (let round = 0; round < 10; round++) {
      let text = "";
      const arrived = new Promise((resolve) => {
        const hear = (chunk) => {
          text += chunk;
          if (text.split('"split":"live"').length <= 1000) return;
          stream.off("data", hear);
          resolve();
        };
        stream.on("data", hear);
      });
      waits.push(
        1000 *
          (await seconds(async () => {
            for (let step = 0; step < 1000; step++) run.log({ loss: step }, { step: round * 1000 + step, split: "live" });
            await arrived;
          })),
      );
    }
  });
  await lab.close();
  stream.destroy();
  service.kill();
  line(
    "1,000 points from run.log to the panel's stream",
    `${median(waits).toFixed(0)} ms`,
    "< 300 ms",
    `slowest of 10: ${Math.max(...waits).toFixed(0)} ms`,
  );
}

/** A set of algorithms beside other libraries. */
const benchSet = (set) => async () => {
  const results = await benchPeers(set, { isSmall, tell: console.log });
  chapter = { head, rows: results.map(cells) };
};

await setup();
if (!again(fileURLToPath(import.meta.url))) {
  process.env.ASSAY_HOME = temporaryFolder("bench");
  const benchRecommenders = async () => {
    await benchRecommend({ isSmall, line });
    await benchRecommendServing({ isSmall, line });
  };
  const benchOnSpark = async () => {
    await requirements("tools/requirements-spark.txt", ".venv/bin/jupyter-lab");
    const { benchSpark } = await import("./bench/spark.mjs"); // it is in TypeScript, which Node 20 does not read
    await benchSpark({ isSmall, line });
  };
  const benches = {
    trees: ["Trees and boosting", benchSet("trees")],
    models: ["The other algorithms", benchSet("models")],
    networks: ["Networks", () => benchNetworks({ isSmall, line })],
    data: ["Tables", () => benchData({ isSmall, line })],
    scores: ["Scores", () => benchScores({ isSmall, line })],
    selection: ["Selecting models", () => benchSelection({ isSmall, line })],
    tuning: ["Tuning", () => benchTuning({ isSmall, line })],
    studies: ["Studies", () => benchStudies({ isSmall, line })],
    import: ["Importing", benchImport],
    kernel: ["Cells", () => benchKernel({ isSmall, line })],
    metrics: ["Logging", benchMetrics],
    live: ["Live points", benchLive],
    tracking: ["Tracking", () => benchTracking({ isSmall, line })],
    queue: ["Jobs", () => benchQueue({ isSmall, line })],
    serving: ["Serving", () => benchServing({ isSmall, line })],
    monitoring: ["Monitoring", () => benchMonitoring({ isSmall, line })],
    load: ["Many clients", () => benchPlatform({ isSmall, line })],
    panels: ["Panels", () => benchPanels({ isSmall, line })],
    exoplanet: ["Exoplanets", () => benchExoplanet({ isSmall, line })],
    workouts: ["Workouts", () => benchWorkouts({ isSmall, line })],
    recommend: ["Recommenders", benchRecommenders],
    spark: ["Spark", benchOnSpark],
    scaling: ["Measured", () => benchScaling({ isSmall, line }), "scaling.md"],
  };
  const wanted = process.argv.slice(2).filter((word) => word !== "--small");
  for (const name of wanted) if (!(name in benches)) fail(`no bench ${name}, there are ${Object.keys(benches).join(", ")}`);
  await requirements("tools/requirements-bench.txt", ".venv/bin/jupyter-lab");
  console.log(`Node ${process.version}, ${availableParallelism()} cores (${cpus()[0].model})`);
  const measured = [];
  for (const [name, [title, bench, page]] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    chapter = { head: facts, rows: [] };
    await bench();
    if (chapter.rows.length === 0) continue;
    if (page === undefined) measured.push({ title, ...chapter });
    else if (!isSmall) writeChapter(page, { title, ...chapter });
  }
  execFileSync(node24(), [join(root, "library/lab/bin/assay.mjs"), "db", "stop"], { stdio: "ignore" });
  if (!isSmall && measured.length > 0)
    writeBenchmarks(
      Object.values(benches).flatMap(([title, , page]) => (page === undefined ? [title] : [])),
      measured,
    );
  process.exit(0);
}
