// A lab whose database, service and files are on one host and whose workers are on others, as docs/scaling.md sets it up.
import { appendFileSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { node24, root } from "../setup.mjs";
import { until } from "./hosts.mjs";

const assay = join(root, "library/lab/bin/assay.mjs");
const password = "of-the-bench";
/** After so long a silence a worker's jobs go to another; what `assay worker` has by default. */
export const leaseSeconds = 15;
/** Between checkpoints, in place of 30: the trainings here are short. */
export const checkpointSeconds = 2;
const jobColumns = `select id, status, worker, attempt, error, extract(epoch from started_at)::float8 as began,
  extract(epoch from ended_at)::float8 as ended, extract(epoch from now())::float8 as now from jobs`;

export const load = (path) => import(pathToFileURL(join(root, path)).href);

/** Starts PostgreSQL and the service on a host, and opens a session of this process, which asks over the unix socket. */
export async function openScalingLab(middle, { isSmall }) {
  const home = temporaryFolder("scaling");
  const before = process.env.ASSAY_HOME;
  process.env.ASSAY_HOME = home;
  const env = { ...process.env, ASSAY_WORKERS: "0" };
  const log = openSync(join(home, "bench.log"), "a");
  const run = (...args) => middle.run(node24(), [assay, ...args], { env });
  await startDatabase(run, middle, home);
  middle.start(node24(), [assay, "serve", "--socket", join(home, "service.sock")], { env, stdio: ["ignore", log, log] });
  const { openSession } = await load("library/lab/src/projects/session.ts");
  const { uploadDataset } = await load("library/lab/src/datasets/index.ts");
  const { sql } = await import("kysely");
  const { session, close } = await openSession({ connections: 4 });
  const ask = async (text, ...values) => (await sql.raw(filled(text, values)).execute(session.db)).rows;
  await until("the service", async () => (await ask("select 1 from store_home")).length > 0);
  await uploadDataset(session, await rowsOf(isSmall ? 5_000 : 50_000), { name: "rows" });
  const tail = () => readFileSync(join(home, "bench.log"), "utf8").slice(-3000);
  return {
    ...{ session, ask, home },
    startWorker: (host, options) => startWorker({ host, middle, env, log, ask, ...options }),
    ...jobsOf({ session, ask, tail }),
    async close() {
      await close();
      await run("db", "stop");
      process.env.ASSAY_HOME = before;
    },
  };
}

/** The embedded PostgreSQL, which listens on the host's address and asks for a password there. */
async function startDatabase(run, middle, home) {
  await run("db", "start");
  const { default: pg } = await import("pg");
  const admin = new pg.Client({ host: join(home, "pg18"), user: "assay", database: "postgres" });
  await admin.connect();
  await admin.query(`alter system set listen_addresses = '${middle.address}'`);
  await admin.query(`alter role assay password '${password}'`);
  await admin.end();
  appendFileSync(join(home, "pg18/data/pg_hba.conf"), `host all assay ${middle.address}/24 scram-sha-256\n`);
  await run("db", "stop");
  await run("db", "start");
}

/** Starts a worker on a host and waits until it lives: with a home of its own and the address of the database, or beside that on the core that is named. */
async function startWorker({ host, middle, env, log, ask, cores }) {
  const url = `postgres://assay:${password}@${middle.address}:5432/postgres`;
  const place = host === middle ? {} : { ASSAY_HOME: temporaryFolder("far"), DATABASE_URL: url };
  const own = { ASSAY_THREADS: "1", ASSAY_CHECKPOINT_SECONDS: String(checkpointSeconds) };
  const child = host.start(node24(), [assay, "worker", "--lease", String(leaseSeconds)], {
    env: { ...env, ...own, ...place },
    stdio: ["ignore", log, log],
    ...(cores !== undefined && { cores }),
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const name = await until("a worker", async () => {
    const [row] = await ask("select name from workers where name like ?", `%/${child.pid}/%`);
    return row?.name;
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { host, name, stop };
}

function jobsOf({ session, ask, tail }) {
  const submit = async (trees, name) => {
    await load("library/lab/src/job-kinds.ts");
    const { submitJob } = await load("library/lab/src/jobs/index.ts");
    const request = { dataset_id: "rows", target_column: "y", algorithm: "hist_gradient_boosting" };
    const boosting = { ...request, hyperparameters: { n_estimators: trees } };
    return submitJob(session, "train", boosting, { experiment: "scaling", runName: name });
  };
  const job = async (id) => (await ask(`${jobColumns} where id = ?`, id))[0];
  /** Waits until these have ended; throws where one has failed. */
  const allDone = async (ids) => {
    const list = ids.map((id) => `'${id}'`).join();
    const over = `${jobColumns} where id in (${list}) and status in ('completed', 'failed', 'cancelled')`;
    const isOver = async () => {
      const rows = await ask(over);
      return rows.length === ids.length && rows;
    };
    const rows = await until(`${ids.length} trainings`, isOver, 600);
    const failed = rows.find(({ status }) => status !== "completed");
    if (failed) throw new Error(`scaling: a training ${failed.status}: ${failed.error}\n${tail()}`);
    return rows;
  };
  return { submit, job, allDone };
}

/** A statement with its values as literals. */
const filled = (text, values) => text.replaceAll("?", () => `'${String(values.shift()).replaceAll("'", "''")}'`);

/** So many rows × 28 columns, and a class that depends on sums and products of them. */
async function rowsOf(rows) {
  const { random, table } = await load("library/core/dist/index.js");
  const draw = random(16, "scaling");
  const columns = Array.from({ length: 28 }, () => Float64Array.from({ length: rows }, () => draw.normal()));
  const score = (i) => columns[0][i] + columns[1][i] * columns[2][i] + Math.sin(3 * columns[3][i]) + 0.5 * draw.normal();
  const y = Array.from({ length: rows }, (_, i) => score(i) > 0);
  return table({ ...Object.fromEntries(columns.map((column, j) => [`c${j}`, column])), y });
}
