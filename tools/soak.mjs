// `npm run soak`: damaged files, kills, then the same work for five minutes; memory must not grow and no row be lost. One part alone: `npm run soak -- work 10`, ten minutes of it.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "./assay.mjs";
import { measureReliability } from "./reliability.mjs";
import { again, node24, python, root, setup } from "./setup.mjs";

const curve = "loss";
const points = 200;
/** Rounds until caches and pools are filled; memory is compared from there on. */
const settling = 60;

/** 10,000 damaged files a reader. */
async function files() {
  const fuzz = ["node_modules/vitest/vitest.mjs", "run", "--project", "core", "library/core/src/data/fuzz"];
  execFileSync(node24(), fuzz, { cwd: root, stdio: "inherit", env: { ...process.env, ASSAY_FUZZ: "10000" } });
  return true;
}

/** 200 kills of worker, service and PostgreSQL under load, from a seed of the day. */
async function kills() {
  Object.assign(process.env, { ASSAY_KILLS: "200", ASSAY_KILL_SEED: String(Date.now() % 1e6) });
  console.log(`200 kills, seed ${process.env.ASSAY_KILL_SEED}`);
  return measureReliability(["kills"]);
}

/** Runs that train, are evaluated and keep their model, again and again; afterwards each must be there, whole. */
async function work(minutes) {
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const { connect } = await import(pathToFileURL(join(root, "library/lab/dist/index.js")).href);
  const lab = await connect();
  const draw = ml.random(1, "soak");
  const x = Array.from({ length: 500 }, () => [draw.normal(), draw.normal(), draw.normal()]);
  const y = x.map(([a, b]) => (a + b > 0 ? "up" : "down"));
  const rows = ml.table(x.map(([a, b, c], i) => ({ a, b, c, y: y[i] })));
  const residentMb = () => process.memoryUsage().rss / 2 ** 20;
  const done = [];
  let settled;
  for (const end = Date.now() + minutes * 60_000; Date.now() < end; ) {
    const { id } = await lab.experiment("soak").run(`round ${done.length}`, async (run) => {
      for (let step = 0; step < points; step++) run.log({ [curve]: step }, { step });
      const model = await ml.randomForestClassifier({ nEstimators: 50 }).fit(rows, { target: "y", observer: run });
      await run.evaluate(model, rows);
      await run.saveModel(model);
    });
    done.push(id);
    if (done.length % 20 === 0) console.log(`${String(done.length).padStart(5)} rounds, ${residentMb().toFixed(0)} MB resident`);
    if (done.length === settling) settled = residentMb();
  }
  const grown = settled === undefined ? 0 : residentMb() - settled;
  const lost = await lostOf(lab, done);
  await lab.close();
  console.log(`${done.length} rounds, grown by ${grown.toFixed(0)} MB since round ${settling}, ${lost.length} not whole`);
  for (const line of lost.slice(0, 10)) console.log(line);
  return grown <= 200 && lost.length === 0;
}

/** What is not there of runs that ended: status, metrics, points of the curve, bytes of the model. */
async function lostOf(lab, ids) {
  const lost = [];
  for (const [round, id] of ids.entries()) {
    const { status, metrics, artifacts } = await lab.run(id);
    const series = (await lab.tracking.series(id)).find(({ name }) => name === curve);
    const [model] = artifacts.filter(({ kind }) => kind === "model");
    const bytes = model && (await lab.tracking.artifact(id, model.name));
    const missing = [
      status !== "completed" && `status is ${status}`,
      metrics["test.accuracy"] === undefined && "no accuracy",
      series?.steps.length !== points && `${series?.steps.length ?? 0} of ${points} points`,
      (!bytes || createHash("sha256").update(bytes).digest("hex") !== model.content_hash) && "the model is not as written",
    ].filter(Boolean);
    if (missing.length > 0) lost.push(`round ${round} (${id}): ${missing.join(", ")}`);
  }
  return lost;
}

/** 200 clients and 50 listeners; the chapter of docs/reliability.md is of them. */
async function load(minutes) {
  return measureReliability(["load"], { loadSeconds: 60 * minutes });
}

/** The kernel: hostile cells in an order of the day, then so many cells in one kernel, which may grow by 100 MB. */
async function kernelCells(cells) {
  const soak = join(root, "kernel/test/soak.py");
  return spawnSync(python, [soak, String(cells)], { cwd: root, stdio: "inherit", env: process.env }).status === 0;
}

/** Parts and the minutes of each that has any; of the kernel the cells. */
const parts = { files: [files], kills: [kills], work: [work, 5], load: [load, 60], kernel: [kernelCells, 10_000] };

await setup();
if (!again(fileURLToPath(import.meta.url))) {
  const [name, given] = process.argv.slice(2);
  if (name !== undefined && !(name in parts)) {
    console.error(`npm run soak: no part ${name}, there are ${Object.keys(parts).join(", ")}`);
    process.exit(2);
  }
  process.env.ASSAY_HOME = temporaryFolder("soak");
  let held = true;
  for (const part of name === undefined ? ["files", "kills", "work", "kernel"] : [name]) {
    const [run, minutes] = parts[part];
    held = (await run(Number(given ?? minutes))) && held;
  }
  execFileSync(node24(), [join(root, "library/lab/bin/assay.mjs"), "db", "stop"], { stdio: "ignore" });
  process.exit(held ? 0 : 1);
}
